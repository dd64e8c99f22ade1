// SPDX-License-Identifier: GPL-2.0
/* Hints that this host's own facts give: the process, the packet filter, the other end. */
#include "hints.h"

#include <string.h>

#include "facts.h"
#include "names.h"
#include "print.h"

static bool process_killed(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	char name[16];

	if (!v->who || !v->who->exit_signal)
		return false;
	print_text(text, TEXT_LEN, "%s was being killed by %s: its sockets were closed for it",
		   v->name, signal_name(v->who->exit_signal, name));
	return true;
}

static bool early_response(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	/* Of a connection this host opened, the SYN counts for one, and it is no response. */
	if (strcmp(v->cause->id, "close-unread-data") || r->e.sock.bytes_acked <= 1 || !v->who ||
	    v->who->flags & TASK_EXITING || r->e.life.opener.pid)
		return false;
	print_text(
		text, TEXT_LEN,
		"closed after a response of at least %llu bytes while the peer was still sending: "
		"the "
		"reset may destroy the response before the peer reads it",
		(unsigned long long)r->e.sock.bytes_acked);
	return true;
}

static bool same_host(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	(void)v;
	if (!r->pair[0])
		return false;
	if (r->pair_cause)
		print_text(text, TEXT_LEN, "the other end is on this host, too: %s%s%s",
			   r->pair_name, r->pair_name[0] ? ", " : "", r->pair_cause);
	else /* a recording that is not whole */
		print_text(text, TEXT_LEN, "the other end is on this host, too");
	return true;
}

/*
 * Only where no socket was found: for one that is, the kernel has taken the mark off the packet
 * (nf_reset_ct() in tcp_v4_rcv()) before anybody resets.
 */
static bool conntrack_invalid(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	(void)v;
	if (r->e.direction != DIRECTION_SENT || r->e.sk || !has(r, HAVE_SEGMENT) ||
	    r->e.segment.conntrack != CONNTRACK_INVALID)
		return false;
	print_text(
		text, TEXT_LEN,
		"connection tracking did not know the segment (INVALID): address translation was "
		"skipped for it");
	return true;
}

const struct hint hints_local[] = {
	{
		.id = "process-killed",
		.title = "the owner was dying by a signal",
		.test = process_killed,
		.article =
			{
				.what = "The process that held the connection was being killed by "
					"a signal. Its sockets were closed by the kernel on its "
					"behalf, so the reset says nothing about the program's "
					"intent.",
				.know = "When the reset was sent, the process was exiting, and the "
					"kernel had noted the signal that ends it. The number is "
					"the kernel's own. Who sent the signal is not known.",
				.confirm = "journalctl -k -g 'Out of memory|oom-kill'  # SIGKILL "
					   "by the kernel\n"
					   "journalctl -u UNIT --since -10min  # stopped or "
					   "restarted by systemd?\n"
					   "coredumpctl list  # SIGSEGV, SIGABRT: a crash\n"
					   "# sender, signal, receiver:\n"
					   "bpftrace -e 't:signal:signal_generate { print((comm, "
					   "args->sig, args->pid)) }'",
				.advice = "SIGKILL: out of memory, a container's memory limit, or "
					  "a stop that took longer than its grace time. SIGTERM: "
					  "an ordinary stop; let the program handle it, stop "
					  "accepting, finish and close before it exits. SIGSEGV or "
					  "SIGABRT: a crash, look for the core dump.",
				.references = "signal(7)\n"
					      "close(2), SO_LINGER in socket(7)",
			},
	},
	{
		.id = "early-response",
		.title = "closed with unread data after having answered",
		.test = early_response,
		.article =
			{
				.what = "The program had sent something, the peer was still "
					"sending, and the program closed without reading the rest. "
					"Typical: a web server refuses an upload (status 413, 431 "
					"or 503) and closes. The peer gets a reset, often before "
					"it has read the response, and reports \"connection "
					"reset\" instead of it.",
				.know = "The cause is close-unread-data, the process was not "
					"exiting, and the peer had acknowledged bytes of ours "
					"before. It is an interpretation: that the bytes were a "
					"response is not known, and a count of 1 can be the "
					"opening of the connection alone.",
				.confirm = "strace -f -tt -e trace=%network,read,write,close -p "
					   "PID  # write, then close\n"
					   "curl -v -H 'Expect:' --data-binary @bigfile "
					   "http://HOST:PORT/\n"
					   "rstwhy -f json --cause=close-unread-data | jq .socket",
				.advice = "Let the server read on after its response: "
					  "shutdown(SHUT_WR), read and throw away until the end or "
					  "for some seconds, then close. Servers have a setting: "
					  "lingering_close in nginx, for example. Or let it read "
					  "the whole request before it answers. Clients should "
					  "read a response even if a write fails.",
				.references = "RFC 9112 section 9.6\n"
					      "RFC 9293 section 3.6.1 (SHLD-3)",
			},
	},
	{
		.id = "same-host",
		.title = "the other end of this reset is on this host, too",
		.test = same_host,
		.article =
			{
				.what = "Both ends of this connection are on this host: over "
					"loopback, or between two containers. The reset was sent "
					"and received here, and so there are two events for it.",
				.know = "A reset in the other direction, on the same addresses and "
					"ports seen from the other end, was noted at nearly the "
					"same time. On loopback the kernel may report the "
					"receiving before the sending.",
				.confirm = "ss -tnp dst LOCAL_ADDRESS  # both ends, with their "
					   "processes\n"
					   "rstwhy --sent --port=PORT  # the sending end alone "
					   "names the exact cause",
				.advice = "Read the event of the sending end: it knows the cause "
					  "for sure, the receiving end only guesses. Count such a "
					  "reset once.",
				.references = "RFC 9293 section 3.5.2",
			},
	},
	{
		.id = "conntrack-invalid",
		.title = "connection tracking did not know the segment",
		.test = conntrack_invalid,
		.article =
			{
				.what = "The packet that triggered the reset was not part of any "
					"connection that this host's connection tracking knows "
					"(state INVALID). Address translation is skipped for such "
					"packets, so they reach TCP with an address that no "
					"connection has. Known from Kubernetes and other NAT "
					"gateways.",
				.know = "The tracking state was read from the packet itself. That "
					"it was invalid is a fact; that it is the reason for the "
					"reset is a conclusion, and a good one if services are "
					"reached through NAT here.",
				.confirm = "conntrack -S  # 'invalid' rising\n"
					   "sysctl net.netfilter.nf_conntrack_tcp_be_liberal\n"
					   "sysctl net.netfilter.nf_conntrack_count "
					   "net.netfilter.nf_conntrack_max\n"
					   "sysctl -w net.netfilter.nf_conntrack_log_invalid=6  # "
					   "log invalid TCP; 0: off",
				.advice = "Either drop such packets before they reach TCP (a rule "
					  "for ct state invalid), or let tracking accept packets "
					  "outside the window: "
					  "net.netfilter.nf_conntrack_tcp_be_liberal=1. The first "
					  "can break asymmetric routes, the second accepts more. "
					  "If the table is full, raise nf_conntrack_max.",
				.references =
					"Documentation/networking/nf_conntrack-sysctl.rst\n"
					"https://github.com/kubernetes/kubernetes/issues/74839",
			},
	},
	{0},
};
