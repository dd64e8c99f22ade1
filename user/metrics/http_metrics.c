// SPDX-License-Identifier: GPL-2.0
/* /metrics: what the events add up to, of the moment of the request. */
#include "http_metrics.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "accept.h"
#include "blind.h"
#include "clock.h"
#include "http_clients.h"
#include "log.h"
#include "metrics.h"
#include "probe.h"

#ifndef VERSION
#define VERSION "0"
#endif

struct http_metrics {
	struct metrics *metrics;
	const struct http_clients *clients;
	const struct sink *sink;
	const struct probe *probe; /* NULL: a replay, all of which is in the events */
	double start_time; /* seconds since 1970 */
	struct utsname kernel;
};

struct http_metrics *http_metrics_new(const struct options *o)
{
	struct http_metrics *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	uname(&h->kernel);
	h->metrics = metrics_new(o->label, o->config.silent);
	if (h->metrics)
		return h;
	free(h);
	return NULL;
}

void http_metrics_free(struct http_metrics *h)
{
	if (!h)
		return;
	metrics_free(h->metrics);
	free(h);
}

void http_metrics_start(struct http_metrics *h, const struct sink *sink, const struct probe *p,
			const struct http_clients *clients)
{
	h->clients = clients;
	h->sink = sink;
	h->probe = p;
	h->start_time = (double)clock_ns(CLOCK_REALTIME) / 1e9;
}

void http_metrics_put(struct http_metrics *h, const struct record *r, const struct verdict *v)
{
	if (!r->suppressed)
		metrics_shown(h->metrics, r, v);
	else if (!h->probe) /* else BPF is asked, when it is wanted */
		metrics_suppressed(h->metrics, r, v);
}

void http_metrics_filtered(struct http_metrics *h, const struct record *r)
{
	metrics_filtered(h->metrics, r);
}

static void take_counts(void *context, const struct kind *kind, const struct kind_counts *counts)
{
	metrics_take_counts(context, kind, counts);
}

static void list_spots(const struct hooks *hooks, struct metrics_facts *f)
{
	const size_t max = sizeof(f->spots) / sizeof(f->spots[0]);

	for (const struct blind *b = blind_spots; b->id && f->spots_len < max; b++)
		f->spots[f->spots_len++] = (struct metrics_spot){b->id, b->is_blind(hooks)};
}

static void list_outputs(const struct sinks *sinks, struct metrics_facts *f)
{
	_Static_assert(sizeof(f->outputs) / sizeof(f->outputs[0]) >= SINKS_MAX, "room for all");

	for (unsigned i = 0; i < sinks->len; i++)
		if (sinks->list[i]->name)
			f->outputs[f->outputs_len++] =
				(struct metrics_output){sinks->list[i]->name,
							sinks->list[i]->unwritten};
}

/* 0 or -errno, reported: numbers that are too small are worse than none. */
static int collect(const struct http_metrics *h, struct metrics_facts *f)
{
	int err = 0;

	*f = (struct metrics_facts){
		.version = VERSION,
		.kernel = h->kernel.release,
		.start_time = h->start_time,
		.cut_slow = h->clients->cut[HTTP_CUT_SLOW],
		.cut_crowded = h->clients->cut[HTTP_CUT_CROWDED],
	};
	list_outputs(h->sink->all, f);
	if (h->probe) {
		f->missed_runs = probe_missed_runs(h->probe);
		f->skipped_runs = probe_skipped_runs(h->probe);
		list_spots(probe_hooks(h->probe), f);
		err = probe_kinds(h->probe, take_counts, h->metrics);
	}
	if (err)
		log_error("read the counts for %s: %s", h->sink->target, strerror(-err));
	return err;
}

struct MHD_Response *http_metrics_answer(struct http_metrics *h, struct http_request *r)
{
	static const char *const types[] = {
		"text/plain; version=0.0.4; charset=utf-8",
		"application/openmetrics-text; version=1.0.0; charset=utf-8",
	};
	const char *accept = request_header(r, MHD_HTTP_HEADER_ACCEPT);
	struct exposition x = {.out = out_new(-1), .openmetrics = accept_is_openmetrics(accept)};
	struct MHD_Response *response;
	struct metrics_facts facts;

	if (!x.out)
		return NULL;
	if (collect(h, &facts))
		out_fail(x.out, -EIO);
	else
		metrics_print(h->metrics, &facts, &x);
	response = answer_out(r, x.out, types[x.openmetrics]);
	answer_header(r, response, MHD_HTTP_HEADER_VARY, MHD_HTTP_HEADER_ACCEPT);
	return response;
}
