// SPDX-License-Identifier: GPL-2.0
/* Hints that tell from how long a connection had been idle. */
#include "hints.h"

#include <string.h>

#include "facts.h"
#include "names.h"
#include "print.h"
#include "thresholds.h"
#include "timeouts.h"

/* Nothing sent last has been answered yet, and nothing had to be sent again. */
static bool sent_unanswered(const struct record *r)
{
	const struct sock_facts *s = &r->e.sock;

	return unacked_bytes(r) && !s->retransmits && !s->probes_out;
}

/*
 * From the peer's last word to our sending, if the reset came in answer to it: all that was sent
 * in between would have been acknowledged, or sent again. Negative: not known.
 */
static double pause_before_send(const struct record *r)
{
	double sent_ago = seconds_since(r, r->e.sock.lsnd_jiffies);
	double silence = silence_seconds(r);

	return sent_ago < 0 || silence < sent_ago ? -1 : silence - sent_ago;
}

/*
 * From the peer's last data to its FIN: what it had closed for being idle it closed then. What it
 * merely acknowledged since does not count, and cannot be seen.
 */
static double pause_before_fin(const struct record *r)
{
	double data_ago = seconds_since(r, r->e.sock.lrcv_jiffies);
	double fin_ago = seconds_since(r, r->e.sock.rcv_jiffies);

	return fin_ago < 0 || data_ago < fin_ago ? -1 : data_ago - fin_ago;
}

static double idle_of_received(const struct record *r)
{
	if (r->e.state == STATE_CLOSE_WAIT)
		return pause_before_fin(r);
	/* A probe of ours was answered: its time is that of our timer, not of theirs. */
	if (r->e.state != STATE_ESTABLISHED || r->e.sock.probes_out || r->e.sock.retransmits)
		return -1;
	return unacked_bytes(r) ? pause_before_send(r) : idle_seconds(r);
}

/* How long it had been idle when this host's application closed. */
static double idle_before_close(const struct record *r)
{
	double closed_ago = seconds_between(r->e.life.closed_ns, r->e.time_ns);
	double idle = idle_seconds(r);

	return !has(r, HAVE_LIFE) || closed_ago < 0 || idle < closed_ago ? -1 : idle - closed_ago;
}

/* The idle time that led to the reset; negative: none, or not known. */
static double idle_before(const struct record *r, const struct verdict *v)
{
	if (!has(r, HAVE_SOCK) || r->drop_reason)
		return -1;
	if (r->e.direction == DIRECTION_RECEIVED)
		return idle_of_received(r);
	return strcmp(v->cause->id, "data-after-close") ? -1 : idle_before_close(r);
}

static bool is_documented(double idle_s)
{
	const struct timeout *t;

	for (size_t i = 0; (t = timeout_at(i)); i++)
		if (timeout_matches(t, idle_s))
			return true;
	return false;
}

static bool idle_timeout(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	double idle = idle_before(r, v);
	char buf[DURATION_LEN];
	const struct timeout *t;
	unsigned matches = 0;
	int len;

	if (idle < 0)
		return false;
	len = print_text(text, TEXT_LEN, "idle for %s before %s: ", duration(idle, buf),
			 r->e.direction == DIRECTION_SENT ? "this host closed"
			 : r->e.state == STATE_CLOSE_WAIT ? "the peer closed"
							  : "it");
	for (size_t i = 0; (t = timeout_at(i)); i++) {
		if (!timeout_matches(t, idle))
			continue;
		if (len < TEXT_LEN)
			len += print_text(text + len, TEXT_LEN - len, "%s%s has %g s",
					  matches ? ", " : "", t->who, t->seconds);
		matches++;
	}
	return matches;
}

/* An answer to what was sent last: about one round trip after it. */
static bool answers_last_send(const struct record *r)
{
	double round_trip = (r->e.sock.srtt_us8 >> 3) / 1e6;
	double sent_ago = seconds_since(r, r->e.sock.lsnd_jiffies);

	return r->e.sock.srtt_us8 && sent_ago >= 0 && sent_unanswered(r) &&
	       sent_ago <= round_trip * REUSE_ROUND_TRIPS + REUSE_SLACK_S;
}

/*
 * In CLOSE_WAIT the FIN has moved the time of the peer's last word, and an upload it did not want
 * looks the same but for one thing: it was not closed after a timeout that somebody uses.
 */
static double pause_before_reuse(const struct record *r)
{
	double until_fin;

	if (r->e.state == STATE_ESTABLISHED)
		return pause_before_send(r);
	until_fin = pause_before_fin(r);
	if (r->e.state != STATE_CLOSE_WAIT || until_fin < 0 || !is_documented(until_fin))
		return -1;
	return seconds_since(r, r->e.sock.lrcv_jiffies) - seconds_since(r, r->e.sock.lsnd_jiffies);
}

static bool reused_idle(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	char pause[DURATION_LEN], sent[DURATION_LEN], rtt[DURATION_LEN];

	(void)v;
	if (r->e.direction != DIRECTION_RECEIVED || r->drop_reason || !has(r, HAVE_SOCK) ||
	    !payload_received(r) || !answers_last_send(r) ||
	    pause_before_reuse(r) < REUSE_PAUSE_MIN_S)
		return false;
	print_text(text, TEXT_LEN,
		   "sent after a pause of %s, reset %s later (round trip %s): the peer had closed, "
		   "or was just closing",
		   duration(pause_before_reuse(r), pause),
		   duration(seconds_since(r, r->e.sock.lsnd_jiffies), sent),
		   duration((r->e.sock.srtt_us8 >> 3) / 1e6, rtt));
	return true;
}

const struct hint hints_idle[] = {
	{
		.id = "idle-timeout",
		.title = "idle for just as long as a documented timeout",
		.test = idle_timeout,
		.article =
			{
				.what = "The connection had been idle for just as long as a "
					"well-known product keeps idle connections. That product, "
					"on the way or at the peer, may have forgotten or closed "
					"it.",
				.know = "The time from the last traffic to the reset, to the "
					"peer's FIN or to the request that met it is compared with "
					"a list of documented timeouts, such as 350 s (AWS Network "
					"Load Balancer), 240 s (Azure Load Balancer), 75 s "
					"(nginx), 5 s (Node.js). It must fit within 1 % (at least "
					"0.15 s, at most 2 s). It is a guess from a number: "
					"settings can be changed, and two products can share a "
					"number.",
				.confirm = "rstwhy -f json | jq -c '[.reset.cause, .reset.hints, "
					   ".socket.idle]'  # always the same time?\n"
					   "ss -tnoi dst PEER  # lastsnd, lastrcv in milliseconds\n"
					   "tcpdump -ni any 'tcp and host PEER and port PORT'  # "
					   "the pause, and who ends it",
				.advice = "Let the side that opens connections drop idle ones "
					  "earlier than the other side or any box between does. Or "
					  "switch keepalive on with TCP_KEEPIDLE below that time; "
					  "this helps against boxes that forget, not against a "
					  "server that waits only so long for the next request. "
					  "Timeouts of your own site can be added with "
					  "--timeouts=FILE.",
				.references = "RFC 9293 section 3.8.4\n"
					      "RFC 5382 (NAT: idle connections should be kept 2 "
					      "hours 4 minutes)",
			},
	},
	{
		.id = "reused-idle-connection",
		.title = "reset by the first use after a pause",
		.test = reused_idle,
		.article =
			{
				.what = "This host sent on a connection that had been idle, and "
					"the reset came back at once, within about one round trip. "
					"The peer had closed it, or was just closing it, when our "
					"request was under way: the race of kept-open connections.",
				.know = "Nothing had come from the peer for a second or more when "
					"this host sent, and the reset came after no more than two "
					"round trips. If the peer's FIN had arrived, too, it must "
					"have come after a documented timeout. It is an "
					"interpretation: that the peer closed for being idle is "
					"not seen.",
				.confirm = "rstwhy --received -f json | jq -c '[.reset.hints, "
					   ".socket.srtt]'\n"
					   "tcpdump -ni any 'tcp and host PEER and port PORT'  # "
					   "pause, data, RST",
				.advice = "Make the idle time of the client, or of the proxy's "
					  "pool, shorter than that of the server; a few seconds "
					  "less is enough. Repeat a request that met this, if it "
					  "may be repeated. The error rate falls as traffic rises, "
					  "because fewer connections idle: do not take that for a "
					  "cure.",
				.references = "RFC 9112 sections 9.3.1 and 9.5",
			},
	},
	{0},
};
