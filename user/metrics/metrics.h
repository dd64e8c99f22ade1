/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The counters behind /metrics. Pure: fed with events and with BPF's counts, it prints them. A
 * fixed amount of memory, whatever comes.
 *
 * An event is counted when its fate is known, so that in each print
 *
 *   counted = shown + filtered + suppressed + lost
 *
 * To add a family: a row and its function in metrics_families.c.
 */
#ifndef RSTWHY_METRICS_H
#define RSTWHY_METRICS_H

#include "exposition.h"
#include "options.h"
#include "verdict.h"

struct metrics;

struct metrics *metrics_new(enum label label, bool silent); /* NULL: no memory */
void metrics_free(struct metrics *m);

/* An event that was shown; not one that stands for suppressed ones. */
void metrics_shown(struct metrics *m, const struct record *r, const struct verdict *v);
/* Of a replay: what stands for r->suppressed of them. */
void metrics_suppressed(struct metrics *m, const struct record *r, const struct verdict *v);
void metrics_filtered(struct metrics *m, const struct record *r); /* kept back by user space */

/* BPF's counts of a kind. To be called for each kind before printing; see probe_kinds(). */
void metrics_take_counts(struct metrics *m, const struct kind *kind,
			 const struct kind_counts *counts);

/* What is not counted here. */
struct metrics_facts {
	const char *version; /* rstwhy's */
	const char *kernel; /* the kernel's */
	double start_time; /* seconds since 1970 */
	/* Runs of BPF programs that the kernel skipped: of those for resets only, which count as
	   lost, and of the others. */
	uint64_t missed_runs;
	uint64_t skipped_runs;
	size_t outputs_len;
	struct metrics_output {
		const char *name; /* each is there once */
		uint64_t unwritten; /* events */
	} outputs[8];
	uint64_t cut_slow, cut_crowded; /* clients of the server: see http_clients.h */
	size_t spots_len;
	struct metrics_spot {
		const char *id;
		bool is_blind;
	} spots[32];
};

void metrics_print(const struct metrics *m, const struct metrics_facts *f, struct exposition *x);

#endif
