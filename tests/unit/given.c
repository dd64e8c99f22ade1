// SPDX-License-Identifier: GPL-2.0
/* Records for the tests. */
#include "given.h"

#include <stdio.h>
#include <string.h>

#include "facts.h"

#define SECOND 1000000000ULL

/* Far from 0, so that a fact taken from the wrong place shows. */
#define RCV_NXT 700000
#define SND_NXT 900000

static const struct task people[PERSON_MAX] = {
	[RUNNER] = {.pid = 100, .comm = "runner"},     [OWNER] = {.pid = 200, .comm = "owner"},
	[CLOSER] = {.pid = 300, .comm = "closer"},     [OPENER] = {.pid = 400, .comm = "opener"},
	[LISTENER] = {.pid = 500, .comm = "listener"},
};

const char *person_name(enum person p)
{
	static const char *const names[PERSON_MAX] = {
		[NOBODY] = "the application", [RUNNER] = "runner (100)",
		[OWNER] = "owner (200)",      [CLOSER] = "closer (300)",
		[OPENER] = "opener (400)",    [LISTENER] = "listener (500)",
	};

	return names[p];
}

unsigned person_pid(enum person p)
{
	return people[p].pid;
}

static const char *reason_name(enum reason reason)
{
#define REASON_NAME(name) [REASON_##name] = #name,
	static const char *const names[REASON_MAX] = {REASONS(REASON_NAME)};
#undef REASON_NAME

	return names[reason];
}

static bool is_mini(enum tcp_state state)
{
	return state == STATE_TIME_WAIT || state == STATE_NEW_SYN_RECV;
}

static void give_flow(struct flow *flow)
{
	*flow = (struct flow){
		.local = {[10] = 0xff, 0xff, 10, 0, 0, 1},
		.peer = {[10] = 0xff, 0xff, 10, 0, 0, 2},
		.local_port = 80,
		.peer_port = 41234,
		.netns = 4026531840u,
	};
}

static uint32_t ago(uint32_t ms, uint32_t otherwise_ms)
{
	return (uint32_t)NOW_JIFFIES - (ms ? ms : otherwise_ms) * HZ / 1000;
}

static void give_sock(struct event *e, const struct given *g)
{
	uint32_t fin = g->bits & SOCK_BIT_DONE ? 1 : 0;

	e->have |= HAVE_SOCK;
	e->sock = (struct sock_facts){
		.bits = g->bits,
		.shutdown = g->shutdown,
		.inode = 77,
		.uid = 33,
		.rcv_nxt = RCV_NXT,
		.copied_seq = RCV_NXT - g->unread - fin,
		.snd_una = SND_NXT - g->unacked,
		.snd_nxt = SND_NXT,
		.write_seq = SND_NXT,
		.linger_jiffies = g->linger_jiffies,
		.linger2_jiffies = g->linger2_jiffies,
		.backlog = g->backlog,
		.max_backlog = g->max_backlog,
		.user_timeout_ms = g->user_timeout_ms,
		.bytes_sent = g->bytes_sent,
		.bytes_acked = g->bytes_acked,
		.bytes_received = g->bytes_received,
		.srtt_us8 = g->srtt_ms * 8000,
		.retransmits = g->retransmits,
		.probes_out = g->probes_out,
		.err_soft = g->err_soft,
		.lsnd_jiffies = ago(g->sent_ago_ms, 20000),
		.lrcv_jiffies = ago(g->data_ago_ms, 15000),
		.rcv_jiffies = ago(g->heard_ago_ms, 12000),
		.keepalive_time_jiffies = 60 * HZ,
		.keepalive_intvl_jiffies = 5 * HZ,
		.keepalive_probes = 9,
	};
	/* Our SYN is out: it alone is not acknowledged. */
	if (g->state == STATE_SYN_SENT)
		e->sock.snd_una = SND_NXT - 1;
}

static void give_segment(struct event *e, const struct given *g)
{
	e->have |= HAVE_SEGMENT;
	e->segment = (struct segment){
		.flags = g->flags,
		.length = g->length,
		.window = g->window,
		.seq = g->seq,
		.ack = g->ack,
		.ttl = g->ttl ? g->ttl : 64,
		.ip_id = g->ip_id,
		.dont_fragment = g->dont_fragment,
		.conntrack = g->conntrack_invalid ? CONNTRACK_INVALID : CONNTRACK_VALID,
	};
	if (g->payload) {
		memcpy(e->segment.payload, g->payload, PAYLOAD_LEN);
		e->segment.payload_len = PAYLOAD_LEN;
	}
	if (g->timestamp) {
		memcpy(e->segment.options, "\1\1\10\12\0\0\0\1\0\0\0\2", 12);
		e->segment.options_len = 12;
	} else if (g->join) {
		memcpy(e->segment.options, "\36\14\20\1\0\0\0\1\0\0\0\2", 12);
		e->segment.options_len = 12;
	}
}

static void give_life(struct event *e, const struct given *g)
{
	struct life *life = &e->life;

	if (g->knows & KNOWS(OPENER))
		life->opener = people[OPENER];
	if (g->knows & KNOWS(CLOSER)) {
		life->closer = people[CLOSER];
		life->closed_ns = NOW_NS - 3 * SECOND;
	}
	life->born_ns = NOW_NS - 10 * SECOND;
	life->err = g->err;
	life->last_state = g->was;
	if (g->ended.last_state) {
		e->have |= HAVE_ENDED;
		life->last_state = g->ended.last_state;
		life->end = g->ended.end;
		life->snd_nxt = g->ended.snd_nxt;
		life->rcv_nxt = g->ended.rcv_nxt;
		life->ended_ns = NOW_NS - 2 * SECOND;
	} else {
		e->have |= HAVE_LIFE;
		life->ended_ns = g->state == STATE_CLOSE ? NOW_NS : 0;
	}
}

static void give_people(struct record *r, const struct given *g)
{
	r->e.have |= HAVE_TASK;
	r->e.task = people[RUNNER];
	r->e.task.flags = g->task_flags;
	r->e.task.exit_signal = g->task_signal;
	if (g->knows & KNOWS(OWNER))
		r->owner = people[OWNER];
	if (g->knows & KNOWS(LISTENER)) {
		r->e.have |= HAVE_LISTENER;
		r->e.listener = people[LISTENER];
	}
}

static void give_stack(struct record *r, const struct given *g)
{
	while (r->stack_len < sizeof(g->stack) / sizeof(g->stack[0]) && g->stack[r->stack_len]) {
		r->stack[r->stack_len] = g->stack[r->stack_len];
		r->stack_len++;
	}
}

struct record record_of(const struct given *g)
{
	static const enum direction directions[] = {
		[ACTIVE] = DIRECTION_SENT,
		[ANSWER] = DIRECTION_SENT,
		[RECEIVED] = DIRECTION_RECEIVED,
		[SILENT] = DIRECTION_NONE,
	};
	struct record r = {
		.e =
			{
				.time_ns = NOW_NS,
				.jiffies = NOW_JIFFIES,
				.direction = directions[g->kind],
				.state = g->state,
				.family = g->state ? 2 : 0,
				.sk = g->state ? 0xffff888000001000 : 0,
				.mini = is_mini(g->state),
				.nf_hook = g->nf_hook,
			},
		.hz = HZ,
		.reason = g->reason,
		.reason_name = reason_name(g->reason),
		.drop_reason = g->drop_reason,
		.history = g->history,
		.location = g->location,
	};

	give_flow(&r.e.flow);
	if (g->reason)
		r.e.have |= HAVE_REASON;
	if (g->state == STATE_TIME_WAIT)
		r.e.have |= HAVE_TIMEWAIT;
	if (g->state && !is_mini(g->state))
		give_sock(&r.e, g);
	if (g->kind == ANSWER || g->flags)
		give_segment(&r.e, g);
	if (g->ended.last_state || g->was || g->err || g->knows & (KNOWS(OPENER) | KNOWS(CLOSER)))
		give_life(&r.e, g);
	give_people(&r, g);
	give_stack(&r, g);
	if (g->drop_reason)
		r.e.have |= HAVE_DROP_REASON;
	if (g->paired)
		memcpy(r.pair, "0123456789abcdef", sizeof(r.pair));
	return r;
}

void take_reason(struct record *r)
{
	r->reason = REASON_NONE;
	r->reason_name = NULL;
	r->e.have &= ~HAVE_REASON;
}

void take_stack(struct record *r)
{
	r->stack_len = 0;
}
