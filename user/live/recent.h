/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The summary of the last minutes of a long run, for who comes in the middle of an incident: what adds
 * up since the start, days ago, hides what happens now.
 *
 * Two summaries, one begun RECENT_NS after the other, take what comes. When the newer is as old as
 * that, it becomes the older one and a new one begins: the older holds the last RECENT_NS to twice
 * RECENT_NS. Both are there from the start, so that memory does not grow in the middle of a run; till
 * the older has begun later there is none to show, for that of the whole run is no longer. Pure.
 */
#ifndef RSTWHY_RECENT_H
#define RSTWHY_RECENT_H

#include "summary.h"

#define RECENT_NS (10 * 60 * 1000000000ULL)

struct recent {
	struct recent_part {
		struct summary *summary; /* NULL: closed, or there was no memory */
		struct summary_source begin; /* what the whole run had counted then */
	} older, newer;
	uint64_t turn_ns;
};

/* `whole` and `source`: of the whole run, as they are now. now_ns: CLOCK_MONOTONIC. All zero is closed. */
void recent_open(struct recent *r, const struct summary *whole, const struct summary_source *source,
		 uint64_t now_ns);
void recent_close(struct recent *r);

bool recent_is_due(const struct recent *r, uint64_t now_ns);
/*
 * When it is due, before anything of a later time is taken: when it is long overdue nothing came
 * meanwhile. Without memory there is none to show till a turn after the next.
 */
void recent_turn(struct recent *r, const struct summary *whole, const struct summary_source *source,
		 uint64_t now_ns);

/* As for the whole run: summary.h. */
void recent_take(struct recent *r, const struct record *record, const struct verdict *v);
void recent_take_counts(struct recent *r, const struct kind *kind, const struct kind_counts *counts,
			uint64_t wall_ns);

/* Wall clock; 0: there is none. */
uint64_t recent_begin_ns(const struct recent *r);
/* `source` is that of the whole run, and then of what is returned; NULL: there is none. */
struct summary *recent_summary(const struct recent *r, struct summary_source *source);

#endif
