/* SPDX-License-Identifier: GPL-2.0 */
/* /metrics: what the events add up to, of the moment of the request. */
#ifndef RSTWHY_HTTP_METRICS_H
#define RSTWHY_HTTP_METRICS_H

#include "http_answer.h"
#include "options.h"
#include "sink.h"

struct http_clients;
struct http_metrics;

struct http_metrics *http_metrics_new(const struct options *o); /* NULL: no memory */
void http_metrics_free(struct http_metrics *h);

/* Tracing begins: see sink.h. `sink`: the one that serves them, to these clients. */
void http_metrics_start(struct http_metrics *h, const struct sink *sink, const struct probe *p,
			const struct http_clients *clients);
void http_metrics_put(struct http_metrics *h, const struct record *r, const struct verdict *v);
void http_metrics_filtered(struct http_metrics *h, const struct record *r);

struct MHD_Response *http_metrics_answer(struct http_metrics *h, struct http_request *r);

#endif
