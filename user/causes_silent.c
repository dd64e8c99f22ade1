// SPDX-License-Identifier: GPL-2.0
/* Connections that died without any reset: the socket went to CLOSE with an error. */
#include "causes.h"

#include <errno.h>

#include "facts.h"
#include "names.h"
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
	verdict_evidence(v,
			 "%u retransmissions of the SYN; limit: net.ipv4.tcp_syn_retries or "
			 "TCP_SYNCNT",
			 r->e.sock.retransmits);
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
	verdict_summary(
		v, "the peer or the path died: %s gave up after %u retransmissions, silent for %s",
		v->who ? v->name : "this host", s->retransmits,
		duration(silence_seconds(r), silence));
	if (s->retransmits)
		verdict_evidence(v, "%u retransmissions unanswered", s->retransmits);
	if (s->probes_out)
		verdict_evidence(v, "%u window probes unanswered", s->probes_out);
	if (unacked_bytes(r))
		verdict_evidence(v, "%u bytes sent and not acknowledged", unacked_bytes(r));
	if (s->user_timeout_ms)
		verdict_evidence(v, "TCP_USER_TIMEOUT is %u ms", s->user_timeout_ms);
	else
		verdict_evidence(v, "limit: net.ipv4.tcp_retries2");
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
	},
	{
		.id = "retransmission-timeout",
		.title = "the peer or the path died: retransmitted until given up",
		.direction = DIRECTION_NONE,
		.test = test_retransmission_timeout,
	},
	{
		.id = "unreachable",
		.title = "an ICMP error or a missing route ended it",
		.direction = DIRECTION_NONE,
		.test = test_unreachable,
	},
	{0},
};
