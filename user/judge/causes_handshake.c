// SPDX-License-Identifier: GPL-2.0
/* Sent: a segment met a handshake and does not fit it. Kernel sites 20-25. */
#include "causes.h"

#include <string.h>

#include "answer.h"
#include "facts.h"
#include "who.h"

/* The request socket refused it (sites 23, 24), not the listener itself (19). */
static bool by_request(const struct record *r)
{
	static const char *const functions[] = {"tcp_check_req", "tcp_v4_do_rcv", "tcp_v6_do_rcv",
						NULL};
	const char *frame = decisive_frame(r, functions);

	if (r->reason != REASON_NONE)
		return r->reason == REASON_INVALID_SYN;
	if (frame)
		return !strcmp(frame, functions[0]);
	/* No stack: of a listener's answers only these two come from a request socket. */
	return r->e.segment.flags & TCP_SYN ||
	       (r->e.sock.backlog > r->e.sock.max_backlog && !is_of_ended(r));
}

static enum confidence by_request_confidence(const struct record *r)
{
	return r->reason == REASON_INVALID_SYN || r->stack_len ? CERTAIN : LIKELY;
}

static bool test_accept_queue(const struct record *r, struct verdict *v)
{
	const struct sock_facts *s = &r->e.sock;

	if (!at_listener(r) || carries(r, TCP_SYN, TCP_SYN) || !by_request(r))
		return false;
	who_listens(r, v);
	v->site = "tcp_check_req";
	v->confidence = by_request_confidence(r);
	verdict_summary(
		v, "the accept queue of %s is full (%u of %u), and tcp_abort_on_overflow is on",
		v->who ? v->name : "the listener", s->backlog, s->max_backlog);
	verdict_evidence(v, "accept queue: %u waiting, limit %u", s->backlog, s->max_backlog);
	verdict_evidence(v, "net.ipv4.tcp_abort_on_overflow is %u", s->abort_on_overflow);
	return true;
}

static bool test_bad_syn(const struct record *r, struct verdict *v)
{
	bool with_ack = carries(r, TCP_ACK, TCP_ACK);

	if (!is_answer(r) || !carries(r, TCP_SYN, TCP_SYN) || !by_request(r))
		return false;
	if (r->e.state != STATE_LISTEN && r->e.state != STATE_SYN_RECV)
		return false;
	/* Without reason and stack a SYN-ACK is more likely a stray. */
	if (with_ack && r->reason == REASON_NONE && !r->stack_len)
		return false;
	who_listens(r, v);
	v->site = "tcp_check_req";
	v->confidence = by_request_confidence(r);
	verdict_summary(v, "a second, different SYN arrived during the handshake");
	say_trigger(r, v);
	verdict_evidence(v, "a handshake was under way on this flow");
	return true;
}

/* SEG.ACK covers our SYN: SND.UNA < SEG.ACK =< SND.NXT (RFC 9293 3.10.7.3). */
static bool acks_syn(const struct record *r)
{
	return r->e.segment.ack - r->e.sock.snd_una - 1 < r->e.sock.snd_nxt - r->e.sock.snd_una;
}

static bool test_bad_timestamp(const struct record *r, struct verdict *v)
{
	uint32_t tsval, tsecr = 0;

	if (!is_answer(r) || r->e.state != STATE_SYN_SENT)
		return false;
	if (r->reason == REASON_NONE ? !acks_syn(r) || !segment_timestamp(r, &tsval, &tsecr)
				     : r->reason != REASON_TCP_RFC7323_PAWS)
		return false;
	segment_timestamp(r, &tsval, &tsecr);
	who_connected(r, v);
	v->site = "tcp_rcv_synsent_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "the SYN-ACK echoes a timestamp this host never sent");
	say_trigger(r, v);
	verdict_evidence(v, "timestamp echoed: %u", tsecr);
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
	/* A listener says so only from 7.2 on, and with a reason of its own. */
	if (r->e.state == STATE_LISTEN ? r->reason == REASON_NONE || r->reason == REASON_TCP_FLAGS
				       : r->e.state != STATE_ESTABLISHED)
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
		.article =
			{
				.what = "A client was in the middle of connecting when a second "
					"SYN (the packet that opens a connection) came on the same "
					"addresses and ports, with another sequence number. The "
					"half-open connection was thrown away and the new SYN "
					"answered by a reset: that client sees \"connection "
					"refused\".",
				.know = "The packet had SYN set, and the kernel's reason is "
					"INVALID_SYN: certain. Without a reason, on kernels before "
					"6.10, it is likely: there a refused request to join an "
					"MPTCP connection looks the same.",
				.confirm = "nstat -asz TcpExtEmbryonicRsts  # half-open "
					   "connections ended by SYN or RST\n"
					   "ss -tan state syn-recv\n"
					   "tcpdump -ni any 'tcp[tcpflags] & (tcp-syn|tcp-rst) != "
					   "0 and host PEER'",
				.advice = "Single ones are harmless: a client that gave up and "
					  "tried again from the same port at once, or a duplicate "
					  "from the network. Many from one address: a NAT that "
					  "gives the same port to two clients, a load generator "
					  "with too few ports, or a scanner.",
				.references = "RFC 9293 section 3.10.7.4\n"
					      "kernel function tcp_check_req()",
			},
	},
	{
		.id = "accept-queue-overflow",
		.title = "accept queue full, tcp_abort_on_overflow = 1",
		.direction = DIRECTION_SENT,
		.test = test_accept_queue,
		.article =
			{
				.what = "A client finished connecting, but the listener's queue of "
					"connections waiting for accept() was full. Because "
					"net.ipv4.tcp_abort_on_overflow is 1 on this host, the "
					"kernel resets such clients. The client believed it was "
					"connected, and its first read or write fails.",
				.know = "Reason INVALID_SYN (a misnomer) for a packet without SYN "
					"at a listener: certain. Without a reason, on kernels "
					"before 6.10, a full queue makes it likely. The numbers "
					"shown are the queue's length and limit at that moment; "
					"one more than the limit fits.",
				.confirm = "ss -ltn 'sport = :PORT'  # Recv-Q: waiting now, "
					   "Send-Q: the limit\n"
					   "nstat -asz TcpExtListenOverflows TcpExtListenDrops\n"
					   "sysctl net.ipv4.tcp_abort_on_overflow "
					   "net.core.somaxconn",
				.advice = "Make the program accept faster: look for a thread that "
					  "blocks, or a CPU limit. Raise the limit: the second "
					  "argument of listen(), which net.core.somaxconn caps. "
					  "Unless clients must fail at once, set "
					  "net.ipv4.tcp_abort_on_overflow=0, the default: then the "
					  "kernel waits for room instead, and short bursts pass "
					  "unseen.",
				.references = "Documentation/networking/ip-sysctl.rst, "
					      "tcp_abort_on_overflow\n"
					      "listen(2)\n"
					      "kernel function tcp_check_req()",
			},
	},
	{
		.id = "handshake-bad-timestamp",
		.title = "SYN-ACK echoes a timestamp never sent",
		.direction = DIRECTION_SENT,
		.test = test_bad_timestamp,
		.article =
			{
				.what = "This host is connecting. An answer came that echoes a TCP "
					"timestamp this host never sent, so it belongs to an older "
					"attempt or was altered. It was answered by a reset. The "
					"attempt here goes on: the SYN is sent again.",
				.know = "The kernel's reason is TCP_RFC7323_PAWS while the socket "
					"was in SYN_SENT; nothing else gives this. Kernels before "
					"6.10 name no reason: there the same event is shown as "
					"handshake-bad-ack.",
				.confirm = "nstat -asz TcpExtPAWSActive  # one more for each\n"
					   "tcpdump -nvi any 'tcp[tcpflags] & tcp-syn != 0 and "
					   "host PEER'  # TS val, ecr",
				.advice = "If connections to this peer succeed in the end, ignore "
					  "it. If not, capture on both ends and compare the "
					  "timestamps: a box between (load balancer, SYN proxy) "
					  "answers for somebody else or rewrites them.",
				.references = "RFC 7323 section 3\n"
					      "kernel function tcp_rcv_synsent_state_process()",
			},
	},
	{
		.id = "handshake-bad-ack",
		.title = "ACK that does not cover our SYN or SYN-ACK",
		.direction = DIRECTION_SENT,
		.test = test_bad_ack,
		.article =
			{
				.what = "During a handshake an ACK came whose number does not fit "
					"what this host sent. Most often the peer still holds an "
					"older connection on the same addresses and ports, and "
					"answered for that one. The reset clears the peer's old "
					"idea; the handshake here goes on.",
				.know = "The packet met a socket that was connecting (SYN_SENT, or "
					"SYN_RECV with TCP Fast Open or when both sides connect at "
					"once), and the kernel answered with a reset. That is "
					"certain; why the peer sent it is not known. Before Linux "
					"6.10 a wrong timestamp echo (handshake-bad-timestamp) "
					"looks the same.",
				.confirm = "tcpdump -ni any 'tcp and host PEER'  # SYN, odd ACK, "
					   "RST, SYN again\n"
					   "ss -tan dst PEER  # run it on the peer, too: does it "
					   "hold an old connection?\n"
					   "sysctl net.ipv4.ip_local_port_range",
				.advice = "If the connection is made a moment later, this is TCP "
					  "cleaning up after a crash or a fast reuse of a port: "
					  "nothing to do. If it repeats, the source port is reused "
					  "too early: widen net.ipv4.ip_local_port_range, keep "
					  "connections open longer, or look for a NAT that reuses "
					  "ports.",
				.references = "RFC 9293 sections 3.10.7.3 and 3.5.1 (figure 9)\n"
					      "kernel function tcp_rcv_state_process()",
			},
	},
	{
		.id = "child-rejected",
		.title = "the fresh child refused the segment",
		.direction = DIRECTION_SENT,
		.test = test_child_rejected,
		.article =
			{
				.what = "A packet completed a handshake, a connection was made "
					"from it, and this fresh connection refused the very "
					"packet. The kernel checks the packet before, so this "
					"should hardly ever happen.",
				.know = "The reset answered a packet without SYN for a connection "
					"that had only just been made, and no other rule covers "
					"it. It is a guess; please look at the raw facts "
					"(--format=json) and the stack.",
				.confirm = "rstwhy --cause=child-rejected --stack --format=json\n"
					   "tcpdump -ni any 'tcp and host PEER' -w child.pcap",
				.advice = "The client should connect again. If it happens more "
					  "than once, please report it with the JSON line and the "
					  "kernel's version.",
				.references = "RFC 9293 section 3.10.7.4\n"
					      "kernel functions tcp_child_process(), tcp_v4_rcv()",
			},
	},
	{0},
};
