// SPDX-License-Identifier: GPL-2.0
/* Sent: MPTCP aborted a connection or refused a subflow. Kernel sites 31-37. */
#include "causes.h"

#include "active.h"
#include "answer.h"
#include "facts.h"
#include "who.h"

static bool is_mptcp_reason(enum reason reason)
{
	return reason >= REASON_MPTCP_RST_EUNSPEC && reason <= REASON_MPTCP_RST_EMIDDLEBOX;
}

/* Sites 31 and 32: this end aborts; 33: the peer did, and the other subflows follow. */
static bool test_fastclose(const struct record *r, struct verdict *v)
{
	bool by_reason = r->reason == REASON_TCP_ABORT_ON_CLOSE && r->e.state != STATE_CLOSE;
	bool received = came_from(r, "mptcp_worker");
	bool guessed = !r->stack_len && reason_is_absent(r) && r->e.state != STATE_CLOSE;

	if (!is_active(r) || !sock_is(r, SOCK_BIT_MPTCP))
		return false;
	if (!by_reason && !received && !guessed && !came_from(r, "mptcp_do_fastclose"))
		return false;
	v->site = received ? "mptcp_worker" : "mptcp_do_fastclose";
	v->confidence = guessed ? LIKELY : CERTAIN;
	verdict_evidence(v, "the socket is an MPTCP subflow");
	if (received)
		verdict_summary(
			v,
			"the peer sent MP_FASTCLOSE: every subflow of the MPTCP connection is reset");
	else if (who_runs(r, v, ROLE_CLOSER))
		verdict_summary(
			v,
			"%s aborted the MPTCP connection (unread data, SO_LINGER 0 or disconnect): MP_FASTCLOSE",
			v->name);
	else
		verdict_summary(
			v, "an MPTCP connection nobody holds any more timed out: MP_FASTCLOSE");
	return true;
}

enum { OPTION_KIND_MPTCP = 30, MPTCP_SUBTYPE_JOIN = 1 };

/* A SYN with MP_JOIN: refused for a token nobody knows, or by a limit (site 36). */
static bool is_join(const struct record *r)
{
	const uint8_t *option = segment_option(r, OPTION_KIND_MPTCP);

	return r->e.segment.flags & TCP_SYN && option && option[2] >> 4 == MPTCP_SUBTYPE_JOIN;
}

static bool is_refused_join(const struct record *r)
{
	return at_listener(r) && is_join(r) && r->reason != REASON_INVALID_SYN;
}

static bool test_mptcp_error(const struct record *r, struct verdict *v)
{
	static const char *const functions[] = {"mptcp_subflow_reset",
						"mptcp_subflow_data_available",
						"subflow_data_ready",
						"subflow_v4_route_req",
						"subflow_v6_route_req",
						"subflow_syn_recv_sock",
						NULL};
	const char *frame = decisive_frame(r, functions);
	bool join = is_refused_join(r);

	if (!has(r, HAVE_SOCK))
		return false;
	if (!join && !is_mptcp_reason(r->reason) && !frame)
		return false;
	who_holds(r, v);
	v->site = frame ? frame : join ? "subflow_v4_route_req" : NULL;
	v->confidence = frame || (is_mptcp_reason(r->reason) && is_answer(r)) ? CERTAIN : LIKELY;
	verdict_summary(v, "an MPTCP subflow was refused or broken: %s",
			r->reason_name ? r->reason_name : "no reason given by this kernel");
	if (join)
		verdict_evidence(v, "a SYN with MP_JOIN reached a listener");
	else
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
