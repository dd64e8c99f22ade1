// SPDX-License-Identifier: GPL-2.0
/* What many events add up to. */
#include "summary.h"

#include <errno.h>
#include <stdlib.h>

#include "facts.h"
#include "hints.h"
#include "only_counted.h"
#include "output.h"
#include "summary_store.h"
#include "suppress.h"

static bool open_all(struct summary *s, unsigned sample)
{
	s->timeline = timeline_new(SUMMARY_CAUSES, TIMELINE_STEPS);
	s->idle = timeline_new(BINS_MAX + 1, IDLE_STEPS);
	s->only_counted = only_counted_new();
	if (sample) {
		s->sample = sample_new(sample, SUMMARY_CAUSES);
		s->line = out_new(-1);
	}
	return s->timeline && s->idle && s->only_counted && whose_open(&s->whose) &&
	       (!sample || (s->sample && s->line));
}

struct summary *summary_new(unsigned sample)
{
	struct summary *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->age.bounds = &coarse_seconds;
	s->unread.bounds = &byte_counts;
	if (open_all(s, sample))
		return s;
	summary_free(s);
	return NULL;
}

struct summary *summary_go_on(const struct summary *s)
{
	struct summary *next = summary_new(0);
	struct only_counted *known = only_counted_copy(s->only_counted);

	if (!next || !known) {
		summary_free(next);
		only_counted_free(known);
		return NULL;
	}
	only_counted_free(next->only_counted);
	next->only_counted = known;
	return next;
}

void summary_free(struct summary *s)
{
	if (!s)
		return;
	timeline_free(s->timeline);
	timeline_free(s->idle);
	whose_close(&s->whose);
	sample_free(s->sample);
	out_free(s->line);
	only_counted_free(s->only_counted);
	free(s);
}

/* The last one is that of all for which there is none: the catalogue is smaller than that. */
static struct summary_cause *row_of(struct summary *s, const struct cause *cause, enum direction d)
{
	struct summary_cause *row = s->causes;
	unsigned i = 0;

	while (i < s->causes_len && (row[i].cause != cause || row[i].direction != d))
		i++;
	if (i < s->causes_len || s->causes_len == SUMMARY_CAUSES)
		return &row[i < SUMMARY_CAUSES ? i : SUMMARY_CAUSES - 1];
	s->causes_len++;
	row[i].cause = cause;
	row[i].direction = d;
	row[i].severity = SEVERITY_DEBUG;
	return &row[i];
}

static void note_time(uint64_t *first, uint64_t *last, uint64_t time_ns)
{
	if (!*first || time_ns < *first)
		*first = time_ns;
	if (time_ns > *last)
		*last = time_ns;
}

/* Whatever was counted, shown or not. */
static void count(struct summary *s, struct summary_cause *row, uint64_t n, uint64_t time_ns)
{
	s->by_direction[row->direction] += n;
	note_time(&s->first_ns, &s->last_ns, time_ns);
	note_time(&row->first_ns, &row->last_ns, time_ns);
}

/* They came within the second before they are told: all at its end they would be a burst. */
static void spread(struct summary *s, unsigned series, uint64_t n, uint64_t time_ns)
{
	uint64_t since = time_ns - SUM_UP_NS > s->first_ns ? time_ns - SUM_UP_NS : s->first_ns;
	uint64_t steps = time_ns > since ? (time_ns - since) / TIMELINE_STEP_NS : 0;

	for (uint64_t left = steps; left; left--) {
		timeline_add(s->timeline, series, time_ns - left * TIMELINE_STEP_NS,
			     n / (left + 1));
		n -= n / (left + 1);
	}
	timeline_add(s->timeline, series, time_ns, n);
}

static void note_example(struct summary_cause *row, const struct record *r, const struct verdict *v)
{
	if (!v->summary[0] || r->time_ns < row->example_ns)
		return;
	row->example_ns = r->time_ns;
	memcpy(row->example, v->summary, strnlen(v->summary, TEXT_LEN - 1) + 1);
}

static void count_hints(struct summary *s, const struct verdict *v)
{
	const struct hint *hint;

	for (unsigned i = 0; v->hints_len && i < HINTS_MAX && (hint = hint_at(i)); i++)
		for (unsigned j = 0; j < v->hints_len; j++)
			s->hints[i] += v->hints[j].hint == hint;
}

static void measure(struct summary *s, const struct record *r)
{
	double idle = idle_seconds(r);

	bins_add(&s->age, age_seconds(r));
	if (has(r, HAVE_SOCK) && r->e.direction == DIRECTION_SENT && r->e.state == STATE_CLOSE)
		bins_add(&s->unread, unread_bytes(r));
	if (r->e.direction == DIRECTION_RECEIVED && idle >= 0)
		timeline_add(s->idle, bounds_place(&fine_seconds, idle), r->time_ns, 1);
}

static void choose(struct summary *s, unsigned row, const struct record *r, const struct verdict *v)
{
	static const struct style plain;

	if (!s->sample || !sample_wants(s->sample, row, r->time_ns))
		return;
	out_rewind(s->line, 0);
	json_put(s->line, &plain, r, v);
	if (!sample_fill(s->sample, out_data(s->line), out_mark(s->line)))
		out_fail(s->line, -ENOMEM);
}

static void show(struct summary *s, struct summary_cause *row, const struct record *r,
		 const struct verdict *v)
{
	enum severity severity = severity_of(v);

	s->shown++;
	row->shown++;
	if (severity < row->severity)
		row->severity = severity;
	count(s, row, 1, r->time_ns);
	timeline_add(s->timeline, row - s->causes, r->time_ns, 1);
	note_example(row, r, v);
	count_hints(s, v);
	measure(s, r);
	whose_add(&s->whose, r, v);
	pairs_add(&s->pairs, r, v);
	choose(s, row - s->causes, r, v);
	only_counted_note(s->only_counted, &r->e.kind, v->cause);
}

static void count_only(struct summary *s, const struct cause *cause, enum direction d,
		       uint64_t suppressed, uint64_t lost, uint64_t time_ns)
{
	struct summary_cause *row;

	if (!suppressed && !lost)
		return;
	row = row_of(s, cause ? cause : cause_find("unknown"), d);
	s->suppressed += suppressed;
	s->lost += lost;
	row->suppressed += suppressed;
	row->lost += lost;
	count(s, row, suppressed + lost, time_ns);
	spread(s, row - s->causes, suppressed + lost, time_ns);
}

void summary_take(struct summary *s, const struct record *r, const struct verdict *v)
{
	if (r->suppressed)
		count_only(s, v->cause, r->e.direction, r->suppressed, 0, r->time_ns);
	else
		show(s, row_of(s, v->cause, r->e.direction), r, v);
}

void summary_take_counts(struct summary *s, const struct kind *kind,
			 const struct kind_counts *counts, uint64_t now_ns)
{
	struct counted_only more = only_counted_take(s->only_counted, kind, counts);

	count_only(s, more.cause, kind->direction, more.suppressed, more.lost, now_ns);
}

int summary_error(const struct summary *s)
{
	return s->line ? out_error(s->line) : 0;
}

static int by_count(const void *a, const void *b)
{
	const struct summary_cause *x = *(const struct summary_cause *const *)a;
	const struct summary_cause *y = *(const struct summary_cause *const *)b;

	if (cause_count(x) != cause_count(y))
		return cause_count(x) > cause_count(y) ? -1 : 1;
	return x < y ? -1 : x > y;
}

unsigned summary_rows(const struct summary *s, const struct summary_cause *ret[SUMMARY_CAUSES])
{
	for (unsigned i = 0; i < s->causes_len; i++)
		ret[i] = &s->causes[i];
	qsort(ret, s->causes_len, sizeof(void *), by_count);
	return s->causes_len;
}
