// SPDX-License-Identifier: GPL-2.0
/* What an event passes through, from the probe to the sinks. */
#include "stages.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "enrich.h"
#include "history.h"
#include "hold.h"
#include "log.h"
#include "suppress.h"

void stages_flush(struct stages *st)
{
	tally_settle(&st->tally, &st->written, sinks_flush(st->sinks));
}

static bool has_shown_all(const struct stages *st)
{
	return tally_has_all(&st->tally, st->options->count);
}

static void leave_out(struct stages *st, const struct record *r)
{
	st->tally.filtered++;
	sinks_filtered(st->sinks, r);
}

/* Those that BPF had room to tell of have been taken back while they were held. */
static bool is_phantom(const struct stages *st, const struct record *r)
{
	return r->e.sock.bits & SOCK_BIT_PHANTOM && probe_is_retracted(st->probe, &r->e);
}

static void show(struct stages *st, struct record *r)
{
	struct verdict v;

	if (is_phantom(st, r))
		return;
	if (has_shown_all(st)) {
		leave_out(st, r); /* by --count */
		return;
	}
	history_add(st->history, r);
	judge(r, &v);
	suppress_note(st->suppress, r, &v); /* wanted or not: the sum names it */
	if (!filter_wants(&st->options->filter, r, &v)) {
		leave_out(st, r);
		return;
	}
	if (!sinks_put(st->sinks, r, &v))
		return;
	tally_add(&st->tally, r, &v);
	if (sinks_eager(st->sinks))
		stages_flush(st);
	st->done |= has_shown_all(st);
}

static void show_ready(struct stages *st, uint64_t now)
{
	struct record *r;

	while ((r = hold_pop(st->hold, now)))
		show(st, r);
}

void stages_show_ready(struct stages *st)
{
	show_ready(st, now_ns());
}

bool stages_take(void *context, const struct event *e, const __u64 *stack)
{
	struct stages *st = context;
	uint64_t now = now_ns();

	enrich(st->enricher, e, stack, hold_slot(st->hold));
	hold_push(st->hold, now);
	show_ready(st, now);
	return !st->done || st->draining;
}

/* One line stands for what was only counted. It is not an event: -n does not count it. */
static void show_suppressed(void *context, const struct record *r, const struct verdict *v)
{
	struct stages *st = context;

	tally_add(&st->tally, r, v);
	if (filter_wants_kind(&st->options->filter, r, v))
		sinks_put(st->sinks, r, v);
}

bool stages_sum_up(struct stages *st)
{
	uint64_t now = clock_ns(CLOCK_REALTIME);

	return suppress_collect(st->suppress, st->probe, now, show_suppressed, st) > 0;
}

int stages_open(struct stages *st, const struct options *o, const struct kernel *k, struct probe *p,
		struct sinks *sinks)
{
	st->options = o;
	st->probe = p;
	st->sinks = sinks;
	st->hold = hold_new();
	st->suppress = suppress_new(o->host);
	st->history = history_new();
	st->enricher = enricher_new(k, p, o->host);
	if (st->hold && st->suppress && st->history && st->enricher)
		return 0;
	log_error("prepare to trace: %s", strerror(ENOMEM));
	return -ENOMEM;
}

void stages_close(struct stages *st)
{
	enricher_free(st->enricher);
	history_free(st->history);
	hold_free(st->hold);
	suppress_free(st->suppress);
}

uint64_t stages_wait(const struct stages *st, uint64_t now)
{
	return hold_wait(st->hold, now);
}

void stages_drain(struct stages *st)
{
	struct record *r;

	st->draining = true;
	probe_detach(st->probe);
	probe_read(st->probe, 0, stages_take, st);
	while ((r = hold_drain(st->hold)))
		show(st, r);
	stages_sum_up(st);
	stages_flush(st);
	sinks_finish(st->sinks);
}

void stages_say_counts(struct stages *st, double seconds)
{
	__u64 counts[COUNT_MAX];
	int err = probe_counts(st->probe, counts);

	if (err)
		log_error("read the counts: %s; they are too small", strerror(-err));
	st->tally.unwritten = sinks_not_shown(st->sinks);
	if (st->draining)
		tally_say(&st->tally, counts, seconds);
	else
		tally_say_so_far(&st->tally, counts, seconds);
}
