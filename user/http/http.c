// SPDX-License-Identifier: GPL-2.0
/*
 * Serves what the events add up to, and the events, over HTTP: the sink that feeds the pages and
 * lets the server run. An answer is made of what has come until then.
 */
#include "http.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "http_live.h"
#include "http_metrics.h"
#include "http_routes.h"
#include "http_server.h"
#include "log.h"
#include "options.h"

#define FINISH_NS 300000000ULL /* the end of the run waits so long for readers */

struct http {
	struct sink sink; /* first: it is what others know of the server */
	struct http_server server;
	struct http_pages pages;
};

static struct http *http_of(struct sink *sink)
{
	return (struct http *)sink;
}

static void http_close(struct sink *sink)
{
	struct http *h = http_of(sink);

	if (h->pages.live)
		live_end(h->pages.live);
	http_server_close(&h->server);
	live_free(h->pages.live);
	http_metrics_free(h->pages.metrics);
	free(h);
}

static int no_memory(const struct options *o)
{
	log_error("prepare to listen on %s: %s", o->listen, strerror(ENOMEM));
	return -ENOMEM;
}

static int open_all(struct http *h, const struct options *o)
{
	const char *what =
		o->is_public ? "metrics, and events with names and addresses," : "metrics";
	int err;

	h->pages.is_public = o->is_public;
	h->pages.clients = &h->server.clients;
	h->pages.metrics = http_metrics_new(o);
	h->pages.live = live_new(o);
	if (!h->pages.metrics || !h->pages.live)
		return no_memory(o);
	err = http_server_open(&h->server, o->listen, what, http_route, &h->pages);
	if (err)
		return err;
	h->pages.mhd = h->server.mhd;
	return live_open(h->pages.live, h->pages.mhd) ? no_memory(o) : 0;
}

static int http_open(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	struct http *h;
	int err;

	if (!o->listen)
		return 0;
	h = calloc(1, sizeof(*h));
	if (!h)
		return no_memory(o);
	h->sink.class = &http_class;
	h->sink.target = o->listen;
	err = open_all(h, o);
	if (err)
		http_close(&h->sink);
	else
		*ret = &h->sink;
	return err;
}

static void http_start(struct sink *sink, const struct probe *p)
{
	struct http *h = http_of(sink);

	http_metrics_start(h->pages.metrics, sink, p, &h->server.clients);
	live_start(h->pages.live, sink, p);
}

static void http_put(struct sink *sink, const struct record *r, const struct verdict *v)
{
	struct http *h = http_of(sink);

	http_metrics_put(h->pages.metrics, r, v);
	live_put(h->pages.live, r, v);
}

static void http_filtered(struct sink *sink, const struct record *r)
{
	struct http *h = http_of(sink);

	http_metrics_filtered(h->pages.metrics, r);
	live_filtered(h->pages.live);
}

/* Nothing is ever lost here without a word: a counter cannot fail, and a reader is told. */
static int http_flush(struct sink *sink)
{
	struct http *h = http_of(sink);

	if (live_flush(h->pages.live))
		http_server_run(&h->server);
	return 0;
}

static int http_poll_fd(struct sink *sink)
{
	return http_server_fd(&http_of(sink)->server);
}

static uint64_t http_deadline_ns(struct sink *sink)
{
	struct http *h = http_of(sink);
	uint64_t server = http_server_deadline_ns(&h->server);
	uint64_t live = live_deadline_ns(h->pages.live);

	return server < live ? server : live;
}

static void http_ready(struct sink *sink, short revents)
{
	struct http *h = http_of(sink);

	live_tick(h->pages.live, now_ns());
	http_server_run(&h->server);
}

static int wait_ms(const struct http *h, uint64_t now, uint64_t end)
{
	uint64_t due = http_server_deadline_ns(&h->server);

	due = due < end ? due : end;
	return due > now ? (due - now) / 1000000 + 1 : 0;
}

static void http_finish(struct sink *sink)
{
	struct http *h = http_of(sink);
	uint64_t now = now_ns(), end = now + FINISH_NS;
	struct pollfd fd = {.fd = http_server_fd(&h->server), .events = POLLIN};

	live_end(h->pages.live);
	for (; now < end && live_has_readers(h->pages.live); now = now_ns()) {
		http_server_run(&h->server);
		if (live_has_readers(h->pages.live))
			poll(&fd, 1, wait_ms(h, now, end));
	}
}

const struct sink_class http_class = {
	.open = http_open,
	.start = http_start,
	.put = http_put,
	.filtered = http_filtered,
	.flush = http_flush,
	.poll_fd = http_poll_fd,
	.poll_events = POLLIN,
	.deadline_ns = http_deadline_ns,
	.ready = http_ready,
	.finish = http_finish,
	.close = http_close,
};
