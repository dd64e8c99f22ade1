// SPDX-License-Identifier: GPL-2.0
/* Facts that make no sense, names of anybody: judge and every format. */
#include "causes.h"
#include "community_id.h"
#include "fuzz.h"

static const char *const frames[] = {
	"tcp_send_active_reset", "__tcp_close",         "mptcp_worker",
	"tcp_abort.part.0",      "tcp_keepalive_timer", "inet_csk_listen_stop",
	"inet_child_forget",     "tcp_disconnect",      "tcp_v4_rcv",
	"tcp_rcv_state_process", "tcp_write_timeout",   "x",
};

#define FRAMES (sizeof(frames) / sizeof(frames[0]))

/* Names of the kernel's and of ours, everything else as it comes. */
static void give_names(struct input *in, struct record *r)
{
	r->hz = input_byte(in) % 2 ? 250 : 0;
	r->reason = input_below(in, REASON_MAX);
	r->reason_name = r->reason ? "A_REASON" : NULL;
	r->drop_reason = input_byte(in) % 2 ? "TCP_RESET" : NULL;
	r->location = input_byte(in) % 2 ? frames[input_below(in, FRAMES)] : NULL;
	r->stack_len = input_below(in, STACK_DEPTH + 1);
	for (unsigned i = 0; i < r->stack_len; i++)
		r->stack[i] = frames[input_below(in, FRAMES)];
	strcpy(r->id, "0123456789abcdef");
	community_id(&r->e.flow, r->community_id);
}

static void give_words(struct input *in, struct record *r)
{
	static char host[300];

	input_string(in, r->cgroup, sizeof(r->cgroup));
	input_string(in, r->executable, sizeof(r->executable));
	input_string(in, r->limits, sizeof(r->limits));
	container_of(r->cgroup, &r->container);
	r->executable_pid = input_byte(in) % 2 ? r->e.task.pid : 1;
	if (input_byte(in) % 2) {
		strcpy(r->pair, "fedcba9876543210");
		input_string(in, r->pair_name, sizeof(r->pair_name));
		r->pair_answers = input_byte(in) % 2;
		r->pair_cause = cause_at(input_below(in, 20))->id;
	}
	input_string(in, host, sizeof(host));
	r->host = *host ? host : NULL;
}

/* What BPF promises: bpf/event.h. */
static void keep_promises(struct event *e)
{
	e->direction %= DIRECTION_MAX;
	e->hook %= HOOK_MAX;
	e->kind.direction = e->direction;
	e->segment.options_len %= OPTIONS_LEN + 1;
	e->segment.payload_len = e->segment.payload_len % 2 ? PAYLOAD_LEN : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct record r;
	struct input input = {data, size}, *in = &input;
	struct event e;
	struct verdict v;

	input_bytes(in, &e, sizeof(e));
	keep_promises(&e);
	record_begin(&r, &e);
	input_bytes(in, &r.time_ns, sizeof(r.time_ns));
	input_bytes(in, &r.owner, sizeof(r.owner));
	give_names(in, &r);
	give_words(in, &r);
	judge(&r, &v);
	outputs_check(&r, &v);
	return 0;
}
