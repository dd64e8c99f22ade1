/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The live page and what feeds it: /, /api/summary, /api/catalogue, /events.
 *
 * Summary and the last events are kept from the beginning: who looks comes after the incident.
 */
#ifndef RSTWHY_HTTP_LIVE_H
#define RSTWHY_HTTP_LIVE_H

#include "http_answer.h"
#include "options.h"
#include "sink.h"

struct live;

struct live *live_new(const struct options *o); /* NULL: no memory */
void live_free(struct live *l); /* when the server is closed */

/* The server is open. 0 or -ENOMEM. */
int live_open(struct live *l, const struct http_library *mhd);

/* Tracing begins: see sink.h. `sink`: the one that serves. */
void live_start(struct live *l, const struct sink *sink, const struct probe *p);
void live_put(struct live *l, const struct record *r, const struct verdict *v);
void live_filtered(struct live *l);

/* What came since is for readers. true: the server is to run. */
bool live_flush(struct live *l);

uint64_t live_deadline_ns(const struct live *l); /* CLOCK_MONOTONIC */
void live_tick(struct live *l, uint64_t now_ns); /* at the deadline, or before */

/* Each reader gets what is left and a farewell; until then there are some, and the server is to
 * run. To be called before the server is closed. */
void live_end(struct live *l);
bool live_has_readers(const struct live *l);

struct MHD_Response *live_answer_asset(struct live *l, struct http_request *r);
struct MHD_Response *live_answer_summary(struct live *l, struct http_request *r);
struct MHD_Response *live_answer_catalogue(struct live *l, struct http_request *r);
struct MHD_Response *live_answer_events(struct live *l, struct http_request *r);

#endif
