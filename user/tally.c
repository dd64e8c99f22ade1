// SPDX-License-Identifier: GPL-2.0
/* What was shown, by cause, and the summary at the end. */
#include "tally.h"

#include <stdlib.h>

#include "causes.h"
#include "log.h"

static struct tally_row *row_of(struct tally *t, const struct cause *cause)
{
	unsigned i = 0;

	while (i < t->causes_len && t->causes[i].cause != cause)
		i++;
	if (i == TALLY_CAUSES)
		return NULL;
	if (i == t->causes_len)
		t->causes[t->causes_len++] = (struct tally_row){.cause = cause};
	return &t->causes[i];
}

void tally_add(struct tally *t, const struct record *r, const struct verdict *v)
{
	struct tally_row *row = row_of(t, v->cause);

	if (r->suppressed) {
		if (row)
			row->suppressed += r->suppressed;
		return;
	}
	t->shown++;
	t->by_direction[r->e.direction]++;
	if (row)
		row->n++;
}

static unsigned long long ull(uint64_t n)
{
	return n;
}

static int by_number(const void *a, const void *b)
{
	const struct tally_row *x = a, *y = b;

	uint64_t nx = x->n + x->suppressed, ny = y->n + y->suppressed;

	return nx < ny ? 1 : nx > ny ? -1 : 0;
}

static void say_causes(struct tally *t)
{
	qsort(t->causes, t->causes_len, sizeof(t->causes[0]), by_number);
	for (unsigned i = 0; i < t->causes_len; i++) {
		const struct tally_row *row = &t->causes[i];

		if (row->suppressed)
			log_info("%8llu  %s, and %llu suppressed", ull(row->n), row->cause->id,
				 ull(row->suppressed));
		else
			log_info("%8llu  %s", ull(row->n), row->cause->id);
	}
}

void tally_say(struct tally *t, const __u64 counts[COUNT_MAX], double seconds)
{
	uint64_t counted = counts[COUNT_SENT] + counts[COUNT_RECEIVED] + counts[COUNT_SILENT] -
			   counts[COUNT_PHANTOM];

	log_info("%llu events in %.1f s: %llu sent, %llu received, %llu silent", ull(t->shown),
		 seconds, ull(t->by_direction[DIRECTION_SENT]),
		 ull(t->by_direction[DIRECTION_RECEIVED]), ull(t->by_direction[DIRECTION_NONE]));
	say_causes(t);
	log_info("counted %llu = shown %llu + filtered %llu + suppressed %llu + lost %llu",
		 ull(counted), ull(t->shown), ull(t->filtered), ull(counts[COUNT_SUPPRESSED]),
		 ull(counts[COUNT_LOST] + t->unwritten));
}
