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
	verdict_evidence(v, "no handshake and no connection matches it, and none is remembered: a "
			    "wrong "
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
		.article =
			{
				.what = "Somebody tried to connect to a port on which nothing "
					"listens. The kernel answered with a reset. The client's "
					"connect() fails with ECONNREFUSED.",
				.know = "The packet was a SYN, and the kernel found neither a "
					"connection nor a listener for it. That is certain for the "
					"address the client used, in the network namespace of the "
					"event. A program may well listen elsewhere: on 127.0.0.1 "
					"only, in another container, in another VRF. A BPF program "
					"that selects sockets can hide a listener, too.",
				.confirm = "ss -ltnp 'sport = :PORT'  # who listens, and on which "
					   "address\n"
					   "nsenter -t PID -n ss -ltnp  # the same inside a "
					   "container\n"
					   "rstwhy --cause=port-closed -d 60  # many ports from "
					   "one source?",
				.advice = "Is the service down, still starting, or bound to the "
					  "wrong address? Start it, or correct the client's "
					  "address or port. In containers check where the "
					  "published port leads to. Unknown clients trying many "
					  "ports are scanners: normal on the Internet.",
				.references = "RFC 9293 section 3.5.2 (group 1)\n"
					      "kernel functions tcp_v4_rcv(), tcp_v6_rcv()",
			},
	},
	{
		.id = "connect-abandoned",
		.title = "SYN-ACK for a connect() this host gave up",
		.direction = DIRECTION_SENT,
		.test = test_connect_abandoned,
		.article =
			{
				.what = "A server answered a connection attempt (with SYN-ACK) for "
					"which no socket exists here. Usually a program of this "
					"host had called connect() and given up before the answer "
					"came: a timeout that is shorter than the way there and "
					"back, a close, a kill.",
				.know = "If rstwhy saw the attempt begin and end on the same "
					"addresses and ports, it is certain, and the program, how "
					"long it waited and how late the answer was are shown. If "
					"not, it is only possible: the attempt may be older than "
					"the tracer, made by raw packets (a scanner on this host), "
					"or somebody else used this host's address as a forged "
					"source.",
				.confirm = "ping -c 5 PEER  # compare the round trip time with the "
					   "program's timeout\n"
					   "ss -tnp state syn-sent  # attempts under way\n"
					   "strace -f -tt -e trace=%network,close -p PID  # "
					   "connect, then close too early\n"
					   "nstat -asz TcpExtTCPSynRetrans",
				.advice = "Compare \"gave up after\" with the program's connect "
					  "timeout. Up to one second means that not even one lost "
					  "SYN is survived, because the kernel repeats it after "
					  "one second: choose 3 seconds or more between hosts far "
					  "apart. If the server is slow to answer, look at its "
					  "load and SYN queue.",
				.references = "RFC 9293 section 3.5.2 (group 1)\n"
					      "connect(2)\n"
					      "kernel functions tcp_v4_rcv(), tcp_v6_rcv()",
			},
	},
	{
		.id = "late-segment",
		.title = "segment for a connection this host finished a moment ago",
		.direction = DIRECTION_SENT,
		.test = test_late_segment,
		.article =
			{
				.what = "A packet came for a connection that this host had already "
					"finished: closed, reset, or given up. The peer did not "
					"know that yet, and learns it by this reset.",
				.know = "rstwhy remembers the connections that ended while it ran. "
					"One of them had the same addresses and ports, and the "
					"packet's sequence numbers fit it. So it is certain that "
					"this packet came late; how, when and by whom the "
					"connection was ended is part of what is remembered.",
				.confirm = "rstwhy -v --cause=late-segment  # how the connection "
					   "ended\n"
					   "ss -tan dst PEER  # run it on the peer: does it still "
					   "hold the connection?\n"
					   "tcpdump -ni any 'tcp and host PEER'",
				.advice = "Look at how it ended. Timed out: the network was cut or "
					  "the peer slow, and this is the echo after it came back. "
					  "Closed by a program: the peer still had something to "
					  "say; close later, or let the peer finish first. Reset "
					  "already: the peer's packets crossed with the reset, "
					  "nothing to do.",
				.references = "RFC 9293 section 3.5.2 (group 1)\n"
					      "kernel functions tcp_v4_rcv(), "
					      "tcp_rcv_state_process()",
			},
	},
	{
		.id = "connection-unknown",
		.title = "segment for a connection this host has no memory of",
		.direction = DIRECTION_SENT,
		.test = test_connection_unknown,
		.article =
			{
				.what = "A packet came that belongs to no connection, and rstwhy "
					"does not remember one either. The peer believes in a "
					"connection that this host does not have.",
				.know = "The kernel found no socket for the packet: that is "
					"certain. Why the peer believes in it is not known. "
					"Connections that ended before the tracer started, or long "
					"ago, are not remembered.",
				.confirm = "uptime -s  # did this host restart after the "
					   "connection was made?\n"
					   "conntrack -S  # 'invalid' rising: NAT passes packets "
					   "it cannot match\n"
					   "sysctl net.netfilter.nf_conntrack_tcp_be_liberal\n"
					   "tcpdump -ni any 'tcp and host PEER and port PORT'",
				.advice = "Ask what changed: this host or container restarted; the "
					  "address moved to another machine; a load balancer or "
					  "NAT sent the packet to the wrong host, or forgot the "
					  "connection. On Kubernetes nodes, packets that "
					  "connection tracking calls invalid skip the address "
					  "translation and end here: drop them, or set "
					  "net.netfilter.nf_conntrack_tcp_be_liberal=1. The peer "
					  "only has to connect again.",
				.references = "RFC 9293 section 3.5.1 (figure 10)\n"
					      "kernel functions tcp_v4_rcv(), tcp_v6_rcv()",
			},
	},
	{
		.id = "listener-stray-ack",
		.title = "segment at a listener that belongs to no connection",
		.direction = DIRECTION_SENT,
		.test = test_stray_ack,
		.article =
			{
				.what = "A packet with ACK reached a listening socket, but belongs "
					"to no connection and to no handshake under way. It is the "
					"sister of connection-unknown: here the port is listening, "
					"so the kernel answers from the listener.",
				.know = "The kernel found only a listener for the packet (reason "
					"TCP_FLAGS, Linux 6.10 and later), and no finished "
					"connection fits it. That is certain; where the packet "
					"comes from is not. Possible: the server was restarted, a "
					"SYN cookie was wrong or too old, an ACK of a handshake "
					"was wrong, the connection timed out before the tracer "
					"started.",
				.confirm = "nstat -asz TcpExtSyncookiesFailed "
					   "TcpExtTCPTimeWaitOverflow TcpExtListenDrops\n"
					   "ss -ltnp 'sport = :PORT'\n"
					   "ps -o pid,lstart,cmd -p PID  # when was the listener "
					   "started?\n"
					   "tcpdump -ni any 'tcp and host PEER and port PORT'",
				.advice = "After a restart of the server this is expected, once "
					  "for each old client. If SyncookiesFailed rises, the "
					  "queue of half-open connections overflows: raise "
					  "net.ipv4.tcp_max_syn_backlog and the limit of listen(). "
					  "Otherwise look for a load balancer or NAT that sends "
					  "old connections here.",
				.references = "RFC 9293 section 3.10.7.2\n"
					      "kernel function tcp_rcv_state_process()",
			},
	},
	{0},
};
