// SPDX-License-Identifier: GPL-2.0
/*
 * What happened on a connection, as a ladder:
 *
 *      BEFORE  10.0.0.1:80                                   10.0.0.2:41234
 *      12.3 s  |  opened by nginx (812)                                   |
 *      2.10 s  |<------------------- last data: 5000 bytes in all --------|
 *     50.2 ms  |  closed by nginx (812)                                   |
 *           0  |------- RST --------------------------------------------->|
 *              established -> closed
 */
#include "ladder.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "causes.h"
#include "facts.h"
#include "fit.h"
#include "names.h"
#include "print.h"
#include "printable.h"

#define STEPS 12
#define INDENT 14
#define TEXT 128 /* bytes */

#define ARROW_WIDTH 6 /* "--- " before its text, " >" behind it */

enum way { WAY_HERE, WAY_OUT, WAY_IN };

struct step {
	enum way way;
	double before; /* seconds; where it is not known, that of the step it was added behind */
	bool is_known;
	char text[TEXT];
};

struct steps {
	unsigned len;
	struct step list[STEPS];
};

__attribute__((format(printf, 4, 5))) static void add(struct steps *s, enum way way, double before,
						      const char *format, ...)
{
	struct step *step = &s->list[s->len];
	va_list args;

	if (s->len == STEPS)
		return;
	s->len++;
	step->way = way;
	step->is_known = before >= 0;
	step->before = before >= 0 ? before : s->len > 1 ? step[-1].before : INFINITY;
	va_start(args, format);
	print_args(step->text, sizeof(step->text), format, args);
	va_end(args);
}

/* " by nginx (812)", or nothing. */
static const char *by(const struct task *task, char text[48])
{
	text[0] = '\0';
	if (task->pid)
		print_text(text, 48, " by %.*s (%u)", COMM_LEN, task->comm, task->pid);
	make_printable(text);
	return text;
}

static double before(const struct record *r, uint64_t ns)
{
	return seconds_between(ns, r->e.time_ns);
}

/* The kernel's stamps are ticks, and too old by one at most: no data came before its connection. */
static double since(const struct record *r, uint32_t jiffies)
{
	double seconds = seconds_since(r, jiffies);
	double age = age_seconds(r);

	return age >= 0 && seconds > age ? age : seconds;
}

static void add_opening(struct steps *s, const struct record *r)
{
	const struct life *life = &r->e.life;
	const char *which = has(r, HAVE_ENDED) ? "an earlier connection was opened" : "opened";
	char who[48];

	if (life->born_ns || life->opener.pid)
		add(s, WAY_HERE, before(r, life->born_ns), "%s%s", which, by(&life->opener, who));
}

static void add_bytes(struct steps *s, enum way way, double ago, uint64_t bytes)
{
	if (bytes)
		add(s, way, ago, "last data; %llu byte%s in all", (unsigned long long)bytes,
		    plural(bytes));
}

/* Its time is not known: it came when the peer was heard last, or before an ACK that came then. */
static void add_fin(struct steps *s, const struct record *r)
{
	double seconds = since(r, r->e.sock.rcv_jiffies);

	if (!sock_is(r, SOCK_BIT_DONE))
		return;
	add(s, WAY_IN, -1, "FIN");
	if (seconds >= 0)
		s->list[s->len - 1].before = seconds;
}

static void add_data(struct steps *s, const struct record *r)
{
	const struct sock_facts *sock = &r->e.sock;

	if (!has(r, HAVE_SOCK))
		return;
	add_bytes(s, WAY_OUT, since(r, sock->lsnd_jiffies), payload_sent(r));
	add_bytes(s, WAY_IN, since(r, sock->lrcv_jiffies), payload_received(r));
	add_fin(s, r);
	if (sock->retransmits)
		add(s, WAY_OUT, -1, "%u retransmission%s, not acknowledged", sock->retransmits,
		    plural(sock->retransmits));
	if (sock->probes_out)
		add(s, WAY_OUT, -1, "%u probe%s, not answered", sock->probes_out,
		    plural(sock->probes_out));
}

static void add_end(struct steps *s, const struct record *r)
{
	const struct life *life = &r->e.life;
	char who[48];

	if (life->closed_ns)
		add(s, WAY_HERE, before(r, life->closed_ns), "closed%s", by(&life->closer, who));
	if (has(r, HAVE_ENDED) && life->ended_ns)
		add(s, WAY_HERE, before(r, life->ended_ns), "that connection %s",
		    end_words(life->end));
	if (has(r, HAVE_SOCK) && unread_bytes(r))
		add(s, WAY_HERE, -1, "%u byte%s never read", unread_bytes(r),
		    unread_bytes(r) == 1 ? " was" : "s were");
}

static void add_segment(struct steps *s, const struct record *r, enum way way, const char *why)
{
	const struct segment *seg = &r->e.segment;
	char flags[FLAGS_LEN];

	add(s, way, 0, "%s: %s, %u byte%s, seq %u%s", why, flags_text(seg->flags, flags),
	    seg->length, plural(seg->length), seg->seq,
	    seg->flags & TCP_ACK ? ", acknowledges" : "");
}

static void add_reset(struct steps *s, const struct record *r)
{
	bool has_segment = has(r, HAVE_SEGMENT);

	if (r->e.direction == DIRECTION_SENT) {
		if (has_segment)
			add_segment(s, r, WAY_IN, "what is answered");
		if (r->e.nf_hook)
			add(s, WAY_HERE, 0, "a rule of the packet filter rejects it");
		add(s, WAY_OUT, 0, "RST");
	} else if (r->e.direction == DIRECTION_RECEIVED && has_segment) {
		add_segment(s, r, WAY_IN, "RST");
	} else if (r->e.direction == DIRECTION_RECEIVED) {
		add(s, WAY_IN, 0, "RST");
	} else {
		add(s, WAY_HERE, 0, "given up, without a reset");
	}
}

/* By insertion: what is of one time stays in the order in which it was added. */
static void sort(struct steps *s)
{
	for (unsigned i = 1; i < s->len; i++) {
		struct step step = s->list[i];
		unsigned at = i;

		for (; at && s->list[at - 1].before < step.before; at--)
			s->list[at] = s->list[at - 1];
		s->list[at] = step;
	}
}

static void dashes(struct out *o, int n)
{
	while (n-- > 0)
		out_char(o, '-');
}

static void put_time(struct out *o, const struct step *step)
{
	char when[DURATION_LEN] = "";

	if (step->is_known && step->before > 0)
		duration(step->before, when);
	else if (step->is_known)
		print_text(when, sizeof(when), "0");
	out_format(o, "%*s  |", INDENT - 2, when);
}

/* How many bytes of whole words fit, one word at least. */
static size_t words(const char *text, int room)
{
	size_t len = strcspn(text, " ");

	while (text[len]) {
		size_t more = len + 1 + strcspn(text + len + 1, " ");

		if (fit_columns(text, more) > room)
			break;
		len = more;
	}
	return len;
}

/* Behind the time, in as many lines as it takes. */
static void put_here(struct out *o, const char *text, int lane)
{
	int room = lane - 3;

	for (;;) {
		size_t len = words(text, room);
		int left = lane - 2 - fit_columns(text, len);

		out_format(o, "  %.*s%*s|\n", (int)len, text, left > 0 ? left : 0, "");
		text += len;
		text += strspn(text, " ");
		if (!*text)
			return;
		out_format(o, "%*s|", INDENT, "");
	}
}

static void put_arrow(struct out *o, enum way way, const char *text, int lane)
{
	int left = lane - fit_columns(text, strlen(text)) - ARROW_WIDTH;

	if (way == WAY_IN)
		out_char(o, '<');
	else
		out_format(o, "---%s%s%s", *text ? " " : "-", text, *text ? " " : "-");
	dashes(o, left);
	if (way == WAY_OUT)
		out_string(o, ">|\n");
	else
		out_format(o, "%s%s%s---|\n", *text ? " " : "-", text, *text ? " " : "-");
}

/* What does not fit on its arrow stands above it. */
static void put_step(struct out *o, const struct step *step, int lane)
{
	bool fits = fit_columns(step->text, strlen(step->text)) + ARROW_WIDTH < lane;

	put_time(o, step);
	if (step->way != WAY_HERE && fits) {
		put_arrow(o, step->way, step->text, lane);
		return;
	}
	put_here(o, step->text, lane);
	if (step->way == WAY_HERE)
		return;
	out_format(o, "%*s|", INDENT, "");
	put_arrow(o, step->way, "", lane);
}

/* On one line if there is a gap between them, else on two. */
static void put_ends(struct out *o, const struct record *r, int lane)
{
	char ends[2][ENDPOINT_LEN], bufs[2][FIT_LEN];
	const char *local, *peer;
	int width = lane + 2, gap;

	endpoint_text(r->e.flow.local, r->e.flow.local_port, ends[0]);
	endpoint_text(r->e.flow.peer, r->e.flow.peer_port, ends[1]);
	local = fit_middle(ends[0], width, bufs[0]);
	peer = fit_middle(ends[1], width, bufs[1]);
	gap = width - (int)strlen(local) - (int)strlen(peer);
	out_format(o, "%*s  this host%*s\n", INDENT - 2, "BEFORE", lane - 7, "peer");
	if (gap > 1)
		out_format(o, "%*s%s%*s%s\n", INDENT, "", local, gap, "", peer);
	else
		out_format(o, "%*s%s\n%*s%*s\n", INDENT, "", local, INDENT, "", width, peer);
}

static void put_states(struct out *o, const struct record *r, const struct verdict *v)
{
	const char *was = state_name(v->state);
	bool obeyed = !r->drop_reason || strcmp(v->cause->id, "reset-ignored");

	if (!was)
		out_format(o, "%*sthere was no socket\n", INDENT, "");
	else if (!obeyed || v->state == STATE_LISTEN)
		out_format(o, "%*s%s, and it stays so\n", INDENT, "", was);
	else
		out_format(o, "%*s%s -> closed\n", INDENT, "", was);
}

void ladder_put(struct out *o, const struct record *r, const struct verdict *v, int width)
{
	int lane = (width > LADDER_WIDTH_MIN ? width : LADDER_WIDTH_MIN) - INDENT - 2;
	struct steps s = {.len = 0};

	if (has(r, HAVE_LIFE) || has(r, HAVE_ENDED))
		add_opening(&s, r);
	add_data(&s, r);
	if (has(r, HAVE_LIFE) || has(r, HAVE_ENDED))
		add_end(&s, r);
	sort(&s);
	add_reset(&s, r);
	put_ends(o, r, lane);
	for (unsigned i = 0; i < s.len; i++)
		put_step(o, &s.list[i], lane);
	put_states(o, r, v);
}
