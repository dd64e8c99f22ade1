/* SPDX-License-Identifier: GPL-2.0 */
/* The two clocks of a run, in nanoseconds. */
#ifndef RSTWHY_CLOCK_H
#define RSTWHY_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* For deadlines. */
static inline uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

#endif
