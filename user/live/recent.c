// SPDX-License-Identifier: GPL-2.0
/* The summary of the last minutes. */
#include "recent.h"

static void forget(struct recent_part *part)
{
	summary_free(part->summary);
	*part = (struct recent_part){0};
}

void recent_close(struct recent *r)
{
	forget(&r->older);
	forget(&r->newer);
}

bool recent_is_due(const struct recent *r, uint64_t now_ns)
{
	return r->turn_ns && now_ns >= r->turn_ns;
}

static struct recent_part begin(const struct summary *whole, const struct summary_source *source,
				uint64_t earlier_ns)
{
	struct recent_part part = {summary_go_on(whole), *source};

	part.begin.now_ns -= earlier_ns;
	return part;
}

void recent_open(struct recent *r, const struct summary *whole, const struct summary_source *source,
		 uint64_t now_ns)
{
	r->older = begin(whole, source, source->now_ns - source->start_ns);
	r->newer = begin(whole, source, source->now_ns - source->start_ns);
	r->turn_ns = now_ns + RECENT_NS;
}

/* What goes is freed first: there are never more than two. */
void recent_turn(struct recent *r, const struct summary *whole, const struct summary_source *source,
		 uint64_t now_ns)
{
	bool was_quiet = now_ns - r->turn_ns >= RECENT_NS;

	r->turn_ns = now_ns + RECENT_NS;
	forget(&r->older);
	r->older = r->newer;
	r->newer = begin(whole, source, 0);
	if (!was_quiet)
		return;
	forget(&r->older);
	r->older = begin(whole, source, RECENT_NS);
}

void recent_take(struct recent *r, const struct record *record, const struct verdict *v)
{
	if (r->older.summary)
		summary_take(r->older.summary, record, v);
	if (r->newer.summary)
		summary_take(r->newer.summary, record, v);
}

void recent_take_counts(struct recent *r, const struct kind *kind, const struct kind_counts *counts,
			uint64_t wall_ns)
{
	if (r->older.summary)
		summary_take_counts(r->older.summary, kind, counts, wall_ns);
	if (r->newer.summary)
		summary_take_counts(r->newer.summary, kind, counts, wall_ns);
}

/* Not from the start on. */
static bool is_shorter(const struct recent_part *part)
{
	return part->summary && part->begin.now_ns != part->begin.start_ns;
}

uint64_t recent_begin_ns(const struct recent *r)
{
	return is_shorter(&r->older) ? r->older.begin.now_ns : 0;
}

struct summary *recent_summary(const struct recent *r, struct summary_source *source)
{
	const struct summary_source *begin = &r->older.begin;

	if (!is_shorter(&r->older))
		return NULL;
	source->start_ns = begin->now_ns;
	source->filtered -= begin->filtered;
	source->missed_runs -= begin->missed_runs;
	source->unwritten -= begin->unwritten;
	return r->older.summary;
}
