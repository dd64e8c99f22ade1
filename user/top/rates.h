/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Resets a second, by direction, over the last minutes: what the sparklines show. Fed with the
 * exact counters of the kernel side, once a second. Pure.
 */
#ifndef RSTWHY_RATES_H
#define RSTWHY_RATES_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

#define RATES_SECONDS 600 /* are remembered */
#define RATES_WINDOW 5 /* seconds: a rate is the mean over them */

struct rates {
	uint64_t seconds; /* since the start; the second n is in n % RATES_SECONDS */
	double carry; /* of a second that is not over */
	uint64_t last[DIRECTION_MAX]; /* the counters at the last call */
	double count[RATES_SECONDS][DIRECTION_MAX];
};

/* `elapsed` seconds later the counters are `now`. They may go down by a few: that is not negative. */
void rates_add(struct rates *r, double elapsed, const uint64_t now[DIRECTION_MAX]);

double rates_now(const struct rates *r, enum direction d); /* a second, over the window */

/*
 * `len` values, a second each, oldest first, each over `step` seconds; those before the start are 0.
 * Steps begin at multiples of their length, so that they do not flicker. Returns the largest.
 */
double rates_series(const struct rates *r, enum direction d, unsigned step, double ret[],
		    unsigned len);

/*
 * A line of `len` characters: eighths of blocks in UTF-8, or ASCII. What is not 0 is never shown as
 * nothing. `text` has room for 3 * len + 1 bytes.
 */
void sparkline(char *text, const double values[], unsigned len, double max, bool utf8);

#endif
