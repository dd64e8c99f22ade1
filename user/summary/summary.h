/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What many events add up to: how often each cause, when, whose, how long they were idle. Fed with
 * judged events in the order of their times, live or recorded; a fixed amount of memory, whatever
 * comes. Pure: its only clock is the events' own time.
 */
#ifndef RSTWHY_SUMMARY_H
#define RSTWHY_SUMMARY_H

#include "out.h"
#include "verdict.h"

struct summary;

/* `sample`: keep so many events at most, a fair choice of each cause; 0: none. NULL: no memory. */
struct summary *summary_new(unsigned sample);
/* An empty one without a sample, for what comes from now on: what BPF has counted till now, and `s`
 * has taken, is not in it. NULL: no memory. */
struct summary *summary_go_on(const struct summary *s);
void summary_free(struct summary *s);

/* One event; with r->suppressed not 0 it stands for so many, and is none itself. */
void summary_take(struct summary *s, const struct record *r, const struct verdict *v);

/*
 * Of a live run, which is to give suppressed events only here: BPF's counts of a kind; what was
 * counted and not shown since the last call is taken as of `now_ns`, wall clock.
 */
void summary_take_counts(struct summary *s, const struct kind *kind,
			 const struct kind_counts *counts, uint64_t now_ns);

/* 0, or -ENOMEM: not all events that were to be kept could be. It stays. */
int summary_error(const struct summary *s);

/* What is not counted here. */
struct summary_source {
	const char *kind; /* "report" or "live" */
	const char *version; /* rstwhy's */
	const char *kernel; /* the kernel's; NULL: not known */
	const char *host; /* its name; NULL: not known */
	const char *const *files; /* NULL: none */
	unsigned files_len;
	uint64_t start_ns, now_ns; /* wall clock, of a live run; 0: the events' own */
	uint64_t recent_ns; /* wall clock: there is one of what came since then; 0: there is none */
	uint64_t bad_lines; /* of recordings, left out */
	uint64_t without_facts; /* events, shown with the verdict that they were recorded with */
	uint64_t filtered; /* kept back by a filter in user space */
	uint64_t missed_runs; /* for a reset, skipped by the kernel; they count as lost */
	uint64_t unwritten; /* by outputs */
};

/* One JSON object, which user/page/page.js shows. No end of line. */
void summary_put(struct summary *s, const struct summary_source *from, struct out *o);

/* The events that were kept, as an array of --format=json's objects in the order of their times. */
void summary_put_events(struct summary *s, struct out *o);

#endif
