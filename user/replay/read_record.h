/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a line of the JSON format back to the record it was written from. What a line says in its
 * keys and in `facts` is all that judging and writing need; nothing is looked up on this host.
 * Keys that are not known are passed over; a known one whose value does not fit is an error.
 */
#ifndef RSTWHY_READ_RECORD_H
#define RSTWHY_READ_RECORD_H

#include "verdict.h"

#define READ_ERROR_LEN 160

struct record_reader;

struct record_reader *record_reader_new(void); /* NULL: no memory */
void record_reader_free(struct record_reader *rr);

enum read {
	READ_FACTS, /* r is whole: to be judged */
	READ_VERDICT, /* a summary, or a line without `facts`: r is what the other keys tell, and v
		       * the verdict as it was recorded */
	READ_ERROR, /* `error` says why, in a few words */
};

/* The names in r and v live until the next call, or until the reader is freed. */
enum read read_record(struct record_reader *rr, const char *line, size_t len, struct record *r,
		      struct verdict *v, char error[READ_ERROR_LEN]);

#endif
