// SPDX-License-Identifier: GPL-2.0
/*
 * Sent: a segment came that belongs to no connection. Kernel sites 18 and 19.
 *
 * Whether the kernel had no socket at all (18) or only a listener (19) is chance: the memory of
 * ended connections answers for both.
 */
#include "causes.h"

#include <errno.h>

#include "answer.h"
#include "facts.h"
#include "names.h"
#include "who.h"

/* Sequence numbers further apart than this belong to different connections. */
#define SEQ_NEAR (1u << 25)

static bool near(uint32_t a, uint32_t b)
{
	return a - b < SEQ_NEAR || b - a < SEQ_NEAR;
}

/* The remembered connection is the one this segment belongs to, not an earlier one on the flow. */
static bool is_of_ended(const struct record *r)
{
	const struct life *life = &r->e.life;

	if (!has(r, HAVE_ENDED) || life->end == END_REPAIR)
		return false;
	if (r->e.segment.flags & TCP_ACK && !near(r->e.segment.ack, life->snd_nxt))
		return false;
	return life->last_state == STATE_SYN_SENT || near(r->e.segment.seq, life->rcv_nxt);
}

/* SYN-ACK for a connect() that was given up. */
static bool is_abandoned(const struct record *r)
{
	return is_of_ended(r) && r->e.life.last_state == STATE_SYN_SENT;
}

static bool test_port_closed(const struct record *r, struct verdict *v)
{
	char buf[ENDPOINT_LEN];

	if (!no_socket(r) || !carries(r, TCP_SYN, TCP_SYN | TCP_ACK))
		return false;
	v->site = is_ipv4(&r->e.flow) ? "tcp_v4_rcv" : "tcp_v6_rcv";
	v->confidence = CERTAIN;
	verdict_summary(v, "nothing listens on %s",
			endpoint_text(r->e.flow.local, r->e.flow.local_port, buf));
	say_trigger(r, v);
	verdict_evidence(v, "no socket was found for it");
	return true;
}

static bool test_connect_abandoned(const struct record *r, struct verdict *v)
{
	const struct life *life = &r->e.life;
	char peer[ENDPOINT_LEN], after[DURATION_LEN], ago[DURATION_LEN];
	bool remembered = is_abandoned(r);

	if (!is_answer(r) || !carries(r, TCP_SYN | TCP_ACK, TCP_SYN | TCP_ACK))
		return false;
	if (!no_socket(r) || (is_of_ended(r) && !remembered))
		return false;
	v->site = is_ipv4(&r->e.flow) ? "tcp_v4_rcv" : "tcp_v6_rcv";
	endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer);
	say_trigger(r, v);
	if (!remembered) {
		v->confidence = POSSIBLE;
		verdict_summary(v, "%s answered a SYN that no connect() of this host is known for",
				peer);
		verdict_evidence(v,
				 "no connect() on this flow is remembered: a scan by raw socket, a "
				 "spoofed address, or given up before the tracer started");
		return true;
	}
	v->confidence = CERTAIN;
	if (!who_connected(r, v))
		who_closed(r, v);
	verdict_summary(v, "%s gave up connecting to %s after %s; the answer came %s too late",
			v->name, peer,
			duration(seconds_between(life->born_ns, life->ended_ns), after),
			duration(seconds_between(life->ended_ns, r->e.time_ns), ago));
	verdict_evidence(v, life->end == END_ERROR ? "the connect() timed out"
						   : "the socket was closed in SYN_SENT");
	return true;
}

static void say_how_it_ended(const struct record *r, struct verdict *v)
{
	const struct life *life = &r->e.life;

	verdict_evidence(v, "the connection %s in state %s", end_words(life->end),
			 state_name(life->last_state));
	if (life->err)
		verdict_evidence(v, "its error was %s", error_name(life->err));
	say_trigger(r, v);
}

static bool test_late_segment(const struct record *r, struct verdict *v)
{
	const struct life *life = &r->e.life;
	char ago[DURATION_LEN];

	if ((!no_socket(r) && !at_listener(r)) || carries(r, TCP_SYN, TCP_SYN | TCP_ACK) ||
	    !is_of_ended(r))
		return false;
	v->site = is_ipv4(&r->e.flow) ? "tcp_v4_rcv" : "tcp_v6_rcv";
	v->confidence = CERTAIN;
	who_closed(r, v);
	duration(seconds_between(life->ended_ns, r->e.time_ns), ago);
	if (life->end == END_ERROR && life->err == ETIMEDOUT)
		verdict_summary(v, "segment for a connection that timed out %s ago", ago);
	else if (life->end == END_CLOSED && v->who)
		verdict_summary(v, "segment for a connection that %s closed %s ago", v->name,
				duration(seconds_between(life->closed_ns, r->e.time_ns), ago));
	else
		verdict_summary(v, "segment for a connection that %s %s ago", end_words(life->end),
				ago);
	say_how_it_ended(r, v);
	return true;
}

static void say_taken_away(const struct record *r, struct verdict *v)
{
	char ago[DURATION_LEN];

	if (!has(r, HAVE_ENDED) || r->e.life.end != END_REPAIR)
		return;
	verdict_evidence(v, "%.*s (%u) took the socket away in TCP_REPAIR %s ago", COMM_LEN,
			 r->e.life.closer.comm, r->e.life.closer.pid,
			 duration(seconds_between(r->e.life.ended_ns, r->e.time_ns), ago));
}

static bool test_connection_unknown(const struct record *r, struct verdict *v)
{
	char peer[ENDPOINT_LEN];

	if (!no_socket(r) || carries(r, TCP_SYN, TCP_SYN))
		return false;
	v->site = is_ipv4(&r->e.flow) ? "tcp_v4_rcv" : "tcp_v6_rcv";
	v->confidence = CERTAIN;
	verdict_summary(v, "%s sent a segment for a connection this host knows nothing of",
			endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer));
	say_trigger(r, v);
	verdict_evidence(v, "no socket was found for it, and none is remembered on this flow");
	say_taken_away(r, v);
	return true;
}

static bool test_stray_ack(const struct record *r, struct verdict *v)
{
	if (!at_listener(r) || carries(r, TCP_SYN, TCP_SYN | TCP_ACK))
		return false;
	if (r->reason != REASON_NONE && r->reason != REASON_TCP_FLAGS)
		return false;
	who_listens(r, v);
	v->site = "tcp_rcv_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "a segment that belongs to no connection reached the listener of %s",
			v->who ? v->name : "this port");
	say_trigger(r, v);
	verdict_evidence(
		v, "no handshake and no connection matches it, and none is remembered: a wrong "
		   "ACK, a late SYN cookie, or a restarted server");
	say_taken_away(r, v);
	return true;
}

const struct cause causes_lookup[] = {
	{
		.id = "port-closed",
		.title = "SYN to a port nobody listens on",
		.direction = DIRECTION_SENT,
		.test = test_port_closed,
	},
	{
		.id = "connect-abandoned",
		.title = "SYN-ACK for a connect() this host gave up",
		.direction = DIRECTION_SENT,
		.test = test_connect_abandoned,
	},
	{
		.id = "late-segment",
		.title = "segment for a connection this host finished a moment ago",
		.direction = DIRECTION_SENT,
		.test = test_late_segment,
	},
	{
		.id = "connection-unknown",
		.title = "segment for a connection this host has no memory of",
		.direction = DIRECTION_SENT,
		.test = test_connection_unknown,
	},
	{
		.id = "listener-stray-ack",
		.title = "a segment reached a listener and belongs to no connection",
		.direction = DIRECTION_SENT,
		.test = test_stray_ack,
	},
	{0},
};
