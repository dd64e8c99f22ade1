/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /events: the events as they happen, to any number of readers up to a limit (server-sent events).
 * Each reader is a cursor in the ring of the last events and has no more of its own than a few
 * kilobytes: one that is too slow falls out of the ring, is told how many it has missed, and goes
 * on with the oldest there is.
 */
#ifndef RSTWHY_HTTP_EVENTS_H
#define RSTWHY_HTTP_EVENTS_H

#include "events.h"
#include "http_answer.h"

struct readers;

/* `run`, of at most READERS_RUN_LEN - 1 letters and digits, tells this run's ids from others'. */
#define READERS_RUN_LEN 24

struct readers *readers_new(const struct http_library *mhd, const struct events *events,
			    const char *run);
void readers_free(struct readers *s); /* when the server is closed */

struct MHD_Response *readers_answer(struct readers *s, struct http_request *r);

unsigned readers_len(const struct readers *s);
bool readers_wake(struct readers *s); /* there are new events. true: the server is to run */
void readers_beat(struct readers *s); /* a sign of life to each: who is gone is found so */

/* Each gets what is left and a farewell. To be called before the server is closed. */
void readers_end(struct readers *s);

#endif
