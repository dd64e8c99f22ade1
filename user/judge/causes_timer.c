// SPDX-License-Identifier: GPL-2.0
/* Sent: the kernel itself gave a connection up: a timer, or a limit. Kernel sites 11-14. */
#include "causes.h"

#include <errno.h>
#include <string.h>

#include "active.h"
#include "facts.h"
#include "names.h"
#include "print.h"
#include "who.h"

/* Its FIN is not acknowledged: of the timers only this one resets it. */
static bool is_orphan_with_fin(const struct record *r)
{
	return !r->stack_len && sock_is(r, SOCK_BIT_DEAD) &&
	       (r->e.state == STATE_FIN_WAIT1 || r->e.state == STATE_CLOSING ||
		r->e.state == STATE_LAST_ACK);
}

static bool test_out_of_resources(const struct record *r, struct verdict *v)
{
	bool in_timer = came_from(r, "tcp_out_of_resources");
	bool orphan = sock_is(r, SOCK_BIT_DEAD);

	if (!is_active(r) || !reason_allows(r, REASON_TCP_ABORT_ON_MEMORY))
		return false;
	if (reason_is_absent(r) && !in_timer && !(r->e.state == STATE_CLOSE && orphan) &&
	    !is_orphan_with_fin(r))
		return false;
	who_closed(r, v);
	v->site = r->e.state == STATE_CLOSE ? "__tcp_close" : "tcp_out_of_resources";
	v->confidence = by_reason(r);
	verdict_summary(v, "too many orphaned sockets, or TCP out of memory: the closed connection "
			   "was dropped");
	if (orphan)
		verdict_evidence(v, "an orphan: no process holds it any more");
	if (r->limits[0])
		verdict_evidence(v, "%s", r->limits);
	else
		verdict_evidence(v, "limits: net.ipv4.tcp_max_orphans, net.ipv4.tcp_mem");
	return true;
}

static bool is_keepalive(const struct record *r)
{
	if (!is_active(r) || r->e.state == STATE_CLOSE)
		return false;
	if (!reason_is_absent(r))
		return r->reason == REASON_TCP_KEEPALIVE_TIMEOUT;
	return sock_is(r, SOCK_BIT_KEEPOPEN) && r->e.sock.probes_out &&
	       (!r->stack_len || came_from(r, "tcp_keepalive_timer"));
}

static void say_keepalive(const struct record *r, struct verdict *v)
{
	char silence[DURATION_LEN], idle[DURATION_LEN], every[DURATION_LEN];
	const struct sock_facts *s = &r->e.sock;

	v->site = "tcp_keepalive_timer";
	v->error = s->err_soft ? s->err_soft : ETIMEDOUT;
	v->confidence = by_reason(r);
	who_holds(r, v);
	verdict_evidence(v, "%u keepalive probe%s unanswered", s->probes_out,
			 plural(s->probes_out));
	verdict_evidence(v, "nothing heard from the peer for %s",
			 duration(silence_seconds(r), silence));
	verdict_evidence(v, "keepalive: idle %s, then every %s, %u times",
			 duration(jiffies_to_seconds(r, s->keepalive_time_jiffies), idle),
			 duration(jiffies_to_seconds(r, s->keepalive_intvl_jiffies), every),
			 s->keepalive_probes);
}

static bool test_user_timeout(const struct record *r, struct verdict *v)
{
	if (!is_keepalive(r) || !r->e.sock.user_timeout_ms)
		return false;
	verdict_summary(v, "the peer answered no keepalive probe within TCP_USER_TIMEOUT (%u ms)",
			r->e.sock.user_timeout_ms);
	verdict_evidence(v, "TCP_USER_TIMEOUT is %u ms", r->e.sock.user_timeout_ms);
	say_keepalive(r, v);
	return true;
}

static bool test_keepalive(const struct record *r, struct verdict *v)
{
	char silence[DURATION_LEN];

	if (!is_keepalive(r) || r->e.sock.user_timeout_ms)
		return false;
	verdict_summary(v, "the peer left %u keepalive probe%s unanswered: silent for %s",
			r->e.sock.probes_out, plural(r->e.sock.probes_out),
			duration(silence_seconds(r), silence));
	say_keepalive(r, v);
	return true;
}

static bool test_fin_wait2(const struct record *r, struct verdict *v)
{
	const char *decider = active_decider(r);
	char limit[DURATION_LEN];

	if (!is_active(r) || r->e.state != STATE_FIN_WAIT2 || !sock_is(r, SOCK_BIT_DEAD) ||
	    !reason_allows(r, REASON_TCP_STATE))
		return false;
	/* An orphan can be destroyed from outside as well. */
	if (decider && strcmp(decider, "tcp_keepalive_timer"))
		return false;
	who_closed(r, v);
	v->site = "tcp_keepalive_timer";
	v->confidence = decider ? CERTAIN : LIKELY;
	verdict_summary(v, "%s closed, and the peer never sent its FIN: FIN_WAIT2 timed out",
			v->name);
	verdict_evidence(v, "an orphan in FIN_WAIT2; net.ipv4.tcp_fin_timeout is %s",
			 duration(jiffies_to_seconds(r, r->e.sock.fin_timeout_jiffies), limit));
	if (r->e.sock.linger2_jiffies)
		verdict_evidence(v, "TCP_LINGER2 is %s",
				 duration(jiffies_to_seconds(r, r->e.sock.linger2_jiffies), limit));
	return true;
}

const struct cause causes_timer[] = {
	{
		.id = "out-of-resources",
		.title = "too many orphans, or TCP memory exhausted",
		.direction = DIRECTION_SENT,
		.test = test_out_of_resources,
		.article =
			{
				.what = "This host ran into a limit. A connection that a program "
					"had closed, and that the kernel was still finishing (an "
					"orphan), was dropped with a reset, because there were too "
					"many orphans or TCP as a whole used too much memory. Data "
					"not yet delivered is lost.",
				.know = "The kernel's reason is TCP_ABORT_ON_MEMORY (Linux 6.12 "
					"and later): certain. On older kernels it is read off the "
					"stack and the state of the socket: likely. Which of the "
					"two limits was hit the kernel does not tell here; its log "
					"does.",
				.confirm = "dmesg | grep -E 'orphaned sockets|tcp_mem'  # the "
					   "kernel says which limit\n"
					   "cat /proc/net/sockstat  # TCP: orphan N ... mem N "
					   "(pages)\n"
					   "sysctl net.ipv4.tcp_max_orphans net.ipv4.tcp_mem  # "
					   "3rd of tcp_mem: maximum\n"
					   "nstat -asz TcpExtTCPAbortOnMemory",
				.advice = "Find what makes so many orphans: clients that vanish, "
					  "or a server that closes while much is unsent (ss -tan "
					  "state fin-wait-1). Raise net.ipv4.tcp_max_orphans or "
					  "net.ipv4.tcp_mem if memory allows. The kernel counts an "
					  "orphan whose peer does not answer more than once, so "
					  "the limit can strike at half or a quarter of the "
					  "number.",
				.references = "Documentation/networking/ip-sysctl.rst, "
					      "tcp_max_orphans, tcp_mem\n"
					      "kernel functions tcp_check_oom(), "
					      "tcp_out_of_resources()",
			},
	},
	{
		.id = "user-timeout",
		.title = "keepalive probes unanswered within TCP_USER_TIMEOUT",
		.direction = DIRECTION_SENT,
		.test = test_user_timeout,
		.article =
			{
				.what = "The connection was idle and keepalive was on: the kernel "
					"asked the peer from time to time whether it is still "
					"there. No answer came within the time the program allows "
					"(socket option TCP_USER_TIMEOUT), so the kernel gave the "
					"connection up. The program sees ETIMEDOUT.",
				.know = "The keepalive timer sent the reset, and the socket has "
					"TCP_USER_TIMEOUT set: that option then decides, not the "
					"number of probes. Certain if the kernel names the reason "
					"(TCP_KEEPALIVE_TIMEOUT, Linux 6.12 and later), otherwise "
					"likely. With data under way the same option ends a "
					"connection without any reset: see retransmission-timeout.",
				.confirm = "ping -c 3 PEER\n"
					   "ss -tnoi dst PEER  # timer:(keepalive,TIME,PROBES) on "
					   "its other connections\n"
					   "strace -f -e trace=setsockopt -p PID  # "
					   "TCP_USER_TIMEOUT, [milliseconds]",
				.advice = "The peer, or the path to it, did not answer: look there "
					  "first (host down, cable, a firewall or NAT that forgot "
					  "the connection and drops). If the peer was only slow, "
					  "raise TCP_USER_TIMEOUT above the longest pause you want "
					  "to survive.",
				.references = "RFC 5482\n"
					      "tcp(7), TCP_USER_TIMEOUT\n"
					      "kernel function tcp_keepalive_timer()",
			},
	},
	{
		.id = "keepalive-timeout",
		.title = "keepalive probes unanswered",
		.direction = DIRECTION_SENT,
		.test = test_keepalive,
		.article =
			{
				.what = "The connection was idle and keepalive was on: the kernel "
					"sent small probes to ask whether the peer is still there. "
					"None was answered, so the kernel gave the connection up "
					"and sent a reset, which the peer will probably never see. "
					"The program sees ETIMEDOUT, or the error of an ICMP "
					"message.",
				.know = "The keepalive timer sent the reset while probes were "
					"unanswered and no TCP_USER_TIMEOUT was set. Certain if "
					"the kernel names the reason (TCP_KEEPALIVE_TIMEOUT, Linux "
					"6.12 and later), otherwise likely. The times in the "
					"evidence are those in effect for this socket.",
				.confirm = "ping -c 3 PEER\n"
					   "ss -tno dst PEER  # timer:(keepalive,TIME,PROBES) on "
					   "its other connections\n"
					   "sysctl net.ipv4.tcp_keepalive_time "
					   "net.ipv4.tcp_keepalive_intvl\n"
					   "sysctl net.ipv4.tcp_keepalive_probes\n"
					   "nstat -asz TcpExtTCPKeepAlive TcpExtTCPAbortOnTimeout",
				.advice = "Keepalive did its work: the peer crashed or lost its "
					  "network, or a firewall, NAT or load balancer between "
					  "forgot the idle connection and drops its packets. In "
					  "the last case let keepalive start earlier than that box "
					  "forgets (TCP_KEEPIDLE, or net.ipv4.tcp_keepalive_time "
					  "for all): then the connection stays alive.",
				.references = "RFC 9293 section 3.8.4\n"
					      "tcp(7), TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT\n"
					      "kernel function tcp_keepalive_timer()",
			},
	},
	{
		.id = "fin-wait2-timeout",
		.title = "an orphan waited too long in FIN_WAIT2",
		.direction = DIRECTION_SENT,
		.test = test_fin_wait2,
		.article =
			{
				.what = "A program here had closed the connection and the peer had "
					"acknowledged that, but the peer never closed its own "
					"side. The kernel waited for it (state FIN_WAIT2) until "
					"time was up, and then dropped the connection with a "
					"reset.",
				.know = "The socket belonged to no process any more and was in "
					"FIN_WAIT2 when the kernel itself reset it. One "
					"look-alike: ss -K on such a leftover. The stack tells: "
					"tcp_keepalive_timer is this cause, tcp_abort is ss -K. It "
					"is rare: with usual settings the leftover becomes a "
					"TIME_WAIT socket, which ends without a reset.",
				.confirm = "ss -tano state fin-wait-2  # such leftovers, with the "
					   "time they have left\n"
					   "sysctl net.ipv4.tcp_fin_timeout\n"
					   "rstwhy --cause=fin-wait2-timeout --stack",
				.advice = "Usually harmless: this host had finished. On the peer "
					  "look for a program that does not close after it has "
					  "read the end of the data (ss -tanp state close-wait "
					  "there). Did somebody lower net.ipv4.tcp_fin_timeout "
					  "while connections waited? Above 60 seconds, and lowered "
					  "later, is the usual way into this.",
				.references = "Documentation/networking/ip-sysctl.rst, "
					      "tcp_fin_timeout\n"
					      "tcp(7), TCP_LINGER2\n"
					      "kernel function tcp_keepalive_timer()",
			},
	},
	{0},
};
