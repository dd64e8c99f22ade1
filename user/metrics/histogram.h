/* SPDX-License-Identifier: GPL-2.0 */
/* How long connections lived, or were silent: a histogram in seconds. Pure. */
#ifndef RSTWHY_HISTOGRAM_H
#define RSTWHY_HISTOGRAM_H

#include "exposition.h"

#define HISTOGRAM_BUCKETS 17 /* the last one has no bound */

struct histogram {
	uint64_t buckets[HISTOGRAM_BUCKETS]; /* each without those below it */
	double sum;
};

void histogram_add(struct histogram *h, double seconds); /* negative: not known, and not added */

/* The samples of a family that is begun; label: NULL, or one that all of them get. */
void histogram_print(const struct histogram *h, struct exposition *x, const char *label,
		     const char *value);

#endif
