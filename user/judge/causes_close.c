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
#include "print.h"
#include "who.h"

enum shutdown { SHUTDOWN_NONE = 0, SHUTDOWN_BOTH = 3 };

static bool in_close(const struct record *r)
{
	return r->e.state == STATE_CLOSE && sock_is(r, SOCK_BIT_SOCKET) &&
	       !sock_is(r, SOCK_BIT_DEAD) && r->e.sock.shutdown == SHUTDOWN_BOTH;
}

/* Neither shutdown() nor a FIN of ours came before: those would have left these states. */
static bool was_open(const struct record *r)
{
	return has(r, HAVE_LIFE) && (r->e.life.last_state == STATE_ESTABLISHED ||
				     r->e.life.last_state == STATE_CLOSE_WAIT);
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
	if (reason_is_absent(r) && (!in_close(r) || !unread))
		return false;
	if (came_from(r, "__inet_stream_connect"))
		return false;
	who_runs(r, v, ROLE_CLOSER);
	v->site = "__tcp_close";
	/* Without a stack connect(AF_UNSPEC) after shutdown() looks the same. */
	v->confidence =
		reason_is_absent(r) && !active_decider(r) && !was_open(r) ? LIKELY : CERTAIN;
	verdict_summary(v, "%s closed the connection with %u byte%s unread", v->name, unread,
			plural(unread));
	verdict_evidence(v, "%u byte%s received and never read", unread, plural(unread));
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
	v->confidence = frame || was_open(r) ? CERTAIN : LIKELY;
	verdict_summary(v, "%s closed the connection with SO_LINGER on and time 0: abort, not FIN",
			v->name);
	verdict_evidence(v, "SO_LINGER {on, 0 s} was set, and nothing was unread");
	say_if_dying(r, v);
	return true;
}

static bool test_disconnect(const struct record *r, struct verdict *v)
{
	bool by_stack = came_from(r, "__inet_stream_connect");

	/* Without a stack: close() would have shut both directions down, and sent no reset. */
	if (!in_disconnect(r) ||
	    (!by_stack && in_close(r) && (active_decider(r) || unread_bytes(r))))
		return false;
	who_runs(r, v, ROLE_CLOSER);
	v->site = "__inet_stream_connect";
	v->confidence = by_stack ? CERTAIN : LIKELY;
	v->error = ECONNRESET;
	verdict_summary(v, "%s dissolved the live connection with connect(AF_UNSPEC)", v->name);
	verdict_evidence(v, by_stack ? "the reset came from connect()"
				     : "disconnected without close()");
	return true;
}

/* inet_child_forget() was called by the one who closes the listener. */
static bool is_by_closer(const struct record *r)
{
	static const char *const callers[] = {
		"inet_csk_listen_stop", "inet_csk_reqsk_queue_add", "inet_csk_complete_hashdance",
		"tcp_conn_request",     "tcp_get_cookie_sock",      NULL,
	};
	const char *caller = decisive_frame(r, callers);

	return caller && !strcmp(caller, callers[0]);
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
	/* A handshake that ends while the listener closes (site 9) runs in a softirq of anybody. */
	if (!by_stack || !is_by_closer(r))
		who_listens(r, v);
	else
		who_runs(r, v,
			 decisive_frame(r, (const char *const[]){"tcp_abort", NULL}) ? ROLE_KILLER
										     : ROLE_CLOSER);
	v->site = by_stack && !is_by_closer(r) ? "inet_child_forget" : "inet_csk_listen_stop";
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
	bool in_close =
		is_active(r) && reason_allows(r, REASON_TCP_ABORT_ON_LINGER) &&
		(!reason_is_absent(r) || v->state == STATE_FIN_WAIT2 || v->state == STATE_UNKNOWN);
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
		.article =
			{
				.what = "A program on this host closed the connection, or exited, "
					"while bytes from the peer lay in the receive buffer that "
					"it had never read. Linux then sends a reset instead of an "
					"orderly FIN, so that the peer learns its data was lost.",
				.know = "Linux 6.12 and later name this path themselves: reason "
					"TCP_ABORT_ON_CLOSE. On older kernels the socket was "
					"inside close() and bytes were unread, which leads nowhere "
					"else. Unread bytes are those received in order minus "
					"those read. Data that kernel TLS or a BPF sockmap had "
					"already taken out counts as read.",
				.confirm = "nstat -asz TcpExtTCPAbortOnClose  # one more for "
					   "each\n"
					   "ss -tnp state established  # Recv-Q above 0: bytes "
					   "waiting to be read\n"
					   "strace -f -tt -e trace=%network,read,close -p PID  # "
					   "the last read, then close",
				.advice = "Let the program read until read() returns 0 before it "
					  "calls close(). A server that answers before it has read "
					  "everything (an upload refused, say) should send the "
					  "answer, call shutdown(SHUT_WR), read and throw away for "
					  "some seconds, and only then close: \"lingering close\". "
					  "If the process was killed, look for who killed it.",
				.references = "RFC 9293 section 3.6.1 (SHLD-3)\n"
					      "RFC 2525 section 2.17\n"
					      "kernel function __tcp_close()",
			},
	},
	{
		.id = "close-linger-zero",
		.title = "closed with SO_LINGER on, time 0",
		.direction = DIRECTION_SENT,
		.test = test_linger_zero,
		.article =
			{
				.what = "The program had set the socket option SO_LINGER to on "
					"with a time of 0, and then called close(). That is a "
					"request to abort: Linux drops everything not yet "
					"delivered and sends a reset instead of a FIN. No "
					"TIME_WAIT remains on this host.",
				.know = "The option was on with time 0 and nothing was unread, in "
					"a socket inside close(). If nothing had been shut down "
					"before, or the kernel stack shows close() calling "
					"tcp_disconnect(), this is certain, else likely. The "
					"kernel's own reason, TCP_STATE, says little: many "
					"situations share it.",
				.confirm = "strace -f -e trace=setsockopt,close -p PID  # "
					   "{l_onoff=1, l_linger=0}\n"
					   "nstat -asz TcpExtTCPAbortOnData  # counted here, "
					   "whatever the name says\n"
					   "rstwhy --cause=close-linger-zero --stack",
				.advice = "Often it is meant: health checkers, load generators and "
					  "proxies do it to save TIME_WAIT sockets. If data is "
					  "lost, take the option away: SetLinger(0) in Go, "
					  "setSoLinger(true, 0) in Java, resetAndDestroy() in "
					  "Node.js, reset_timedout_connection in nginx. Kernel "
					  "users (NVMe over TCP, iSCSI, RDS, NFS server) do it "
					  "too; then no process is shown.",
				.references = "socket(7), SO_LINGER\n"
					      "RFC 9293 section 3.10.5 (ABORT)\n"
					      "kernel functions __tcp_close(), tcp_disconnect()",
			},
	},
	{
		.id = "disconnect",
		.title = "connect(AF_UNSPEC) on a live connection",
		.direction = DIRECTION_SENT,
		.test = test_disconnect,
		.article =
			{
				.what = "A program called connect() with the address family "
					"AF_UNSPEC on a socket that was connected. On Linux this "
					"dissolves the connection at once, by a reset, and keeps "
					"the socket for another use. Bytes not yet delivered are "
					"lost.",
				.know = "If the kernel stack shows connect(), it is certain. "
					"Without a stack it is likely: the kernel disconnected the "
					"socket although nothing had been shut down before, as "
					"close() would have done.",
				.confirm = "strace -f -e trace=connect -p PID  # connect(N, "
					   "{sa_family=AF_UNSPEC, ...\n"
					   "rstwhy --cause=disconnect --stack  # look for "
					   "__inet_stream_connect",
				.advice = "This is rare and always deliberate: look for the call "
					  "in the program or a library of it. A program that wants "
					  "an orderly end must call shutdown() and close(), and "
					  "open a new socket for the next connection.",
				.references = "connect(2), AF_UNSPEC\n"
					      "RFC 9293 section 3.10.5 (ABORT)\n"
					      "kernel functions __inet_stream_connect(), "
					      "tcp_disconnect()",
			},
	},
	{
		.id = "listener-closed",
		.title = "listener gone while connections waited for accept()",
		.direction = DIRECTION_SENT,
		.test = test_listener_closed,
		.article =
			{
				.what = "A listening socket went away while clients were connected "
					"to it that no program had accepted yet. Linux resets each "
					"of them. Close, exit, shutdown() and connect(AF_UNSPEC) "
					"on the listener all do this, and so does destroying it "
					"with ss -K. Connections that had been accepted live on.",
				.know = "The connection never had a program's socket: it was "
					"complete, and still waited for accept(). If the kernel "
					"stack shows inet_csk_listen_stop() or "
					"inet_child_forget(), it is certain, otherwise likely. One "
					"listener that closes gives one event for each waiting "
					"connection.",
				.confirm = "ss -ltn 'sport = :PORT'  # Recv-Q: connections waiting "
					   "for accept()\n"
					   "sysctl net.ipv4.tcp_migrate_req\n"
					   "journalctl --since -5min  # was the service restarted?",
				.advice = "Typical of restarts and deployments. Take the server "
					  "out of the load balancer first, then call accept() "
					  "until nothing waits, then close. Or keep the listener "
					  "open across the restart: systemd socket activation, or "
					  "handing the descriptor over. With SO_REUSEPORT and "
					  "several listeners, net.ipv4.tcp_migrate_req=1 (Linux "
					  "5.14) moves waiting connections to another one.",
				.references = "Documentation/networking/ip-sysctl.rst, "
					      "tcp_migrate_req\n"
					      "accept(2), listen(2)\n"
					      "kernel functions inet_csk_listen_stop(), "
					      "inet_child_forget()",
			},
	},
	{
		.id = "linger2-negative",
		.title = "TCP_LINGER2 < 0: no FIN_WAIT2 wanted",
		.direction = DIRECTION_SENT,
		.test = test_linger2,
		.article =
			{
				.what = "The program had set the socket option TCP_LINGER2 to a "
					"negative value. That means: after close(), do not wait "
					"for the peer's FIN. As soon as the peer has acknowledged "
					"our FIN (state FIN_WAIT2), Linux drops the connection and "
					"sends a reset.",
				.know = "The socket was closed, no process held it any more, and "
					"its TCP_LINGER2 is negative. Either close() found it in "
					"FIN_WAIT2 already (reason TCP_ABORT_ON_LINGER), or the "
					"acknowledgement came after close() (TCP_ABORT_ON_DATA, a "
					"misleading name). Nothing else leads here.",
				.confirm =
					"strace -f -e trace=setsockopt,close -p PID  # "
					"TCP_LINGER2, [-1]\n"
					"nstat -asz TcpExtTCPAbortOnLinger TcpExtTCPAbortOnData  "
					"# which case",
				.advice = "What this host sent was acknowledged by the peer's "
					  "kernel, but the peer gets an error where it expects an "
					  "orderly end, and cannot send any more. If that hurts, "
					  "do not set TCP_LINGER2, or set it to the seconds to "
					  "wait. Do not mix it up with SO_LINGER.",
				.references = "tcp(7), TCP_LINGER2\n"
					      "kernel functions __tcp_close(), "
					      "tcp_rcv_state_process()",
			},
	},
	{0},
};
