// SPDX-License-Identifier: GPL-2.0
/* The columns of a list of events. */
#include "list_columns.h"

#include <string.h>

#include "causes.h"
#include "fit.h"
#include "names.h"
#include "numbers.h"
#include "print.h"

#define CELL_LEN 96
#define FULL_RESET 8 /* columns for the whole word */

static void put_time(const struct brief *b, char text[CELL_LEN])
{
	char clock[NUMBER_LEN];

	print_text(text, CELL_LEN, "%s", clock_text(b->time_ns, clock));
}

static void put_reset(const struct brief *b, char text[CELL_LEN])
{
	print_text(text, CELL_LEN, "%s", direction_name(b->direction));
}

static void put_local(const struct brief *b, char text[CELL_LEN])
{
	endpoint_text(b->flow.local, b->flow.local_port, text);
}

static void put_peer(const struct brief *b, char text[CELL_LEN])
{
	endpoint_text(b->flow.peer, b->flow.peer_port, text);
}

static void put_cause(const struct brief *b, char text[CELL_LEN])
{
	print_text(text, CELL_LEN, "%s", b->cause->id);
}

static void put_state(const struct brief *b, char text[CELL_LEN])
{
	const char *state = state_name(b->state);

	print_text(text, CELL_LEN, "%s", state ? state : "-");
}

static void put_process(const struct brief *b, char text[CELL_LEN])
{
	if (b->pid)
		print_text(text, CELL_LEN, "%s/%u", b->process, b->pid);
	else
		print_text(text, CELL_LEN, "-");
}

/* To add a column: a row here, one of the enum, and what it is worth below. */
static const struct {
	const char *title;
	void (*put)(const struct brief *b, char text[CELL_LEN]);
	bool is_cut; /* at its end, where there is no room: else it loses its middle */
} fields[LISTED] = {
	[LIST_TIME] = {.title = "TIME", .put = put_time},
	[LIST_RESET] = {.title = "RESET", .put = put_reset},
	[LIST_LOCAL] = {.title = "LOCAL", .put = put_local},
	[LIST_PEER] = {.title = "PEER", .put = put_peer},
	[LIST_CAUSE] = {.title = "CAUSE", .put = put_cause, .is_cut = true},
	[LIST_STATE] = {.title = "STATE", .put = put_state},
	[LIST_PROCESS] = {.title = "PROCESS", .put = put_process},
};

/*
 * What is given up where there is no room for all, in this order, until there is: of these columns
 * the widest, down to `min`; 0: they go altogether. An event's own screen tells all of it.
 */
static const struct sacrifice {
	unsigned columns;
	int min;
} sacrifices[] = {
	{1 << LIST_RESET, 5},
	{1 << LIST_LOCAL | 1 << LIST_PEER, 24}, /* no IPv4 address is as long */
	{1 << LIST_STATE, 0},
	{1 << LIST_CAUSE, 14},
	{1 << LIST_LOCAL | 1 << LIST_PEER, 16},
	{1 << LIST_PROCESS, 8},
	{1 << LIST_LOCAL, 0},
	{1 << LIST_PROCESS, 0},
	{1 << LIST_TIME, 0},
};

static int total(const struct list_columns *c)
{
	int sum = 0;

	for (unsigned i = 0; i < LISTED; i++)
		sum += c->width[i] ? c->width[i] + 1 : 0;
	return sum - 1;
}

static void give_up(struct list_columns *c, const struct sacrifice *s, int width)
{
	while (total(c) > width) {
		int *widest = NULL;

		for (unsigned i = 0; i < LISTED; i++)
			if (s->columns & 1 << i && c->width[i] > s->min &&
			    (!widest || c->width[i] > *widest))
				widest = &c->width[i];
		if (!widest)
			return;
		*widest = s->min ? *widest - 1 : 0;
	}
}

static void widen(int *width, const char *text)
{
	int columns = fit_columns(text, strlen(text));

	if (columns > *width)
		*width = columns;
}

struct list_columns list_columns(const struct brief list[], size_t len, bool with_cause, int width)
{
	struct list_columns c = {.width = {0}};
	char text[CELL_LEN];

	for (unsigned i = 0; i < LISTED; i++) {
		if (i == LIST_CAUSE && !with_cause)
			continue;
		widen(&c.width[i], fields[i].title);
		for (size_t j = 0; j < len; j++) {
			fields[i].put(&list[j], text);
			widen(&c.width[i], text);
		}
	}
	for (size_t i = 0; i < sizeof(sacrifices) / sizeof(sacrifices[0]); i++)
		give_up(&c, &sacrifices[i], width);
	return c;
}

/* Behind what is there, and filled with spaces. Returns its new length. */
static size_t put_cell(char line[LIST_LINE_LEN], size_t len, const char *text, int width)
{
	char buf[FIT_LEN];
	const char *fits = fit_middle(text, width, buf);
	int left = width - fit_columns(fits, strlen(fits));

	return len + print_text(line + len, LIST_LINE_LEN - len, "%s%s%*s", len ? " " : "", fits,
				left, "");
}

const char *list_head(const struct list_columns *c, char line[LIST_LINE_LEN])
{
	size_t len = 0;

	line[0] = '\0';
	for (unsigned i = 0; i < LISTED; i++)
		if (c->width[i])
			len = put_cell(line, len, fields[i].title, c->width[i]);
	return line;
}

const char *list_line(const struct list_columns *c, const struct brief *b, char line[LIST_LINE_LEN])
{
	char text[CELL_LEN];
	size_t len = 0;

	line[0] = '\0';
	for (unsigned i = 0; i < LISTED; i++) {
		if (!c->width[i])
			continue;
		fields[i].put(b, text);
		if (i == LIST_RESET && b->direction == DIRECTION_RECEIVED &&
		    c->width[i] < FULL_RESET)
			print_text(text, sizeof(text), "recv");
		if (fields[i].is_cut)
			text[c->width[i]] = '\0';
		len = put_cell(line, len, text, c->width[i]);
	}
	return line;
}
