// SPDX-License-Identifier: GPL-2.0
/* Sent: somebody else destroyed the socket under its owner. Kernel sites 15-17. */
#include "causes.h"

#include <errno.h>

#include "active.h"
#include "facts.h"
#include "names.h"
#include "who.h"

static bool test_destroyed(const struct record *r, struct verdict *v)
{
	bool by_stack = came_from(r, "tcp_abort");

	if (!is_active(r) || r->e.state == STATE_CLOSE || !reason_allows(r, REASON_TCP_STATE))
		return false;
	if (!by_stack && (r->stack_len || sock_is(r, SOCK_BIT_DEAD)))
		return false;
	who_runs(r, v, ROLE_KILLER);
	v->site = "tcp_abort";
	v->error = ECONNABORTED;
	v->confidence = by_stack ? CERTAIN : LIKELY;
	verdict_summary(v, "%s destroyed the socket from outside (ss -K, SOCK_DESTROY)",
			v->who ? v->name : "an administrator");
	if (r->owner.pid)
		verdict_evidence(v, "the socket belonged to %.*s (%u)", COMM_LEN, r->owner.comm,
				 r->owner.pid);
	verdict_evidence(v, "the reset left before the state changed: not the owner's doing");
	return true;
}

const struct cause causes_killed[] = {
	{
		.id = "socket-destroyed",
		.title = "an administrator or program destroyed the socket",
		.direction = DIRECTION_SENT,
		.test = test_destroyed,
		.article =
			{
				.what = "Somebody else destroyed the socket under the program that "
					"used it: an administrator with ss -K, a program that asks "
					"the kernel to (SOCK_DESTROY), or a BPF program. The "
					"program sees ECONNABORTED, the peer a reset.",
				.know = "If the kernel stack shows tcp_abort(), it is certain. "
					"Without a stack it is likely: the reset left the live "
					"socket in its normal state, as only destruction does. The "
					"process shown is the one that destroyed; the evidence "
					"names the owner if it is known. A reset caused by SMC "
					"sockets (Shared Memory Communications) comes the same "
					"way.",
				.confirm = "rstwhy --cause=socket-destroyed --stack  # "
					   "tcp_diag_destroy: ss -K or alike\n"
					   "bpftrace -e 'kprobe:tcp_abort { printf(\"%s %d\\n\", "
					   "comm, pid); }'",
				.advice = "Ask the process that is shown why it did so. Besides "
					  "people with ss -K, container network plugins and VPN or "
					  "mobility software do it when an address or a backend "
					  "goes away. Nothing is wrong with the owner, which "
					  "should simply connect again.",
				.references = "ss(8), -K\n"
					      "sock_diag(7)\n"
					      "kernel functions tcp_abort(), tcp_diag_destroy()",
			},
	},
	{0},
};
