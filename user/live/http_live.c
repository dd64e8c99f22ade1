// SPDX-License-Identifier: GPL-2.0
/* The live page and what feeds it. */
#include "http_live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "catalogue.h"
#include "clock.h"
#include "http_events.h"
#include "log.h"
#include "page.h"
#include "probe.h"
#include "recent.h"
#include "summary.h"

#ifndef VERSION
#define VERSION "0"
#endif

#define RING_BYTES (4 << 20)
#define RING_EVENTS 4096
#define BEAT_NS 15000000000ULL /* between two signs of life */

struct live {
	const struct options *options;
	const struct sink *sink;
	const struct probe *probe; /* NULL: a replay */
	struct summary *summary; /* of the whole run */
	struct recent recent; /* not of a replay */
	struct events *events;
	struct readers *readers;
	struct out *line; /* of JSON, of one event */
	uint64_t start_ns; /* wall clock */
	uint64_t beat_ns; /* CLOCK_MONOTONIC */
	uint64_t filtered;
	uint64_t flushed; /* the id up to which readers know of the events */
	bool is_behind; /* BPF has counted what the summary does not know of */
	struct utsname host;
};

void live_free(struct live *l)
{
	if (!l)
		return;
	readers_free(l->readers);
	events_free(l->events);
	summary_free(l->summary);
	recent_close(&l->recent);
	out_free(l->line);
	free(l);
}

struct live *live_new(const struct options *o)
{
	struct live *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	l->options = o;
	uname(&l->host);
	l->summary = summary_new(0);
	l->events = events_new(RING_BYTES, RING_EVENTS);
	l->line = out_new(-1);
	if (l->summary && l->events && l->line)
		return l;
	live_free(l);
	return NULL;
}

/* The time when it began tells one run's ids from another's. */
int live_open(struct live *l, const struct http_library *mhd)
{
	char run[READERS_RUN_LEN];

	l->start_ns = clock_ns(CLOCK_REALTIME);
	snprintf(run, sizeof(run), "%llx", (unsigned long long)l->start_ns);
	l->readers = readers_new(mhd, l->events, run);
	return l->readers ? 0 : -ENOMEM;
}

/* Events */

static void keep(struct live *l, const struct record *r, const struct verdict *v)
{
	out_rewind(l->line, 0);
	json_put(l->line, &(struct style){0}, r, v);
	if (out_error(l->line))
		events_skip(l->events, 1);
	else
		events_put(l->events, out_data(l->line), out_mark(l->line) - 1); /* no '\n' */
}

struct counts_taker {
	struct live *live;
	uint64_t now_ns;
};

static void take_counts(void *context, const struct kind *kind, const struct kind_counts *counts)
{
	const struct counts_taker *t = context;

	summary_take_counts(t->live->summary, kind, counts, t->now_ns);
	recent_take_counts(&t->live->recent, kind, counts, t->now_ns);
}

/* 0 or -errno, reported. */
static int catch_up(struct live *l)
{
	struct counts_taker t = {l, clock_ns(CLOCK_REALTIME)};
	int err = l->probe ? probe_kinds(l->probe, take_counts, &t) : 0;

	l->is_behind = false;
	if (err)
		log_error("read the counts for %s: %s", l->sink->target, strerror(-err));
	return err;
}

/* Of a replay neither the host nor the time is this one's. */
static struct summary_source describe(const struct live *l)
{
	struct summary_source source = {
		.kind = "live",
		.version = VERSION,
		.filtered = l->filtered,
		.unwritten = sinks_all_unwritten(l->sink->all),
	};

	if (l->probe) {
		source.kernel = l->host.release;
		source.host = l->options->host;
		source.start_ns = l->start_ns;
		source.now_ns = clock_ns(CLOCK_REALTIME);
		source.recent_ns = recent_begin_ns(&l->recent);
		source.missed_runs = probe_missed_runs(l->probe);
	} else {
		source.files = &l->options->argument;
		source.files_len = 1;
	}
	return source;
}

/* What was counted till now is of the time before. */
static void turn_when_due(struct live *l)
{
	struct summary_source source;

	if (!recent_is_due(&l->recent, now_ns()))
		return;
	catch_up(l);
	source = describe(l);
	recent_turn(&l->recent, l->summary, &source, now_ns());
}

void live_start(struct live *l, const struct sink *sink, const struct probe *p)
{
	struct summary_source source;

	l->sink = sink;
	l->probe = p;
	source = describe(l);
	if (p)
		recent_open(&l->recent, l->summary, &source, now_ns());
}

static void take(struct live *l, const struct record *r, const struct verdict *v)
{
	summary_take(l->summary, r, v);
	recent_take(&l->recent, r, v);
}

/* What is suppressed the summary learns from BPF, and a summary of that says when to ask. */
void live_put(struct live *l, const struct record *r, const struct verdict *v)
{
	turn_when_due(l);
	if (l->probe && r->suppressed)
		l->is_behind = true;
	else
		take(l, r, v);
	keep(l, r, v);
}

void live_filtered(struct live *l)
{
	l->filtered++;
}

bool live_flush(struct live *l)
{
	if (l->is_behind)
		catch_up(l);
	if (l->flushed == events_next(l->events))
		return false;
	l->flushed = events_next(l->events);
	return readers_wake(l->readers);
}

/* Time */

uint64_t live_deadline_ns(const struct live *l)
{
	return readers_len(l->readers) ? l->beat_ns : UINT64_MAX;
}

void live_tick(struct live *l, uint64_t now)
{
	if (!readers_len(l->readers) || now < l->beat_ns)
		return;
	readers_beat(l->readers);
	l->beat_ns = now + BEAT_NS;
}

void live_end(struct live *l)
{
	if (l->readers)
		readers_end(l->readers);
}

bool live_has_readers(const struct live *l)
{
	return readers_len(l->readers);
}

/* Pages */

struct MHD_Response *live_answer_asset(struct live *l, struct http_request *r)
{
	const struct asset *a = page_asset(strcmp(r->path, "/") ? r->path + 1 : "page.html");

	return answer_bytes(r, a->data, a->len, a->type);
}

static const char bad_window[] = "window: run (the default) or recent\n";

static void put_summary(struct live *l, bool recent, struct out *o)
{
	struct summary_source source = describe(l);
	struct summary *summary = recent ? recent_summary(&l->recent, &source) : NULL;

	summary_put(summary ? summary : l->summary, &source, o);
}

/* While the run is not longer than that, what is recent is all of it. */
struct MHD_Response *live_answer_summary(struct live *l, struct http_request *r)
{
	const char *window = request_argument(r, "window");
	bool recent = window && !strcmp(window, "recent");
	struct out *out;
	int err;

	if (window && !recent && strcmp(window, "run"))
		return answer_error(r, MHD_HTTP_BAD_REQUEST, bad_window);
	out = out_new(-1);
	if (!out)
		return NULL;
	turn_when_due(l);
	err = catch_up(l);
	if (err)
		out_fail(out, err); /* numbers that are too small are worse than none */
	else
		put_summary(l, recent, out);
	return answer_out(r, out, TYPE_JSON);
}

struct MHD_Response *live_answer_catalogue(struct live *l, struct http_request *r)
{
	struct out *out = out_new(-1);

	if (!out)
		return NULL;
	catalogue_put(out);
	return answer_out(r, out, TYPE_JSON);
}

struct MHD_Response *live_answer_events(struct live *l, struct http_request *r)
{
	if (!readers_len(l->readers))
		l->beat_ns = now_ns() + BEAT_NS;
	return readers_answer(l->readers, r);
}
