// SPDX-License-Identifier: GPL-2.0
/*
 * Sent: an application closed, disconnected or shut its socket in a way that aborts. Kernel sites
 * 1-10 and 26.
 */
#include "causes.h"

#include <errno.h>
#include <string.h>

#include "active.h"
#include "facts.h"
#include "names.h"
#include "who.h"

enum shutdown { SHUTDOWN_NONE = 0, SHUTDOWN_BOTH = 3 };

static bool in_close(const struct record *r)
{
	return r->e.state == STATE_CLOSE && sock_is(r, SOCK_BIT_SOCKET) &&
	       !sock_is(r, SOCK_BIT_DEAD) && r->e.sock.shutdown == SHUTDOWN_BOTH;
}

static void say_if_dying(const struct record *r, struct verdict *v)
{
	char name[16];

	if (!(r->e.task.flags & TASK_EXITING) || v->who != &r->e.task)
		return;
	if (r->e.task.exit_signal)
		verdict_evidence(v, "the process was being killed by %s",
				 signal_name(r->e.task.exit_signal, name));
	else
		verdict_evidence(v, "the process was exiting");
}

static bool test_close_unread(const struct record *r, struct verdict *v)
{
	uint32_t unread = unread_bytes(r);

	if (!is_active(r) || !reason_allows(r, REASON_TCP_ABORT_ON_CLOSE) ||
	    r->e.state != STATE_CLOSE)
		return false;
	if (r->reason == REASON_NONE && (!in_close(r) || !unread))
		return false;
	who_runs(r, v, ROLE_CLOSER);
	v->site = "__tcp_close";
	v->confidence = CERTAIN;
	verdict_summary(v, "%s closed the connection with %u bytes unread", v->name, unread);
	verdict_evidence(v, "%u bytes received and never read", unread);
	say_if_dying(r, v);
	return true;
}

static bool is_linger_zero(const struct record *r)
{
	return sock_is(r, SOCK_BIT_LINGER) && !r->e.sock.linger_jiffies;
}

static bool in_disconnect(const struct record *r)
{
	return is_active(r) && r->e.state == STATE_CLOSE && sock_is(r, SOCK_BIT_SOCKET) &&
	       !sock_is(r, SOCK_BIT_DEAD) &&
	       (reason_allows(r, REASON_TCP_STATE) || r->reason == REASON_TCP_DISCONNECT_WITH_DATA);
}

static bool test_linger_zero(const struct record *r, struct verdict *v)
{
	const char *frame = active_decider(r);

	if (!in_disconnect(r) || !in_close(r) || !is_linger_zero(r))
		return false;
	if (frame && strcmp(frame, "__tcp_close"))
		return false;
	who_runs(r, v, ROLE_CLOSER);
	v->site = "tcp_disconnect";
	v->confidence = frame ? CERTAIN : LIKELY;
	verdict_summary(v, "%s closed the connection with SO_LINGER on and time 0: abort, not FIN",
			v->name);
	verdict_evidence(v, "SO_LINGER {on, 0 s} was set, and nothing was unread");
	say_if_dying(r, v);
	return true;
}

static bool test_disconnect(const struct record *r, struct verdict *v)
{
	bool by_stack = came_from(r, "__inet_stream_connect");

	/* Without a stack: close() would have shut both directions down first. */
	if (!in_disconnect(r) || (!by_stack && in_close(r)))
		return false;
	who_runs(r, v, ROLE_CLOSER);
	v->site = "__inet_stream_connect";
	v->confidence = by_stack ? CERTAIN : LIKELY;
	v->error = ECONNRESET;
	verdict_summary(v, "%s dissolved the live connection with connect(AF_UNSPEC)", v->name);
	verdict_evidence(v, by_stack
				    ? "the reset came from connect()"
				    : "disconnected without close(): nothing was shut down before");
	return true;
}

static bool test_listener_closed(const struct record *r, struct verdict *v)
{
	bool by_stack = came_from(r, "inet_child_forget") || came_from(r, "inet_csk_listen_stop");
	char buf[ENDPOINT_LEN];

	if (!is_active(r) || r->e.state != STATE_CLOSE || !reason_allows(r, REASON_TCP_STATE))
		return false;
	if (!by_stack && sock_is(r, SOCK_BIT_SOCKET))
		return false;
	if (sock_is(r, SOCK_BIT_DEAD) || (!by_stack && r->e.sock.shutdown))
		return false;
	/* The task is the one that closes the listener only if inet_csk_listen_stop() runs. */
	if (!by_stack || came_from(r, "inet_csk_listen_stop") ||
	    decisive_frame(r, (const char *const[]){"inet_csk_listen_stop", NULL}))
		who_runs(r, v, ROLE_CLOSER);
	if (!v->who)
		who_listens(r, v);
	v->site = "inet_csk_listen_stop";
	v->confidence = by_stack ? CERTAIN : LIKELY;
	verdict_summary(v, "%s closed its listener on %s while this connection waited for accept()",
			v->name, endpoint_text(r->e.flow.local, r->e.flow.local_port, buf));
	verdict_evidence(v, "the connection was established and never accepted");
	say_if_dying(r, v);
	return true;
}

/* close() found FIN_WAIT2 (site 10), or the FIN was acknowledged after close() (site 26). */
static bool test_linger2(const struct record *r, struct verdict *v)
{
	bool in_close = is_active(r) && reason_allows(r, REASON_TCP_ABORT_ON_LINGER);
	bool on_ack = has(r, HAVE_SEGMENT) && reason_allows(r, REASON_TCP_ABORT_ON_DATA) &&
		      !sock_is(r, SOCK_BIT_AFTER_RESET);

	if (r->e.state != STATE_CLOSE || !sock_is(r, SOCK_BIT_DEAD) ||
	    r->e.sock.linger2_jiffies >= 0 || (!in_close && !on_ack))
		return false;
	if (!in_close || !who_runs(r, v, ROLE_CLOSER))
		who_closed(r, v);
	v->site = in_close ? "__tcp_close" : "tcp_rcv_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "%s closed with TCP_LINGER2 < 0: reset instead of waiting in FIN_WAIT2",
			v->name);
	verdict_evidence(v, "TCP_LINGER2 is negative");
	if (on_ack)
		verdict_evidence(v, "the peer has just acknowledged our FIN");
	return true;
}

const struct cause causes_close[] = {
	{
		.id = "close-unread-data",
		.title = "closed with received data never read",
		.direction = DIRECTION_SENT,
		.test = test_close_unread,
	},
	{
		.id = "close-linger-zero",
		.title = "closed with SO_LINGER on, time 0",
		.direction = DIRECTION_SENT,
		.test = test_linger_zero,
	},
	{
		.id = "disconnect",
		.title = "connect(AF_UNSPEC) on a live connection",
		.direction = DIRECTION_SENT,
		.test = test_disconnect,
	},
	{
		.id = "listener-closed",
		.title = "a listener went away with connections nobody had accepted",
		.direction = DIRECTION_SENT,
		.test = test_listener_closed,
	},
	{
		.id = "linger2-negative",
		.title = "TCP_LINGER2 < 0: no FIN_WAIT2 wanted",
		.direction = DIRECTION_SENT,
		.test = test_linger2,
	},
	{0},
};
