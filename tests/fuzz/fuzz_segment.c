// SPDX-License-Identifier: GPL-2.0
/* What a peer can choose: flags, options, lengths and payload of a segment, on a usual connection. */
#include "causes.h"
#include "facts.h"
#include "fuzz.h"
#include "packet.h"

#define KINDS 256

static struct record usual(struct input *in)
{
	static const uint8_t states[] = {STATE_UNKNOWN,    STATE_ESTABLISHED, STATE_SYN_SENT,
					 STATE_SYN_RECV,   STATE_FIN_WAIT2,   STATE_TIME_WAIT,
					 STATE_CLOSE_WAIT, STATE_LISTEN,      STATE_CLOSE};
	struct event e = {
		.time_ns = 1000000000000,
		.jiffies = 300000,
		.sk = 1,
		.have = HAVE_SOCK | HAVE_SEGMENT | HAVE_TASK | HAVE_LISTENER,
		.family = 2,
		.flow = {.local_port = 80, .peer_port = 40000, .netns = 1},
		.sock = {.rcv_nxt = 1000, .rcv_wnd = 65535, .snd_una = 500, .snd_nxt = 600},
		.task = {.pid = 7, .comm = "a"},
	};
	struct record r = {.hz = 250};

	e.direction = 1 + input_below(in, 2);
	e.state = states[input_below(in, sizeof(states))];
	e.sock.bits = input_byte(in) << 6;
	if (input_byte(in) % 2)
		e.flow.local[10] = e.flow.local[11] = e.flow.peer[10] = e.flow.peer[11] = 0xff;
	record_begin(&r, &e);
	r.reason = input_below(in, REASON_MAX);
	r.reason_name = r.reason ? "A_REASON" : NULL;
	return r;
}

/* As bpf/segment.bpf.h fills it. */
static void give_segment(struct input *in, struct segment *s)
{
	input_bytes(in, s, offsetof(struct segment, options_len));
	s->conntrack = input_below(in, CONNTRACK_INVALID + 1);
	s->payload_len = s->length == PAYLOAD_LEN ? PAYLOAD_LEN : 0;
	input_bytes(in, s->payload, s->payload_len);
	s->options_len = in->size < OPTIONS_LEN ? in->size / 4 * 4 : OPTIONS_LEN;
	input_bytes(in, s->options, s->options_len);
}

static void check_options(const struct record *r)
{
	const struct segment *s = &r->e.segment;
	uint32_t value, echo;

	for (unsigned kind = 0; kind < KINDS; kind++) {
		const uint8_t *option = segment_option(r, kind);

		must(!option || (option >= s->options && option[1] >= 2 &&
				 option + option[1] <= s->options + s->options_len));
	}
	segment_timestamp(r, &value, &echo);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct record r = usual(&in);
	struct packet packet;
	struct verdict v;

	give_segment(&in, &r.e.segment);
	check_options(&r);
	must(packet_of(&r, &packet) && packet.len <= PACKET_MAX && packet.len <= packet.wire_len);
	judge(&r, &v);
	outputs_check(&r, &v);
	return 0;
}
