// SPDX-License-Identifier: GPL-2.0
/* Sent: the peer goes on although this end has closed. Kernel sites 27-30. */
#include "causes.h"

#include <errno.h>

#include "answer.h"
#include "facts.h"
#include "names.h"
#include "print.h"
#include "who.h"

static void say_closer(const struct record *r, struct verdict *v)
{
	char ago[DURATION_LEN];

	if (r->e.life.closed_ns)
		verdict_evidence(v, "closed %s ago",
				 duration(seconds_between(r->e.life.closed_ns, r->e.time_ns), ago));
	else
		verdict_evidence(v, "closed before the tracer started");
}

static bool test_syn_after_close(const struct record *r, struct verdict *v)
{
	if (!is_answer(r) || r->e.state != STATE_TIME_WAIT || !carries(r, TCP_SYN, TCP_SYN))
		return false;
	who_closed(r, v);
	v->site = "tcp_timewait_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "a new SYN came while the old connection was still half closed "
			   "(FIN_WAIT2)");
	say_trigger(r, v);
	say_closer(r, v);
	return true;
}

static bool is_closed_full(const struct record *r)
{
	if (!is_answer(r) || !has(r, HAVE_SOCK) || r->e.state != STATE_CLOSE)
		return false;
	return r->reason == REASON_NONE || r->reason == REASON_TCP_ABORT_ON_DATA;
}

static bool test_data_after_shutdown(const struct record *r, struct verdict *v)
{
	if (!is_closed_full(r) || sock_is(r, SOCK_BIT_DEAD))
		return false;
	who_holds(r, v);
	v->site = "tcp_rcv_state_process";
	v->confidence = CERTAIN;
	v->error = ECONNRESET;
	verdict_summary(v, "the peer sent %u byte%s after %s had shut down both directions",
			r->e.segment.length, plural(r->e.segment.length), v->name);
	say_trigger(r, v);
	verdict_evidence(v, "the socket is still held: shutdown(), not close()");
	return true;
}

static bool test_data_after_close(const struct record *r, struct verdict *v)
{
	bool timewait = is_answer(r) && r->e.state == STATE_TIME_WAIT;

	if (!timewait && (!is_closed_full(r) || !sock_is(r, SOCK_BIT_DEAD)))
		return false;
	who_closed(r, v);
	v->site = timewait ? "tcp_timewait_state_process" : "tcp_rcv_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "the peer sent %u byte%s after %s had closed", r->e.segment.length,
			plural(r->e.segment.length), v->name);
	say_trigger(r, v);
	say_closer(r, v);
	return true;
}

const struct cause causes_closed[] = {
	{
		.id = "syn-after-close",
		.title = "new SYN on a tuple still in FIN_WAIT2",
		.direction = DIRECTION_SENT,
		.test = test_syn_after_close,
		.article =
			{
				.what = "A client opened a new connection from the same address "
					"and port as an old one that this host had closed but the "
					"client had not (state FIN_WAIT2). By chance its first "
					"sequence number lay inside the old connection's window. "
					"The kernel answered the SYN with a reset and forgot the "
					"old connection. The client sees \"connection refused\", "
					"though the service is up.",
				.know = "The packet had SYN set and met the leftover of the closed "
					"connection. The kernel resets here only while the peer's "
					"FIN is missing: certain. A SYN outside the window gets an "
					"ACK instead, which shows at the client as "
					"handshake-bad-ack. Who closed, and when, is shown if the "
					"tracer saw it.",
				.confirm = "ss -tano state fin-wait-2  # such leftovers, and the "
					   "time left\n"
					   "tcpdump -ni any 'tcp and host PEER and port PORT'  # "
					   "SYN, RST\n"
					   "sysctl net.ipv4.tcp_fin_timeout",
				.advice = "A second attempt succeeds, because the leftover is "
					  "gone. The client dropped the old connection without "
					  "closing it (crash, NAT that forgot) or binds to a fixed "
					  "source port: let it use ephemeral ports and close "
					  "properly. On this host a shorter "
					  "net.ipv4.tcp_fin_timeout narrows the window.",
				.references = "RFC 6191\n"
					      "RFC 9293 section 3.6.1\n"
					      "kernel function tcp_timewait_state_process()",
			},
	},
	{
		.id = "data-after-shutdown",
		.title = "peer sends on after shutdown() of both directions",
		.direction = DIRECTION_SENT,
		.test = test_data_after_shutdown,
		.article =
			{
				.what = "A program here called shutdown() for both directions and "
					"still holds the socket. The peer went on sending. Nobody "
					"will read that data, so the kernel answers with a reset "
					"and the connection is dead for both sides.",
				.know = "The kernel reset the socket because data came after "
					"reading was shut down (reason TCP_ABORT_ON_DATA), and a "
					"process still holds the socket: so it was shutdown(), not "
					"close(). That is certain. shutdown(SHUT_RD) alone does "
					"not do this on Linux.",
				.confirm = "strace -f -tt -e trace=shutdown,close -p PID  # "
					   "shutdown(N, SHUT_RDWR)\n"
					   "nstat -asz TcpExtTCPAbortOnData",
				.advice = "To say \"I have sent everything\" use "
					  "shutdown(SHUT_WR), go on reading until read() returns "
					  "0, and then close. SHUT_RDWR tells the kernel that the "
					  "peer's data is unwanted. If it is meant as a way to "
					  "stop another thread, the reset is the price.",
				.references = "shutdown(2)\n"
					      "RFC 9293 section 3.6.1 (SHLD-3)\n"
					      "kernel function tcp_rcv_state_process()",
			},
	},
	{
		.id = "data-after-close",
		.title = "peer sends on after the application closed",
		.direction = DIRECTION_SENT,
		.test = test_data_after_close,
		.article =
			{
				.what = "A program on this host closed the connection, and the "
					"peer then sent data. Nobody is there to read it, so the "
					"kernel answers with a reset. The peer is not at fault: "
					"our FIN only told it that this side would send no more.",
				.know = "The data met the remains of a closed connection: a "
					"leftover in FIN_WAIT2, or a socket that no process holds. "
					"The kernel resets here for no other reason: certain. Who "
					"closed, and how long ago, is shown if the tracer saw the "
					"close.",
				.confirm = "rstwhy -v --cause=data-after-close  # who closed, how "
					   "long before\n"
					   "strace -f -tt -e trace=%network,write,close -p PID  # "
					   "on the closing side\n"
					   "tcpdump -ni any 'tcp and host PEER and port PORT'  # "
					   "FIN, data, RST",
				.advice = "With HTTP: a client used an idle connection just as the "
					  "server closed it. Let the server keep idle connections "
					  "longer than its clients and proxies do, and let clients "
					  "repeat such requests. Other protocols: close only after "
					  "reading the peer's end, or shutdown(SHUT_WR), read "
					  "until 0, close.",
				.references = "RFC 9293 section 3.6.1 (SHLD-3)\n"
					      "RFC 2525 section 2.16\n"
					      "kernel functions tcp_timewait_state_process(), "
					      "tcp_rcv_state_process()",
			},
	},
	{0},
};
