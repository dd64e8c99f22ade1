/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an event passes through, in one direction:
 *
 *   enrich (names, owner) -> hold -> history -> judge -> filter -> sinks
 *
 * and the tally of where each one ended.
 */
#ifndef RSTWHY_STAGES_H
#define RSTWHY_STAGES_H

#include "options.h"
#include "probe.h"
#include "sink.h"
#include "tally.h"

struct stages {
	const struct options *options;
	struct probe *probe;
	struct sinks *sinks;
	struct enricher *enricher;
	struct hold *hold;
	struct history *history;
	struct suppress *suppress;
	struct tally tally;
	struct tally written; /* the tally when all was written last */
	bool done; /* as many as --count wants were shown */
	bool draining; /* nothing is left behind */
};

/* All that is given must outlive it. 0 or -errno, reported; stages_close() is due in any case. */
int stages_open(struct stages *st, const struct options *o, const struct kernel *k, struct probe *p,
		struct sinks *sinks);
void stages_close(struct stages *st); /* also of one that is all zero */

/* For probe_read(), with the stages as its context. false: take no more, see `done`. */
bool stages_take(void *context, const struct event *e, const __u64 *stack);

void stages_show_ready(struct stages *st); /* those that have waited long enough */
uint64_t stages_wait(const struct stages *st, uint64_t now_ns); /* as hold_wait() */

/* Tells what BPF only counted. Returns whether there was anything. */
bool stages_sum_up(struct stages *st);

void stages_flush(struct stages *st);

/* The end: takes what BPF has left behind, waits for nothing, and flushes all. */
void stages_drain(struct stages *st);

void stages_say_counts(struct stages *st, double seconds);

#endif
