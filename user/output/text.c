// SPDX-License-Identifier: GPL-2.0
/*
 * The text format, for a person: one aligned line a reset, and below it the reason in words.
 *
 *   TIME             RESET     CAUSE              LOCAL            PEER              STATE        PROCESS
 *   14:02:11.412345  sent      close-unread-data  10.0.0.1:80      10.0.0.2:41234    established  nginx/812
 *                    nginx (812) closed the connection with 904 bytes unread [certain]
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "causes.h"
#include "hints.h"
#include "names.h"
#include "output.h"
#include "printable.h"

#define INDENT 17

enum colour { PLAIN, BOLD, RED, GREEN, YELLOW, DIM };

static void colour(struct out *o, const struct style *style, enum colour c)
{
	static const char *const codes[] = {
		[PLAIN] = "\033[0m",  [BOLD] = "\033[1m",    [RED] = "\033[31m",
		[GREEN] = "\033[32m", [YELLOW] = "\033[33m", [DIM] = "\033[2m",
	};

	if (style->colour)
		out_string(o, codes[c]);
}

static void line(struct out *o, const struct style *style, enum colour c, const char *label,
		 const char *text)
{
	out_format(o, "%*s%s", INDENT, "", label);
	colour(o, style, c);
	out_printable(o, text, strlen(text));
	colour(o, style, PLAIN);
	out_char(o, '\n');
}

/* Local time of day: what the other logs in an incident show. */
static void put_clock(struct out *o, const struct record *r)
{
	time_t second = r->time_ns / 1000000000;
	struct tm tm;

	localtime_r(&second, &tm);
	out_format(o, "%02d:%02d:%02d.%06u  ", tm.tm_hour, tm.tm_min, tm.tm_sec,
		   (unsigned)(r->time_ns % 1000000000 / 1000));
}

static enum colour direction_colour(enum direction d)
{
	return d == DIRECTION_SENT ? RED : d == DIRECTION_RECEIVED ? YELLOW : DIM;
}

/* nginx/812@nginx.service: the container, in short, or the unit. A killer is not of them. */
static void put_process(struct out *o, const struct record *r, const struct verdict *v)
{
	if (v->who) {
		out_printable(o, v->who->comm, COMM_LEN);
		out_format(o, "/%u", v->who->pid);
	} else {
		out_char(o, '-');
	}
	if (v->role == ROLE_KILLER)
		return;
	if (r->container.id[0])
		out_format(o, "@%.*s", CONTAINER_SHORT_LEN, r->container.id);
	else if (r->container.unit[0])
		out_format(o, "@%s", r->container.unit);
}

void text_begin(struct out *o, const struct style *style)
{
	colour(o, style, BOLD);
	out_format(o, "%-15s  %-8s  %-23s  %-21s  %-21s  %-12s %s", "TIME", "RESET", "CAUSE",
		   "LOCAL", "PEER", "STATE", "PROCESS");
	colour(o, style, PLAIN);
	out_char(o, '\n');
}

static void put_row(struct out *o, const struct style *style, const struct record *r,
		    const struct verdict *v)
{
	char local[ENDPOINT_LEN], peer[ENDPOINT_LEN];
	const char *state = state_name(v->state);

	put_clock(o, r);
	colour(o, style, direction_colour(r->e.direction));
	out_format(o, "%-8s  ", direction_name(r->e.direction));
	colour(o, style, PLAIN);
	colour(o, style, BOLD);
	out_format(o, "%-23s  ", v->cause->id);
	colour(o, style, PLAIN);
	if (r->suppressed) {
		out_format(o, "+%llu\n", (unsigned long long)r->suppressed);
		return;
	}
	out_format(o, "%-21s  %-21s  %-12s ",
		   endpoint_text(r->e.flow.local, r->e.flow.local_port, local),
		   endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer), state ? state : "-");
	put_process(o, r, v);
	out_char(o, '\n');
}

static void put_reason(struct out *o, const struct style *style, const struct verdict *v)
{
	char summary[TEXT_LEN + 16];

	snprintf(summary, sizeof(summary), "%s [%s]", v->summary, confidence_name(v->confidence));
	line(o, style, PLAIN, "", summary);
	for (unsigned i = 0; i < v->hints_len; i++) {
		char label[64];

		snprintf(label, sizeof(label), "%s: ", v->hints[i].hint->id);
		line(o, style, PLAIN, label, v->hints[i].text);
	}
	for (unsigned i = 0; style->evidence && i < v->evidence_len; i++)
		line(o, style, DIM, "- ", v->evidence[i]);
}

static void put_stack(struct out *o, const struct style *style, const struct record *r)
{
	for (unsigned i = 0; i < r->stack_len; i++)
		line(o, style, DIM, "  ", r->stack[i]);
}

void text_put(struct out *o, const struct style *style, const struct record *r,
	      const struct verdict *v)
{
	put_row(o, style, r, v);
	put_reason(o, style, v);
	if (style->stack)
		put_stack(o, style, r);
}
