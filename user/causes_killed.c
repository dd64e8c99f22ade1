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
	},
	{0},
};
