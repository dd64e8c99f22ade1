// SPDX-License-Identifier: GPL-2.0
/* What was shown, by cause, and the summary at the end. */
#include "tally.h"

#include <stdio.h>
#include <stdlib.h>

#include "causes.h"
#include "log.h"
#include "print.h"

/* log_info(), or log_answer() if the user asked. */
typedef void (*say_fn)(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct tally_row *row_of(struct tally *t, const struct cause *cause)
{
	unsigned i = 0;

	while (i < t->causes_len && t->causes[i].cause != cause)
		i++;
	if (i == CAUSES_MAX)
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

bool tally_has_all(const struct tally *t, uint64_t wanted)
{
	return wanted && t->shown == wanted;
}

void tally_settle(struct tally *t, struct tally *written, int err)
{
	uint64_t filtered = t->filtered;

	if (err)
		*t = *written;
	else
		*written = *t;
	t->filtered = filtered;
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

static void say_causes(struct tally *t, say_fn say)
{
	qsort(t->causes, t->causes_len, sizeof(t->causes[0]), by_number);
	for (unsigned i = 0; i < t->causes_len; i++) {
		const struct tally_row *row = &t->causes[i];

		if (row->suppressed)
			say("%8llu  %s, and %llu suppressed", ull(row->n), row->cause->id,
			    ull(row->suppressed));
		else
			say("%8llu  %s", ull(row->n), row->cause->id);
	}
}

static void say_events(struct tally *t, double seconds, say_fn say)
{
	say("%llu events in %.1f s: %llu sent, %llu received, %llu silent", ull(t->shown), seconds,
	    ull(t->by_direction[DIRECTION_SENT]), ull(t->by_direction[DIRECTION_RECEIVED]),
	    ull(t->by_direction[DIRECTION_NONE]));
	say_causes(t, say);
}

static void say_sum(const struct tally *t, const __u64 counts[COUNT_MAX], uint64_t under_way,
		    uint64_t counted, say_fn say)
{
	char more[48] = "";

	if (under_way)
		snprintf(more, sizeof(more), " + under way %llu", ull(under_way));
	say("counted %llu = shown %llu + filtered %llu + suppressed %llu + lost %llu%s",
	    ull(counted), ull(t->shown), ull(t->filtered), ull(counts[COUNT_SUPPRESSED]),
	    ull(counts[COUNT_LOST] + t->unwritten), more);
	if (counts[COUNT_MISSED])
		say("among the lost: %llu run%s skipped by the kernel, anywhere on this host",
		    ull(counts[COUNT_MISSED]), plural(counts[COUNT_MISSED]));
}

/* What they would have seen is mostly no reset, so that nobody knows of how many they tell. */
static void say_skipped(const __u64 counts[COUNT_MAX], say_fn say)
{
	if (counts[COUNT_SKIPPED])
		say("%llu run%s of other programs skipped", ull(counts[COUNT_SKIPPED]),
		    plural(counts[COUNT_SKIPPED]));
}

void tally_say(struct tally *t, const __u64 counts[COUNT_MAX], double seconds)
{
	say_events(t, seconds, log_info);
	say_sum(t, counts, 0, counts_sum(counts), log_info);
	say_skipped(counts, log_info);
}

/* BPF counts on while its counts are read, so that one of them can be an event ahead. */
void tally_say_so_far(struct tally *t, const __u64 counts[COUNT_MAX], double seconds)
{
	uint64_t known = t->shown + t->filtered + counts[COUNT_SUPPRESSED] + counts[COUNT_LOST] +
			 t->unwritten;
	uint64_t counted = counts_sum(counts);
	uint64_t under_way = counted > known ? counted - known : 0;

	say_events(t, seconds, log_answer);
	say_sum(t, counts, under_way, known + under_way, log_answer);
	say_skipped(counts, log_answer);
}
