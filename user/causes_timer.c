// SPDX-License-Identifier: GPL-2.0
/* Sent: the kernel itself gave a connection up: a timer, or a limit. Kernel sites 11-14. */
#include "causes.h"

#include <errno.h>

#include "active.h"
#include "facts.h"
#include "names.h"
#include "who.h"

static bool test_out_of_resources(const struct record *r, struct verdict *v)
{
	bool in_timer = came_from(r, "tcp_out_of_resources");
	bool orphan = sock_is(r, SOCK_BIT_DEAD);

	if (!is_active(r) || !reason_allows(r, REASON_TCP_ABORT_ON_MEMORY))
		return false;
	if (r->reason == REASON_NONE && !in_timer && !(r->e.state == STATE_CLOSE && orphan))
		return false;
	who_closed(r, v);
	v->site = r->e.state == STATE_CLOSE ? "tcp_check_oom" : "tcp_out_of_resources";
	v->confidence = by_reason(r);
	verdict_summary(v, "too many orphaned sockets, or TCP out of memory: the closed connection "
			   "was dropped");
	if (orphan)
		verdict_evidence(v, "an orphan: no process holds it any more");
	verdict_evidence(v, "limits: net.ipv4.tcp_max_orphans, net.ipv4.tcp_mem");
	return true;
}

static bool is_keepalive(const struct record *r)
{
	if (!is_active(r) || r->e.state == STATE_CLOSE)
		return false;
	if (r->reason != REASON_NONE)
		return r->reason == REASON_TCP_KEEPALIVE_TIMEOUT;
	return sock_is(r, SOCK_BIT_KEEPOPEN) && r->e.sock.probes_out &&
	       (!r->stack_len || came_from(r, "tcp_keepalive_timer"));
}

static void say_keepalive(const struct record *r, struct verdict *v)
{
	char silence[DURATION_LEN], idle[DURATION_LEN], every[DURATION_LEN];
	const struct sock_facts *s = &r->e.sock;

	v->site = "tcp_keepalive_timer";
	v->error = ETIMEDOUT;
	v->confidence = by_reason(r);
	who_holds(r, v);
	verdict_evidence(v, "%u keepalive probes unanswered", s->probes_out);
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
	verdict_summary(v, "the peer left %u keepalive probes unanswered: silent for %s",
			r->e.sock.probes_out, duration(silence_seconds(r), silence));
	say_keepalive(r, v);
	return true;
}

static bool test_fin_wait2(const struct record *r, struct verdict *v)
{
	if (!is_active(r) || r->e.state != STATE_FIN_WAIT2 || !sock_is(r, SOCK_BIT_DEAD) ||
	    !reason_allows(r, REASON_TCP_STATE))
		return false;
	who_closed(r, v);
	v->site = "tcp_keepalive_timer";
	v->confidence = CERTAIN;
	verdict_summary(v, "%s closed, and the peer never sent its FIN: FIN_WAIT2 timed out",
			v->name);
	verdict_evidence(v,
			 "an orphan in FIN_WAIT2; limit: net.ipv4.tcp_fin_timeout or TCP_LINGER2");
	return true;
}

const struct cause causes_timer[] = {
	{
		.id = "out-of-resources",
		.title = "too many orphans, or TCP memory exhausted",
		.direction = DIRECTION_SENT,
		.test = test_out_of_resources,
	},
	{
		.id = "user-timeout",
		.title = "TCP_USER_TIMEOUT passed while keepalive probes went unanswered",
		.direction = DIRECTION_SENT,
		.test = test_user_timeout,
	},
	{
		.id = "keepalive-timeout",
		.title = "keepalive probes unanswered",
		.direction = DIRECTION_SENT,
		.test = test_keepalive,
	},
	{
		.id = "fin-wait2-timeout",
		.title = "an orphan waited too long in FIN_WAIT2",
		.direction = DIRECTION_SENT,
		.test = test_fin_wait2,
	},
	{0},
};
