// SPDX-License-Identifier: GPL-2.0
/*
 * Received resets. What the peer meant is read off the state the reset met and, where several
 * causes remain, off its shape: an abort by a live socket carries ACK, a window and (if they were
 * negotiated) timestamps; the reply of a stack that knows no such connection carries none of them.
 * Kernel sites r1-r11.
 */
#include "causes.h"

#include <errno.h>

#include "facts.h"
#include "names.h"
#include "who.h"

/* What the reset looks like, and how that is known. */
enum shape {
	SHAPE_UNKNOWN,
	SHAPE_ABORT, /* sent by a live socket */
	SHAPE_REPLY, /* sent by a stack, or a box, that has no such connection */
};

static enum shape shape_of_segment(const struct record *r)
{
	const struct segment *s = &r->e.segment;
	uint32_t tsval, tsecr;
	bool timestamp = segment_timestamp(r, &tsval, &tsecr);

	if (sock_is(r, SOCK_BIT_TSTAMP_OK))
		return timestamp ? SHAPE_ABORT : SHAPE_REPLY;
	return s->flags & TCP_ACK && s->window ? SHAPE_ABORT : SHAPE_REPLY;
}

static enum shape shape_of(const struct record *r)
{
	if (has(r, HAVE_SEGMENT))
		return shape_of_segment(r);
	/* Without the packet: the options parser has just noted whether it carried a timestamp. */
	if (sock_is(r, SOCK_BIT_TSTAMP_OK))
		return sock_is(r, SOCK_BIT_SAW_TSTAMP) ? SHAPE_ABORT : SHAPE_REPLY;
	return SHAPE_UNKNOWN;
}

static void say_shape(const struct record *r, struct verdict *v)
{
	const struct segment *s = &r->e.segment;
	char flags[FLAGS_LEN];

	if (has(r, HAVE_SEGMENT))
		verdict_evidence(v, "the reset: flags %s, window %u, TTL %u, IP ID %u",
				 flags_text(s->flags, flags), s->window, s->ttl, s->ip_id);
	else if (sock_is(r, SOCK_BIT_TSTAMP_OK))
		verdict_evidence(
			v, sock_is(r, SOCK_BIT_SAW_TSTAMP)
				   ? "the reset carried a TCP timestamp: a live socket sent it"
				   : "the reset carried no TCP timestamp though they were "
				     "negotiated: no live socket sent it");
	else
		verdict_evidence(v, "the reset's own header is not visible on this kernel, and the "
				    "connection has no timestamps to tell by");
}

static void say_traffic(const struct record *r, struct verdict *v)
{
	const struct sock_facts *s = &r->e.sock;
	char idle[DURATION_LEN];

	if (idle_seconds(r) >= 0)
		verdict_evidence(v, "idle for %s before it", duration(idle_seconds(r), idle));
	if (unacked_bytes(r))
		verdict_evidence(v, "%u bytes sent and not acknowledged", unacked_bytes(r));
	if (s->retransmits)
		verdict_evidence(v, "%u retransmissions unanswered", s->retransmits);
	if (s->probes_out)
		verdict_evidence(v, "%u probes unanswered", s->probes_out);
}

static bool received_in(const struct record *r, enum tcp_state state)
{
	return r->e.state == state;
}

static bool test_refused(const struct record *r, struct verdict *v)
{
	char peer[ENDPOINT_LEN], after[DURATION_LEN];

	if (!received_in(r, STATE_SYN_SENT))
		return false;
	if (!who_connected(r, v))
		who_holds(r, v);
	v->site = "tcp_rcv_synsent_state_process";
	v->confidence = CERTAIN;
	v->error = ECONNREFUSED;
	verdict_summary(v, "%s refused the connection: port closed, or a firewall rejects",
			endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer));
	verdict_evidence(v, "our SYN was answered by a reset");
	if (age_seconds(r) >= 0)
		verdict_evidence(v, "%s after connect()", duration(age_seconds(r), after));
	if (has(r, HAVE_SEGMENT))
		say_shape(r, v);
	return true;
}

static bool test_before_accept(const struct record *r, struct verdict *v)
{
	char age[DURATION_LEN];

	if (!received_in(r, STATE_ESTABLISHED) || sock_is(r, SOCK_BIT_SOCKET) ||
	    sock_is(r, SOCK_BIT_DEAD))
		return false;
	who_listens(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = CERTAIN;
	v->error = ECONNRESET;
	verdict_summary(v, "the peer reset the connection before %s accepted it",
			v->who ? v->name : "the application");
	verdict_evidence(v, "the connection was still in the accept queue");
	if (age_seconds(r) >= 0)
		verdict_evidence(v, "it had waited for %s", duration(age_seconds(r), age));
	say_shape(r, v);
	return true;
}

/* A probe or a retransmission was out: it is natural that a host without the connection answers. */
static bool was_asking(const struct record *r)
{
	return r->e.sock.probes_out || r->e.sock.retransmits;
}

static bool test_peer_lost(const struct record *r, struct verdict *v)
{
	enum shape shape = shape_of(r);

	if (!received_in(r, STATE_ESTABLISHED))
		return false;
	if (shape == SHAPE_ABORT || (shape == SHAPE_UNKNOWN && !was_asking(r)))
		return false;
	who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = shape == SHAPE_REPLY ? LIKELY : POSSIBLE;
	v->error = ECONNRESET;
	verdict_summary(v, "the peer, or a box before it, no longer knows this connection");
	say_shape(r, v);
	say_traffic(r, v);
	return true;
}

static bool test_write_after_close(const struct record *r, struct verdict *v)
{
	if (!received_in(r, STATE_CLOSE_WAIT) || shape_of(r) == SHAPE_ABORT)
		return false;
	who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = shape_of(r) == SHAPE_REPLY ? CERTAIN : LIKELY;
	v->error = EPIPE;
	verdict_summary(v, "%s wrote to a connection the peer had closed", v->name);
	verdict_evidence(v, "the peer's FIN had been received (CLOSE_WAIT)");
	say_shape(r, v);
	say_traffic(r, v);
	return true;
}

static bool test_peer_aborted(const struct record *r, struct verdict *v)
{
	if (!received_in(r, STATE_ESTABLISHED) && !received_in(r, STATE_CLOSE_WAIT))
		return false;
	who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = shape_of(r) == SHAPE_ABORT ? LIKELY : POSSIBLE;
	v->error = r->e.state == STATE_CLOSE_WAIT ? EPIPE : ECONNRESET;
	verdict_summary(v,
			"the peer aborted the live connection (unread data, SO_LINGER 0, kill or "
			"timer)");
	say_shape(r, v);
	say_traffic(r, v);
	return true;
}

static bool test_during_close(const struct record *r, struct verdict *v)
{
	char ago[DURATION_LEN];

	if (!received_in(r, STATE_FIN_WAIT1) && !received_in(r, STATE_FIN_WAIT2) &&
	    !received_in(r, STATE_CLOSING) && !received_in(r, STATE_LAST_ACK))
		return false;
	if (!who_closed(r, v))
		who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = CERTAIN;
	v->error = sock_is(r, SOCK_BIT_DEAD) ? 0 : ECONNRESET;
	verdict_summary(v, "%s had closed, and the peer reset instead of finishing", v->name);
	verdict_evidence(v, "state %s: our FIN was sent", state_name(r->e.state));
	if (r->e.life.closed_ns)
		verdict_evidence(v, "closed %s ago",
				 duration(seconds_between(r->e.life.closed_ns, r->e.time_ns), ago));
	say_shape(r, v);
	return true;
}

static bool test_handshake_reset(const struct record *r, struct verdict *v)
{
	if (!received_in(r, STATE_SYN_RECV) && !received_in(r, STATE_NEW_SYN_RECV))
		return false;
	if (!who_listens(r, v))
		who_holds(r, v);
	v->site = r->e.mini ? "tcp_check_req" : "tcp_validate_incoming";
	v->confidence = CERTAIN;
	verdict_summary(
		v, "the peer reset the half-open connection: a scan, or it gave up connecting");
	verdict_evidence(v, "the handshake was not complete (SYN_RECV)");
	if (has(r, HAVE_SEGMENT))
		say_shape(r, v);
	return true;
}

static bool test_timewait_reset(const struct record *r, struct verdict *v)
{
	if (!received_in(r, STATE_TIME_WAIT))
		return false;
	who_closed(r, v);
	v->site = "tcp_timewait_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "a reset hit a connection in TIME_WAIT");
	verdict_evidence(v, "the connection had been closed already");
	return true;
}

const struct cause causes_received[] = {
	{
		.id = "connection-refused",
		.title = "our SYN was answered by a reset",
		.direction = DIRECTION_RECEIVED,
		.test = test_refused,
	},
	{
		.id = "reset-before-accept",
		.title = "the peer reset before the application accepted",
		.direction = DIRECTION_RECEIVED,
		.test = test_before_accept,
	},
	{
		.id = "peer-lost-connection",
		.title = "the peer has no such connection any more",
		.direction = DIRECTION_RECEIVED,
		.test = test_peer_lost,
	},
	{
		.id = "write-after-peer-close",
		.title = "the peer had closed; what we sent met its dead socket",
		.direction = DIRECTION_RECEIVED,
		.test = test_write_after_close,
	},
	{
		.id = "peer-aborted",
		.title = "the peer aborted a live connection",
		.direction = DIRECTION_RECEIVED,
		.test = test_peer_aborted,
	},
	{
		.id = "reset-during-close",
		.title = "we had closed; the peer reset instead of finishing",
		.direction = DIRECTION_RECEIVED,
		.test = test_during_close,
	},
	{
		.id = "handshake-reset-by-peer",
		.title = "the client reset a half-open connection",
		.direction = DIRECTION_RECEIVED,
		.test = test_handshake_reset,
	},
	{
		.id = "timewait-reset",
		.title = "a reset hit a TIME_WAIT socket",
		.direction = DIRECTION_RECEIVED,
		.test = test_timewait_reset,
	},
	{0},
};
