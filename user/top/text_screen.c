// SPDX-License-Identifier: GPL-2.0
/* Texts that are longer than the screen: one event, and the help. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_text.h"
#include "fit.h"
#include "keys.h"

#define TEXT_WIDTH 100 /* longer lines are hard to read */

static size_t count_lines(const struct out *text)
{
	size_t n = 0;

	for (size_t i = 0; i < out_mark(text); i++)
		n += out_data(text)[i] == '\n';
	return n;
}

static size_t moved(size_t top, size_t lines, long by)
{
	long last = (long)lines - (long)screen_body(), to = (long)top + by;

	to = to > last ? last : to;
	return to < 0 ? 0 : to;
}

/* Where there are headings, they alone stand at the margin. */
static void draw_text(const struct out *text, size_t top, bool has_headings)
{
	const char *at = out_data(text), *end = at + out_mark(text);
	size_t line = 0;

	for (; at < end && line < top + screen_body(); line++) {
		const char *newline = memchr(at, '\n', end - at);
		int len = newline ? newline - at : end - at;
		char copy[512];

		snprintf(copy, sizeof(copy), "%.*s", len, at);
		if (line >= top)
			draw(LINE_BODY + line - top, 0, terminal_columns(),
			     has_headings && copy[0] != ' ' ? PAINT_BOLD : PAINT_PLAIN, copy);
		at += len + 1;
	}
}

static int text_width(void)
{
	int width = terminal_columns() - 1;

	return width < TEXT_WIDTH ? width : TEXT_WIDTH;
}

static bool fill(struct screen *s, const struct record *r, const struct verdict *v)
{
	struct out *text = out_new(-1);

	if (!text) {
		screen_say(s, true, "show the event: no memory");
		return false;
	}
	s->text_width = text_width();
	event_text_put(text, r, v, s->event->json, s->text_width);
	out_rewind(s->text, 0);
	fit_lines(s->text, out_data(text), out_mark(text), s->text_width);
	out_free(text);
	return true;
}

/* For the width that the terminal has now. false: said why. */
static bool lay_out(struct screen *s)
{
	char error[READ_ERROR_LEN];
	struct record r;
	struct verdict v = {.cause = NULL};

	if (!model_read(s->model, s->event, &r, &v, error)) {
		screen_say(s, true, "read the event back: %s", error);
		return false;
	}
	return fill(s, &r, &v);
}

void event_show(struct screen *s, const char *id)
{
	const struct kept *kept = model_find(s->model, id);

	if (!kept) {
		screen_say(s, true, "this event is no longer kept; p pauses");
		return;
	}
	free(s->event);
	s->event = kept_copy(kept);
	if (!s->event) {
		screen_say(s, true, "show the event: no memory");
		return;
	}
	s->text_top = 0;
	if (lay_out(s))
		screen_go(s, MODE_EVENT);
}

void event_move(struct screen *s, long by)
{
	s->text_top = moved(s->text_top, count_lines(s->text), by);
}

static void draw_where(const char *name, size_t top, size_t lines)
{
	char text[128];
	size_t last = top + screen_body();

	snprintf(text, sizeof(text), "%s, lines %zu to %zu of %zu", name, top + 1,
		 last < lines ? last : lines, lines);
	draw(LINE_PLACE, 0, terminal_columns(), PAINT_DIM, text);
}

void event_draw(struct screen *s)
{
	char name[64];

	if (s->text_width != text_width())
		lay_out(s);
	s->text_top = moved(s->text_top, count_lines(s->text), 0);
	snprintf(name, sizeof(name), "event %s", s->id);
	draw_where(name, s->text_top, count_lines(s->text));
	draw_text(s->text, s->text_top, true);
}

/* A key a line, or several where the terminal is narrow. */
static void fill_help(struct screen *s)
{
	out_rewind(s->help, 0);
	for (const struct key *k = keys; k->name; k++) {
		char line[160];

		snprintf(line, sizeof(line), "%-21s %s\n", k->name, k->help);
		fit_lines(s->help, line, strlen(line), terminal_columns());
	}
}

void help_move(struct screen *s, long by)
{
	s->help_top = moved(s->help_top, count_lines(s->help), by);
}

void help_draw(struct screen *s)
{
	fill_help(s);
	help_move(s, 0);
	draw_where("keys", s->help_top, count_lines(s->help));
	draw_text(s->help, s->help_top, false);
}
