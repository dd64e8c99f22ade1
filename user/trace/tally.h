/* SPDX-License-Identifier: GPL-2.0 */
/* What was shown, by cause, and the summary at the end. */
#ifndef RSTWHY_TALLY_H
#define RSTWHY_TALLY_H

#include "causes.h"
#include "probe.h"

struct tally_row {
	const struct cause *cause;
	uint64_t n; /* shown */
	uint64_t suppressed;
};

struct tally {
	uint64_t shown; /* all of them */
	uint64_t unwritten; /* for want of an output */
	uint64_t filtered; /* not wanted by a filter that user space decides */
	uint64_t by_direction[DIRECTION_MAX]; /* shown */
	unsigned causes_len;
	struct tally_row causes[CAUSES_MAX];
};

/* A record that stands for suppressed ones counts as those. */
void tally_add(struct tally *t, const struct record *r, const struct verdict *v);

bool tally_has_all(const struct tally *t, uint64_t wanted); /* wanted 0: there is no end */

/*
 * The outputs were flushed. What a failed write (err) swallowed was not shown: all is as it was when
 * they were written last. What was filtered stays.
 */
void tally_settle(struct tally *t, struct tally *written, int err);

/* counts: BPF's. Says it by log_info(), and sorts the causes. */
void tally_say(struct tally *t, const __u64 counts[COUNT_MAX], double seconds);

/*
 * The same in the middle of a run, said also with -q, for the user asked: what BPF counted and
 * nobody has shown yet is under way.
 */
void tally_say_so_far(struct tally *t, const __u64 counts[COUNT_MAX], double seconds);

#endif
