/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What one reader of /events gets, as text/event-stream (WHATWG HTML, 9.2):
 *
 *   id: RUN-17                    one event: a line of --format=json
 *   data: {"time":...}
 *
 *   event: dropped                it was too slow, or came back too late: so many are not to be had
 *   id: RUN-16                    "restart": what it read before was another run, of which more may
 *   data: {"missed":9}            be missing
 *
 *   event: bye                    the run has ended
 *   data: {}
 *
 * The id, of which only the server knows the meaning, says where to go on. Pure.
 */
#ifndef RSTWHY_EVENT_STREAM_H
#define RSTWHY_EVENT_STREAM_H

#include "events.h"
#include "out.h"

struct event_stream {
	const struct events *events;
	const char *run; /* letters and digits: tells this run's ids from others' */
	uint64_t cursor; /* the event that comes next */
	bool other_run; /* it has read another run: that is to be told */
	bool said_bye; /* nothing comes any more */
};

/* `last`: the id that it has got last, in the form of above or anything; NULL, "": it is new, and
 * gets all that is kept. */
void event_stream_begin(struct event_stream *s, const struct events *events, const char *run,
			const char *last, struct out *o);

/* Some of what there is, whole events, a few kilobytes. `is_end`: the last one is there. */
void event_stream_more(struct event_stream *s, bool is_end, struct out *o);

#endif
