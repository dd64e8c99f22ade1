// SPDX-License-Identifier: GPL-2.0
/* Sent: the peer goes on although this end has closed. Kernel sites 27-30. */
#include "causes.h"

#include <errno.h>

#include "answer.h"
#include "facts.h"
#include "names.h"
#include "who.h"

static void say_closer(const struct record *r, struct verdict *v)
{
	char ago[DURATION_LEN];

	if (r->e.life.closed_ns)
		verdict_evidence(v, "closed %s ago",
				 duration(seconds_between(r->e.life.closed_ns, r->e.time_ns), ago));
	else
		verdict_evidence(v, "closed before the tracer started");
}

static bool test_syn_after_close(const struct record *r, struct verdict *v)
{
	if (!is_answer(r) || r->e.state != STATE_TIME_WAIT || !carries(r, TCP_SYN, TCP_SYN))
		return false;
	who_closed(r, v);
	v->site = "tcp_timewait_state_process";
	v->confidence = CERTAIN;
	verdict_summary(
		v, "a new SYN came while the old connection was still half closed (FIN_WAIT2)");
	say_trigger(r, v);
	say_closer(r, v);
	return true;
}

static bool is_closed_full(const struct record *r)
{
	if (!is_answer(r) || !has(r, HAVE_SOCK) || r->e.state != STATE_CLOSE)
		return false;
	return r->reason == REASON_NONE || r->reason == REASON_TCP_ABORT_ON_DATA;
}

static bool test_data_after_shutdown(const struct record *r, struct verdict *v)
{
	if (!is_closed_full(r) || sock_is(r, SOCK_BIT_DEAD))
		return false;
	who_holds(r, v);
	v->site = "tcp_rcv_state_process";
	v->confidence = CERTAIN;
	v->error = ECONNRESET;
	verdict_summary(v, "the peer sent %u bytes after %s had shut down both directions",
			r->e.segment.length, v->name);
	say_trigger(r, v);
	verdict_evidence(v, "the socket is still held: shutdown(), not close()");
	return true;
}

static bool test_data_after_close(const struct record *r, struct verdict *v)
{
	bool timewait = is_answer(r) && r->e.state == STATE_TIME_WAIT;

	if (!timewait && (!is_closed_full(r) || !sock_is(r, SOCK_BIT_DEAD)))
		return false;
	who_closed(r, v);
	v->site = timewait ? "tcp_timewait_state_process" : "tcp_rcv_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "the peer sent %u bytes after %s had closed", r->e.segment.length,
			v->name);
	say_trigger(r, v);
	say_closer(r, v);
	return true;
}

const struct cause causes_closed[] = {
	{
		.id = "syn-after-close",
		.title = "new SYN on a tuple still in FIN_WAIT2",
		.direction = DIRECTION_SENT,
		.test = test_syn_after_close,
	},
	{
		.id = "data-after-shutdown",
		.title = "peer keeps sending after the application shut the socket down",
		.direction = DIRECTION_SENT,
		.test = test_data_after_shutdown,
	},
	{
		.id = "data-after-close",
		.title = "peer keeps sending after the application closed",
		.direction = DIRECTION_SENT,
		.test = test_data_after_close,
	},
	{0},
};
