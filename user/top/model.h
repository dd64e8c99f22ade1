/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What `top` knows: the tables of all views, the rates, the latest events. The counts are the
 * exact ones of the kernel side: an event that was only counted is in the row of its cause, and in
 * the other views in the row ONLY_COUNTED. Pure: times are given.
 */
#ifndef RSTWHY_MODEL_H
#define RSTWHY_MODEL_H

#include "filter_words.h"
#include "kept.h"
#include "probe.h"
#include "rates.h"
#include "read_record.h"
#include "table.h"
#include "views.h"

#define ONLY_COUNTED "\001" /* no other key holds a control character */

/* What is drawn: all of one moment. */
struct face {
	uint64_t time_ns; /* wall clock */
	double seconds; /* since the start */
	uint64_t counted[DIRECTION_MAX];
	/* Their sum is that of `counted`. */
	uint64_t shown, filtered, suppressed, lost;
	uint64_t skipped; /* runs of our programs, by the kernel, of the whole host */
	struct rates rates;
	uint64_t sum; /* of any table */
	struct {
		bool is_complete;
		unsigned len;
		struct row rows[TABLE_KEYS]; /* in no order */
	} tables[VIEWS];
};

struct model;

/* `room`: bytes for events. Wall clock and CLOCK_MONOTONIC. NULL: no memory. */
struct model *model_new(size_t room, uint64_t time_ns, uint64_t now_ns);
void model_free(struct model *m);

void model_put(struct model *m, const struct record *r, const struct verdict *v);
void model_filtered(struct model *m, const struct record *r); /* by the command line's filters */

/* Once a second: the counts of each kind, then all of them. Then there is a new face. */
void model_take_kind(struct model *m, const struct kind *kind, const struct kind_counts *counts,
		     uint64_t time_ns);
void model_tick(struct model *m, const __u64 counts[COUNT_MAX], uint64_t time_ns, uint64_t now_ns);

/* Counting goes on, but the face stays, and no event is kept. */
void model_pause(struct model *m, bool paused);
bool model_is_paused(const struct model *m);

/*
 * Tables and lists of what the filter wants: of the events that are kept, and of all from now on.
 * f stays the caller's and must outlive its use; NULL: no filter, and the tables of all are back.
 */
void model_filter(struct model *m, const struct filter_words *f, uint64_t now_ns);

const struct face *model_face(const struct model *m);

/* The events kept of this key, that the filter wants, the latest first; key NULL: of all. Malloc'd:
 * belongs to the caller. NULL: no memory. */
struct brief *model_list(struct model *m, unsigned view, const char *key, size_t *ret_len);

const struct kept *model_find(const struct model *m, const char *id); /* NULL: gone */

/* Record and verdict of a kept one; their names live until the next call. false: why is in error. */
bool model_read(struct model *m, const struct kept *kept, struct record *r, struct verdict *v,
		char error[READ_ERROR_LEN]);

#endif
