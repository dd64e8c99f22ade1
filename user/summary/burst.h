/* SPDX-License-Identifier: GPL-2.0 */
/* When much of it happened at once. Pure. */
#ifndef RSTWHY_BURST_H
#define RSTWHY_BURST_H

#include "timeline.h"

/* The shortest time in which a good part of all came. */
struct burst {
	uint64_t total; /* of the whole timeline */
	uint64_t n; /* of it; 0: there was no burst worth a word */
	uint64_t begin_ns, length_ns;
};

/*
 * Of the first `series` of a timeline, together: half of all in a fifth of the time, or less; else a
 * quarter in a twelfth. Of so few that it may be chance nothing is said.
 */
struct burst burst_of(const struct timeline *t, unsigned series);

#endif
