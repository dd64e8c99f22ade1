// SPDX-License-Identifier: GPL-2.0
/*
 * Many segments of few peers, in any order and at any time: what history makes of them, what waits in
 * hold, and the verdicts.
 */
#include "causes.h"
#include "facts.h"
#include "fuzz.h"
#include "history.h"
#include "hold.h"

#define PEERS 3
#define PORTS 8

/* Of few peers and ports, or nothing would ever match. */
static void give_event(struct input *in, struct event *e, uint64_t *now_ns)
{
	uint64_t step = input_byte(in);

	memset(e, 0, sizeof(*e));
	*now_ns += step * step * step * 1000000;
	e->time_ns = *now_ns;
	e->have = input_byte(in) | HAVE_SEGMENT;
	e->direction = input_below(in, DIRECTION_MAX);
	e->state = input_below(in, STATE_MAX);
	e->sk = input_below(in, PEERS);
	e->flow.peer[15] = input_below(in, PEERS);
	e->flow.local_port = input_below(in, PORTS);
	e->flow.peer_port = input_below(in, PORTS);
	e->sock.rcv_nxt = (uint32_t)input_byte(in) << 24;
	e->sock.bits = input_byte(in) << 5;
	input_bytes(in, &e->segment, offsetof(struct segment, tos));
	e->segment.options_len = 0;
	e->segment.payload_len = 0;
}

static void show(struct record *r, struct history *h)
{
	struct verdict v;

	history_add(h, r);
	judge(r, &v);
	must(v.cause && v.summary[0] && strlen(v.summary) < TEXT_LEN);
	must(v.hints_len <= HINTS_MAX && v.evidence_len <= EVIDENCE_MAX);
}

static void take(struct input *in, struct history *h, struct hold *hold, uint64_t *now_ns)
{
	struct record *r;
	struct event e;

	while ((r = hold_pop(hold, *now_ns)))
		show(r, h);
	must(!hold_is_full(hold));
	give_event(in, &e, now_ns);
	r = hold_slot(hold);
	record_begin(r, &e);
	r->time_ns = e.time_ns;
	r->hz = 250;
	memcpy(r->id, "0123456789abcdef", sizeof(r->id));
	hold_push(hold, *now_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct history *h = history_new();
	struct hold *hold = hold_new();
	uint64_t now_ns = 1000000000;
	struct record *r;

	must(h && hold);
	while (in.size)
		take(&in, h, hold, &now_ns);
	while ((r = hold_drain(hold)))
		show(r, h);
	hold_free(hold);
	history_free(h);
	return 0;
}
