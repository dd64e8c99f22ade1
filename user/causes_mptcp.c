// SPDX-License-Identifier: GPL-2.0
/* Sent: MPTCP aborted a connection or refused a subflow. Kernel sites 31-37. */
#include "causes.h"

#include "active.h"
#include "facts.h"
#include "who.h"

static bool is_mptcp_reason(enum reason reason)
{
	return reason >= REASON_MPTCP_RST_EUNSPEC && reason <= REASON_MPTCP_RST_EMIDDLEBOX;
}

static bool test_fastclose(const struct record *r, struct verdict *v)
{
	bool closed = r->reason == REASON_TCP_ABORT_ON_CLOSE && r->e.state != STATE_CLOSE;
	bool received = came_from(r, "mptcp_worker");

	if (!is_active(r) || !sock_is(r, SOCK_BIT_MPTCP))
		return false;
	if (!closed && !received && !came_from(r, "mptcp_do_fastclose"))
		return false;
	if (!received)
		who_runs(r, v, ROLE_CLOSER);
	v->site = received ? "mptcp_worker" : "mptcp_do_fastclose";
	v->confidence = CERTAIN;
	if (received && is_mptcp_reason(r->reason))
		verdict_summary(v, "the peer sent MP_FASTCLOSE: every subflow of the MPTCP "
				   "connection is reset");
	else
		verdict_summary(v,
				"%s aborted the MPTCP connection (unread data, SO_LINGER 0 or "
				"disconnect): MP_FASTCLOSE",
				v->name);
	verdict_evidence(v, "the socket is an MPTCP subflow");
	return true;
}

static bool test_mptcp_error(const struct record *r, struct verdict *v)
{
	if (!has(r, HAVE_SOCK))
		return false;
	if (!is_mptcp_reason(r->reason) && !came_from(r, "mptcp_subflow_reset") &&
	    !came_from(r, "mptcp_subflow_data_available") && !came_from(r, "subflow_data_ready"))
		return false;
	who_holds(r, v);
	v->site = "mptcp_subflow_reset";
	v->confidence = CERTAIN;
	verdict_summary(v, "an MPTCP subflow was refused or broken: %s",
			r->reason_name ? r->reason_name : "no reason given by this kernel");
	verdict_evidence(v, has(r, HAVE_SEGMENT) ? "MPTCP refused the segment"
						 : "MPTCP reset its subflow");
	return true;
}

const struct cause causes_mptcp[] = {
	{
		.id = "mptcp-fastclose",
		.title = "an MPTCP connection was aborted",
		.direction = DIRECTION_SENT,
		.test = test_fastclose,
	},
	{
		.id = "mptcp-protocol-error",
		.title = "an MPTCP subflow was refused or broken",
		.direction = DIRECTION_SENT,
		.test = test_mptcp_error,
	},
	{0},
};
