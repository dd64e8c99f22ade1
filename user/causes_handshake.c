// SPDX-License-Identifier: GPL-2.0
/* Sent: a segment met a handshake and does not fit it. Kernel sites 20-25. */
#include "causes.h"

#include "answer.h"
#include "facts.h"
#include "who.h"

static bool test_accept_queue(const struct record *r, struct verdict *v)
{
	const struct sock_facts *s = &r->e.sock;
	bool full = s->backlog > s->max_backlog;

	if (!at_listener(r) || carries(r, TCP_SYN, TCP_SYN))
		return false;
	if (r->reason == REASON_NONE ? !full : r->reason != REASON_INVALID_SYN)
		return false;
	who_listens(r, v);
	v->site = "tcp_check_req";
	v->confidence = r->reason == REASON_NONE ? LIKELY : CERTAIN;
	verdict_summary(
		v, "the accept queue of %s is full (%u of %u), and tcp_abort_on_overflow is on",
		v->who ? v->name : "the listener", s->backlog, s->max_backlog);
	verdict_evidence(v, "accept queue: %u waiting, limit %u", s->backlog, s->max_backlog);
	verdict_evidence(v,
			 "net.ipv4.tcp_abort_on_overflow = 1, or the handshake would be dropped");
	return true;
}

static bool test_bad_syn(const struct record *r, struct verdict *v)
{
	if (!is_answer(r) || !carries(r, TCP_SYN, TCP_SYN | TCP_ACK))
		return false;
	if (r->e.state != STATE_LISTEN && r->e.state != STATE_SYN_RECV)
		return false;
	who_listens(r, v);
	v->site = "tcp_check_req";
	v->confidence = r->reason == REASON_INVALID_SYN ? CERTAIN : LIKELY;
	verdict_summary(v, "a second, different SYN arrived during the handshake");
	say_trigger(r, v);
	verdict_evidence(v, "a handshake was under way on this flow");
	return true;
}

static bool test_bad_timestamp(const struct record *r, struct verdict *v)
{
	if (!is_answer(r) || r->e.state != STATE_SYN_SENT || r->reason != REASON_TCP_RFC7323_PAWS)
		return false;
	who_connected(r, v);
	v->site = "tcp_rcv_synsent_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "the SYN-ACK echoes a timestamp this host never sent");
	say_trigger(r, v);
	verdict_evidence(v, "the connect() goes on: only the peer's idea of it is reset");
	return true;
}

static bool test_bad_ack(const struct record *r, struct verdict *v)
{
	if (!is_answer(r) || (r->e.state != STATE_SYN_SENT && r->e.state != STATE_SYN_RECV))
		return false;
	who_holds(r, v);
	v->site = "tcp_rcv_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "an ACK that does not cover our %s arrived during the handshake",
			r->e.state == STATE_SYN_SENT ? "SYN" : "SYN-ACK");
	say_trigger(r, v);
	verdict_evidence(v, "ack %u, expected %u", r->e.segment.ack, r->e.sock.snd_nxt);
	verdict_evidence(v, "the handshake goes on: only the peer's idea of it is reset");
	return true;
}

static bool test_child_rejected(const struct record *r, struct verdict *v)
{
	if (!is_answer(r) || r->e.mini || !r->e.sk || carries(r, TCP_SYN, TCP_SYN))
		return false;
	if (r->e.state != STATE_LISTEN && r->e.state != STATE_ESTABLISHED)
		return false;
	who_listens(r, v);
	v->site = "tcp_child_process";
	v->confidence = POSSIBLE;
	verdict_summary(v, "the connection just made refused the segment that completed it");
	say_trigger(r, v);
	return true;
}

const struct cause causes_handshake[] = {
	{
		.id = "handshake-bad-syn",
		.title = "second, different SYN during the handshake",
		.direction = DIRECTION_SENT,
		.test = test_bad_syn,
	},
	{
		.id = "accept-queue-overflow",
		.title = "accept queue full, tcp_abort_on_overflow = 1",
		.direction = DIRECTION_SENT,
		.test = test_accept_queue,
	},
	{
		.id = "handshake-bad-timestamp",
		.title = "SYN-ACK echoes a timestamp never sent",
		.direction = DIRECTION_SENT,
		.test = test_bad_timestamp,
	},
	{
		.id = "handshake-bad-ack",
		.title = "ACK that does not cover our SYN or SYN-ACK",
		.direction = DIRECTION_SENT,
		.test = test_bad_ack,
	},
	{
		.id = "child-rejected",
		.title = "the fresh child refused the segment",
		.direction = DIRECTION_SENT,
		.test = test_child_rejected,
	},
	{0},
};
