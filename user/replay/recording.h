/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A recording: the lines of a file or pipe, each a record that is judged again. Lines that are none
 * are left out and complained of; a file that holds nothing else is told to be something else.
 */
#ifndef RSTWHY_RECORDING_H
#define RSTWHY_RECORDING_H

#include "options.h"
#include "read_record.h"

struct lines;

/* All zero but for fd -1: not open. */
struct recording {
	const char *name; /* for messages: a path, or stdin */
	const char *host; /* of events that name none */
	int fd; /* to be polled while recording_next() says RECORDING_WAITS */
	uint64_t events; /* summaries of suppressed ones included */
	uint64_t bad_lines;
	uint64_t without_facts; /* events, with the verdict they were recorded with */
	bool failed; /* something could not be read, and that was told */
	/* Its own. */
	bool ended;
	struct lines *lines;
	struct record_reader *reader;
	uint64_t told_lines;
	uint64_t first_bad_line;
	char first_why[READ_ERROR_LEN];
};

/*
 * `path` "-" is stdin. Events that name no host are of `host` (NULL: of none that is known). Both
 * outlive the recording. 0 or -errno, reported; close it in any case.
 */
int recording_open(struct recording *rec, const char *path, const char *host);
void recording_close(struct recording *rec);

/* A file that is read while it is written has no end, or is empty at once. Reports it. */
bool recording_is_output(const struct recording *rec, const char *output);

enum recording_step {
	RECORDING_EVENT, /* r and v are the next one's, until the next call */
	RECORDING_WAITS, /* nothing whole is there yet: recording_read() */
	RECORDING_END,
};

enum recording_step recording_next(struct recording *rec, struct record *r, struct verdict *v);
void recording_read(struct recording *rec); /* once; may wait */

/* The filters of a live run, those that BPF decides included, on recorded events. */
bool recording_wants(const struct options *o, const struct record *r, const struct verdict *v);

/* At its end, what is to be said of the lines. */
void recording_report(const struct recording *rec);

/* Lines there were, but none was an event. */
bool recording_is_none(const struct recording *rec);

#endif
