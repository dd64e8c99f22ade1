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
		.article =
			{
				.what = "A Multipath TCP connection (one connection over several "
					"paths, each a \"subflow\") was aborted as a whole. Either "
					"this host did it: closed with unread data, with SO_LINGER "
					"and time 0, by connect(AF_UNSPEC), or with its listener. "
					"Or the peer asked for it with MP_FASTCLOSE, or it had "
					"been closed for too long. One reset is sent on each "
					"subflow.",
				.know = "The socket is an MPTCP subflow, and the stack shows the "
					"fast close, or the reason is TCP_ABORT_ON_CLOSE with the "
					"subflow still in its state. It is certain that the "
					"connection was aborted as a whole. Which program's act it "
					"was is known only if the reset came from that program's "
					"own system call.",
				.confirm =
					"nstat -asz MPTcpExtMPFastcloseTx MPTcpExtMPFastcloseRx  "
					"# by us, by the peer\n"
					"ss -Mni  # the MPTCP connections of this host\n"
					"sysctl net.mptcp.close_timeout  # how long a closed "
					"one may take to end",
				.advice = "Treat it as the reset of a plain connection: read "
					  "everything before close(), do not set SO_LINGER to 0. "
					  "If MP_FASTCLOSE came from the peer, look for the reason "
					  "there.",
				.references = "RFC 8684 section 3.5\n"
					      "kernel functions mptcp_do_fastclose(), "
					      "mptcp_worker()",
			},
	},
	{
		.id = "mptcp-protocol-error",
		.title = "an MPTCP subflow was refused or broken",
		.direction = DIRECTION_SENT,
		.test = test_mptcp_error,
		.article =
			{
				.what = "One path (subflow) of a Multipath TCP connection was "
					"refused or broke. Either the request to join was refused: "
					"unknown token, wrong authentication code (HMAC), a limit. "
					"Or the mapping of data to the path was damaged, often by "
					"a box between that changes packets. Other subflows may "
					"live on.",
				.know = "The kernel gives an MPTCP reason (MPTCP_RST_...), or the "
					"stack shows the function of MPTCP that resets a subflow. "
					"On kernels without reasons (before 6.10) a refused "
					"request to join cannot be told from other handshake "
					"resets.",
				.confirm = "nstat -asz 'MPTcpExtMPJoin*' MPTcpExtMPRstTx "
					   "MPTcpExtMPRstRx\n"
					   "nstat -asz 'MPTcpExt*Csum*' 'MPTcpExtMPFail*'  # "
					   "damaged data\n"
					   "ip mptcp endpoint show\n"
					   "ip mptcp limits show",
				.advice = "The name of the reason leads. EPROHIBIT: look at the "
					  "limits and endpoints of this host, ip mptcp. "
					  "EMIDDLEBOX: a proxy, firewall or NAT on that path "
					  "changes TCP options or data, so leave the path out. "
					  "EMPTCP: the two ends disagree; a stale token after a "
					  "restart is the common case.",
				.references = "RFC 8684 section 3.6 (MP_TCPRST)\n"
					      "kernel function mptcp_subflow_reset()",
			},
	},
	{0},
};
