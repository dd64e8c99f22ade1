// SPDX-License-Identifier: GPL-2.0
/* Several series of counts over the same time, in steps that double. */
#include "timeline.h"

#include <stdlib.h>
#include <string.h>

struct timeline {
	unsigned steps;
	unsigned used; /* series below this one have counts: the memory of others stays untouched */
	unsigned len;
	uint64_t step_ns;
	uint64_t first; /* of the steps since 1970, the one that counts[0] is of */
	uint64_t counts[]; /* of `steps` each */
};

struct timeline *timeline_new(unsigned series, unsigned steps)
{
	struct timeline *t = calloc(1, sizeof(*t) + series * steps * sizeof(t->counts[0]));

	if (!t)
		return NULL;
	t->steps = steps;
	t->step_ns = TIMELINE_STEP_NS;
	return t;
}

void timeline_free(struct timeline *t)
{
	free(t);
}

static uint64_t *counts_of(const struct timeline *t, unsigned series)
{
	return (uint64_t *)t->counts + series * t->steps;
}

/* Two become one; `odd`: the first is the second half of its pair. In place: none moves up. */
static void merge_pairs(uint64_t *counts, unsigned len, unsigned odd)
{
	for (unsigned i = 0; i < len; i++) {
		uint64_t n = counts[i];

		counts[i] = 0;
		counts[(i + odd) / 2] += n;
	}
}

static void double_step(struct timeline *t)
{
	unsigned odd = t->first % 2;

	for (unsigned i = 0; i < t->used; i++)
		merge_pairs(counts_of(t, i), t->len, odd);
	t->len = (t->len + odd + 1) / 2;
	t->first /= 2;
	t->step_ns *= 2;
}

static void begin_earlier(struct timeline *t, unsigned by)
{
	for (unsigned i = 0; i < t->used; i++) {
		uint64_t *counts = counts_of(t, i);

		memmove(counts + by, counts, t->len * sizeof(*counts));
		memset(counts, 0, by * sizeof(*counts));
	}
	t->first -= by;
	t->len += by;
}

/* The place of this time, which is made when there is none. */
static unsigned place_of(struct timeline *t, uint64_t time_ns)
{
	uint64_t step = time_ns / t->step_ns;

	if (!t->len) {
		t->first = step;
		t->len = 1;
	}
	while (step >= t->first + t->steps || step + t->steps < t->first + t->len) {
		double_step(t);
		step = time_ns / t->step_ns;
	}
	if (step < t->first)
		begin_earlier(t, t->first - step);
	if (step - t->first >= t->len)
		t->len = step - t->first + 1;
	return step - t->first;
}

void timeline_add(struct timeline *t, unsigned series, uint64_t time_ns, uint64_t n)
{
	if (series >= t->used)
		t->used = series + 1;
	counts_of(t, series)[place_of(t, time_ns)] += n;
}

void timeline_reach(struct timeline *t, uint64_t time_ns)
{
	if (t->len)
		place_of(t, time_ns);
}

unsigned timeline_len(const struct timeline *t)
{
	return t->len;
}

uint64_t timeline_begin_ns(const struct timeline *t)
{
	return t->first * t->step_ns;
}

uint64_t timeline_step_ns(const struct timeline *t)
{
	return t->step_ns;
}

const uint64_t *timeline_counts(const struct timeline *t, unsigned series)
{
	return counts_of(t, series);
}
