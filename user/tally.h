/* SPDX-License-Identifier: GPL-2.0 */
/* What was shown, by cause, and the summary at the end. */
#ifndef RSTWHY_TALLY_H
#define RSTWHY_TALLY_H

#include "verdict.h"

#define TALLY_CAUSES 64

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
	struct tally_row causes[TALLY_CAUSES];
};

/* A record that stands for suppressed ones counts as those. */
void tally_add(struct tally *t, const struct record *r, const struct verdict *v);

/* counts: BPF's. Says it by log_info(), and sorts the causes. */
void tally_say(struct tally *t, const __u64 counts[COUNT_MAX], double seconds);

#endif
