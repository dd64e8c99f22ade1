// SPDX-License-Identifier: GPL-2.0
/* What was shown, by cause, and the summary at the end. */
#include "tally.h"

#include <stdlib.h>

#include "causes.h"
#include "log.h"

void tally_add(struct tally *t, const struct record *r, const struct verdict *v)
{
	unsigned i = 0;

	t->shown++;
	t->by_direction[r->e.direction]++;
	while (i < t->causes_len && t->causes[i].cause != v->cause)
		i++;
	if (i == TALLY_CAUSES)
		return;
	if (i == t->causes_len) {
		t->causes[t->causes_len].cause = v->cause;
		t->causes[t->causes_len++].n = 0;
	}
	t->causes[i].n++;
}

static unsigned long long ull(uint64_t n)
{
	return n;
}

static int by_number(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	return x->n < y->n ? 1 : x->n > y->n ? -1 : 0;
}

static void say_causes(struct tally *t)
{
	qsort(t->causes, t->causes_len, sizeof(t->causes[0]), by_number);
	for (unsigned i = 0; i < t->causes_len; i++)
		log_info("%8llu  %s", ull(t->causes[i].n), t->causes[i].cause->id);
}

void tally_say(struct tally *t, const __u64 counts[COUNT_MAX], double seconds)
{
	uint64_t counted = counts[COUNT_SENT] + counts[COUNT_RECEIVED] + counts[COUNT_SILENT] -
			   counts[COUNT_PHANTOM];

	log_info("%llu events in %.1f s: %llu sent, %llu received, %llu silent", ull(t->shown),
		 seconds, ull(t->by_direction[DIRECTION_SENT]),
		 ull(t->by_direction[DIRECTION_RECEIVED]), ull(t->by_direction[DIRECTION_NONE]));
	say_causes(t);
	log_info("counted %llu = shown %llu + filtered %llu + suppressed 0 + lost %llu",
		 ull(counted), ull(t->shown), ull(t->filtered),
		 ull(counts[COUNT_LOST] + t->unwritten));
}
