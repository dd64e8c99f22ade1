// SPDX-License-Identifier: GPL-2.0
/* What one reader of /events gets, as text/event-stream. */
#include "event_stream.h"

#include <stdlib.h>

#define ENOUGH 8192 /* bytes: about what one write to the reader takes */

/* "RUN-17". false: of another run, or of nobody. */
static bool id_of_run(const char *text, const char *run, uint64_t *ret)
{
	size_t len = strlen(run);
	uint64_t id;
	char *end;

	if (strncmp(text, run, len) || text[len] != '-' || text[len + 1] < '0' ||
	    text[len + 1] > '9')
		return false;
	id = strtoull(text + len + 1, &end, 10);
	if (*end)
		return false;
	*ret = id;
	return true;
}

void event_stream_begin(struct event_stream *s, const struct events *events, const char *run,
			const char *last, struct out *o)
{
	uint64_t id = 0;

	*s = (struct event_stream){.events = events, .run = run};
	out_string(o, "retry: 1000\n\n"); /* ms, till a browser that was cut off comes back */
	if (last && *last) {
		s->other_run = !id_of_run(last, run, &id);
		s->cursor = id + 1;
	} else {
		s->cursor = events_first(events);
	}
}

static void put_id(const struct event_stream *s, uint64_t id, struct out *o)
{
	out_string(o, "id: ");
	out_string(o, s->run);
	out_char(o, '-');
	out_number(o, id);
	out_char(o, '\n');
}

/* With the id of the last one missed: who comes back with it is not told twice. */
static void put_dropped(struct event_stream *s, struct out *o)
{
	uint64_t missed = events_catch_up(s->events, &s->cursor);

	if (!missed && !s->other_run)
		return;
	out_string(o, "event: dropped\n");
	put_id(s, s->cursor - 1, o);
	out_string(o, "data: {\"missed\":");
	out_number(o, missed);
	if (s->other_run)
		out_string(o, ",\"restart\":true");
	out_string(o, "}\n\n");
	s->other_run = false;
}

/* A line of JSON has no end of line in it, whatever the names of processes hold. */
static void put_events(struct event_stream *s, struct out *o)
{
	size_t begin = out_mark(o), len;
	const char *line;

	while (out_mark(o) - begin < ENOUGH && (line = events_text(s->events, s->cursor, &len))) {
		put_id(s, s->cursor++, o);
		out_string(o, "data: ");
		out_bytes(o, line, len);
		out_string(o, "\n\n");
	}
}

void event_stream_more(struct event_stream *s, bool is_end, struct out *o)
{
	if (s->said_bye)
		return;
	put_dropped(s, o);
	put_events(s, o);
	if (!is_end || s->cursor != events_next(s->events))
		return;
	out_string(o, "event: bye\ndata: {}\n\n");
	s->said_bye = true;
}
