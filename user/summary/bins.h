/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bounds of histograms, each a little more than the one below: a value is in the first bin whose
 * bound it does not exceed, and above the last bound there is one bin more. Pure.
 */
#ifndef RSTWHY_BINS_H
#define RSTWHY_BINS_H

#include <stdint.h>

#include "out.h"

#define BINS_MAX 96

struct bounds {
	unsigned len;
	double list[BINS_MAX];
};

extern const struct bounds fine_seconds; /* ten a decade: the usual idle timeouts lie apart */
extern const struct bounds coarse_seconds; /* 1, 2, 5, 10 ... */
extern const struct bounds byte_counts; /* powers of two */

struct bins {
	const struct bounds *bounds;
	uint64_t counts[BINS_MAX + 1];
};

unsigned bounds_place(const struct bounds *b, double value); /* 0 .. b->len */

void bins_add(struct bins *b, double value); /* a negative one is not known, and not added */

void bounds_put(const struct bounds *b, struct out *o); /* [0.001,0.0013,...] */
void bins_put(const struct bins *b, struct out *o); /* {"bounds":[...],"counts":[...]} */

#endif
