// SPDX-License-Identifier: GPL-2.0
/* When much of it happened at once. */
#include "burst.h"

/* A part of all in a part of the time, one of `part` in one of `shortness`. */
static const struct measure {
	unsigned part, shortness;
	uint64_t events_min;
} measures[] = {{2, 5, 10}, {4, 12, 100}};

#define MEASURES (sizeof(measures) / sizeof(measures[0]))

static uint64_t at(const struct timeline *t, unsigned series, unsigned step)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < series; i++)
		n += timeline_counts(t, i)[step];
	return n;
}

static uint64_t sum(const struct timeline *t, unsigned series)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < timeline_len(t); i++)
		n += at(t, series, i);
	return n;
}

/* The shortest time in which at least total / part came. */
static struct burst shortest(const struct timeline *t, unsigned series, uint64_t total,
			     unsigned part)
{
	unsigned len = timeline_len(t), first = 0, best = len + 1;
	struct burst b = {.total = total};
	uint64_t n = 0;

	for (unsigned i = 0; i < len; i++) {
		n += at(t, series, i);
		/* Without its first step it would still be enough: so it begins later. */
		while (first < i && part * (n - at(t, series, first)) >= total)
			n -= at(t, series, first++);
		if (!total || part * n < total || i - first + 1 >= best)
			continue;
		best = i - first + 1;
		b.n = n;
		b.begin_ns = timeline_begin_ns(t) + first * timeline_step_ns(t);
		b.length_ns = best * timeline_step_ns(t);
	}
	return b;
}

struct burst burst_of(const struct timeline *t, unsigned series)
{
	uint64_t total = sum(t, series), whole_ns = timeline_len(t) * timeline_step_ns(t);

	for (unsigned i = 0; i < MEASURES; i++) {
		const struct measure *m = &measures[i];
		struct burst b = shortest(t, series, total, m->part);

		if (total >= m->events_min && b.length_ns * m->shortness <= whole_ns)
			return b;
	}
	return (struct burst){.total = total};
}
