// SPDX-License-Identifier: GPL-2.0
/*
 * What clients of the live page send: Host and Origin, the id of the last event. And the ring
 * behind it: whatever comes in whatever order, a reader's numbers add up.
 */
#include "event_stream.h"
#include "fuzz.h"
#include "request_source.h"

#define RUN "18e9"
#define TEXT_MAX 64

static void check_source(const char *text)
{
	const struct request_source host = {.host = text},
				    origin = {.host = "localhost", .origin = text};

	if (!request_source_error(&host, false))
		must(*text == '1' || *text == '[' || *text == 'l' || *text == 'L');
	if (!request_source_error(&origin, false))
		must(strlen(text) > strlen("://localhost") - 1);
}

/* Every id up to the last is told or missed, once. */
static void check_stream(struct event_stream *s, struct events *e, struct out *o)
{
	uint64_t before = s->cursor < events_next(e) ? s->cursor : events_next(e), told = 0;

	out_rewind(o, 0);
	event_stream_more(s, false, o);
	must(!out_error(o) && s->cursor >= before && s->cursor <= events_next(e));
	must(s->cursor >= events_first(e));
	for (size_t i = 0; i < out_mark(o); i++)
		told += out_data(o)[i] == '\n';
	must(told % 3 == 0 || told % 3 == 1); /* three lines an event, four of dropped */
}

static void use_ring(struct input *in, const char *last)
{
	struct events *e = events_new(TEXT_MAX * 3 / 2, 1 + input_below(in, 8));
	struct out *o = out_new(-1);
	struct event_stream s;
	char text[TEXT_MAX];

	must(e && o);
	memset(text, 'x', sizeof(text));
	event_stream_begin(&s, e, RUN, last, o);
	while (in->size) {
		switch (input_below(in, 8)) {
		case 0:
			events_skip(e, input_byte(in));
			break;
		case 1:
		case 2:
			check_stream(&s, e, o);
			break;
		default:
			events_put(e, text, input_below(in, TEXT_MAX));
		}
		must(events_first(e) <= events_next(e));
	}
	out_free(o);
	events_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	char last[32];
	char *text = text_of_input(data, size);

	check_source(text);
	free(text);
	input_string(&in, last, sizeof(last));
	use_ring(&in, last);
	return 0;
}
