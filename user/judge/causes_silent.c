// SPDX-License-Identifier: GPL-2.0
/* Connections that died without any reset: the socket went to CLOSE with an error. */
#include "causes.h"

#include <errno.h>

#include "facts.h"
#include "names.h"
#include "print.h"
#include "who.h"

static void say_error(const struct record *r, struct verdict *v)
{
	v->confidence = CERTAIN;
	v->error = r->e.life.err;
	verdict_evidence(v, "the socket died with %s", error_name(r->e.life.err));
}

static bool test_connect_timeout(const struct record *r, struct verdict *v)
{
	char peer[ENDPOINT_LEN], after[DURATION_LEN];

	if (r->e.life.err != ETIMEDOUT || r->e.state != STATE_SYN_SENT)
		return false;
	who_connected(r, v);
	v->site = "tcp_write_timeout";
	say_error(r, v);
	verdict_summary(v, "%s never answered the SYN: %s gave up after %s",
			endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer),
			v->who ? v->name : "this host", duration(age_seconds(r), after));
	verdict_evidence(
		v, "%u retransmission%s of the SYN; net.ipv4.tcp_syn_retries or TCP_SYNCNT is %u",
		r->e.sock.retransmits, plural(r->e.sock.retransmits), r->e.sock.syn_retries);
	return true;
}

static bool test_retransmission_timeout(const struct record *r, struct verdict *v)
{
	const struct sock_facts *s = &r->e.sock;
	char silence[DURATION_LEN];

	if (r->e.life.err != ETIMEDOUT)
		return false;
	who_holds(r, v);
	v->site = "tcp_write_timeout";
	say_error(r, v);
	verdict_summary(v,
			"the peer or the path died: %s gave up after %u retransmission%s, silent "
			"for %s",
			v->who ? v->name : "this host", s->retransmits, plural(s->retransmits),
			duration(silence_seconds(r), silence));
	if (s->retransmits)
		verdict_evidence(v, "%u retransmission%s unanswered", s->retransmits,
				 plural(s->retransmits));
	if (s->probes_out)
		verdict_evidence(v, "%u window probe%s unanswered", s->probes_out,
				 plural(s->probes_out));
	if (unacked_bytes(r))
		verdict_evidence(v, "%u byte%s sent and not acknowledged", unacked_bytes(r),
				 plural(unacked_bytes(r)));
	if (s->user_timeout_ms)
		verdict_evidence(v, "TCP_USER_TIMEOUT is %u ms", s->user_timeout_ms);
	else
		verdict_evidence(v, "net.ipv4.tcp_retries2 is %u", s->retries2);
	return true;
}

static bool test_unreachable(const struct record *r, struct verdict *v)
{
	char peer[ENDPOINT_LEN];

	if (!has(r, HAVE_LIFE) || !r->e.life.err)
		return false;
	if (r->e.state == STATE_SYN_SENT)
		who_connected(r, v);
	else
		who_holds(r, v);
	v->site = "tcp_v4_err";
	say_error(r, v);
	verdict_summary(v, "%s cannot be reached: %s",
			endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer),
			error_name(r->e.life.err));
	verdict_evidence(v, "an ICMP error or the lack of a route ended it");
	return true;
}

const struct cause causes_silent[] = {
	{
		.id = "connect-timeout",
		.title = "our SYN was never answered",
		.direction = DIRECTION_NONE,
		.test = test_connect_timeout,
		.article =
			{
				.what = "This host asked to connect (SYN), again and again, and "
					"nothing ever came back: no acceptance, no refusal. The "
					"program's connect() failed with ETIMEDOUT. No reset was "
					"sent or received.",
				.know = "The socket went from SYN_SENT to closed with the error "
					"ETIMEDOUT: certain. A program that gives up by a timeout "
					"of its own closes the socket without an error and is not "
					"shown here.",
				.confirm = "ping -c 3 PEER\n"
					   "tcpdump -ni any 'tcp[tcpflags] & tcp-syn != 0 and host "
					   "PEER'  # SYN only?\n"
					   "ss -tno state syn-sent  # attempts under way, "
					   "timer:(on,TIME,RETRIES)\n"
					   "sysctl net.ipv4.tcp_syn_retries",
				.advice = "Silence means: host down, wrong address, no way there "
					  "or back, a firewall that drops, or a server whose "
					  "queues are full. Capture on the peer: if the SYN "
					  "arrives, the fault lies there or on the way back. With "
					  "the default of 6 retries this takes about two minutes; "
					  "use a timeout in the program, or TCP_SYNCNT, to fail "
					  "sooner.",
				.references = "Documentation/networking/ip-sysctl.rst, "
					      "tcp_syn_retries\n"
					      "tcp(7), TCP_SYNCNT\n"
					      "kernel function tcp_write_timeout()",
			},
	},
	{
		.id = "retransmission-timeout",
		.title = "peer or path died: retransmitted until given up",
		.direction = DIRECTION_NONE,
		.test = test_retransmission_timeout,
		.article =
			{
				.what = "This host sent data and repeated it again and again, but "
					"no acknowledgement came. Or the peer kept its window "
					"closed and stopped answering the probes. The kernel gave "
					"up: the program sees ETIMEDOUT. Nothing is sent to tell "
					"the peer, which may learn of it by a reset when it speaks "
					"again.",
				.know = "The socket was closed with the error ETIMEDOUT and no "
					"reset: certain. Whether the limit was TCP_USER_TIMEOUT or "
					"the number of retries is read off the socket. A socket "
					"that its program had already closed gives up sooner "
					"(net.ipv4.tcp_orphan_retries).",
				.confirm = "ping -c 3 PEER\n"
					   "ss -tnoi dst PEER  # backoff, retrans, lastrcv; "
					   "timer:(on,TIME,RETRIES)\n"
					   "ip route get PEER\n"
					   "sysctl net.ipv4.tcp_retries2\n"
					   "nstat -asz TcpExtTCPAbortOnTimeout TcpExtTCPTimeouts",
				.advice = "The peer died, or the path broke or drops only some "
					  "packets (large ones: look for an MTU problem; those "
					  "after a NAT or firewall forgot the connection). With "
					  "the default of 15 retries it takes 15 minutes and more: "
					  "programs that must notice sooner set TCP_USER_TIMEOUT, "
					  "or lower net.ipv4.tcp_retries2.",
				.references = "RFC 9293 section 3.8.3\n"
					      "Documentation/networking/ip-sysctl.rst, "
					      "tcp_retries2\n"
					      "tcp(7), TCP_USER_TIMEOUT",
			},
	},
	{
		.id = "unreachable",
		.title = "an ICMP error or a missing route ended it",
		.direction = DIRECTION_NONE,
		.test = test_unreachable,
		.article =
			{
				.what = "The connection died of an error of the network: a router "
					"or the peer reported by ICMP that it cannot be reached, "
					"or this host has no route. No TCP reset was involved.",
				.know = "The socket was closed with an error other than a timeout: "
					"certain. A connect() ends at once by such a report. An "
					"established connection ends only when its retransmissions "
					"are used up, and then shows the last report instead of "
					"ETIMEDOUT. Which router reported it is not seen by "
					"rstwhy.",
				.confirm = "ip route get PEER\n"
					   "tcpdump -nvi any 'icmp[0] == 3 or icmp6[0] == 1'  # "
					   "who says so, and why\n"
					   "traceroute -T -p PORT PEER\n"
					   "ping -c 3 PEER",
				.advice = "EHOSTUNREACH: the last router finds no such host, or a "
					  "firewall says so. ENETUNREACH: no route to that "
					  "network, here or on a router. ECONNREFUSED here, "
					  "without a reset: an ICMP \"port unreachable\", typical "
					  "of a firewall rule. Check routes and firewalls on the "
					  "way.",
				.references = "RFC 9293 section 3.9.2.2\n"
					      "icmp(7), ip(7)\n"
					      "kernel functions tcp_v4_err(), tcp_write_timeout()",
			},
	},
	{0},
};
