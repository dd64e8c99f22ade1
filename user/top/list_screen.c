// SPDX-License-Identifier: GPL-2.0
/* The connections behind one row of the table: one line an event. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list_columns.h"
#include "print.h"
#include "screen.h"

static size_t selected(const struct screen *s)
{
	for (size_t i = 0; i < s->list_len; i++)
		if (!strcmp(s->list[i].id, s->id))
			return i;
	return 0;
}

/* In a pause nothing comes, and the list stays. */
void list_refresh(struct screen *s)
{
	size_t len = 0;
	struct brief *list = model_list(s->model, s->view, s->list_key, &len);

	if (!list) {
		screen_say(s, true, "list the events: no memory");
		return;
	}
	free(s->list);
	s->list = list;
	s->list_len = len;
}

void list_move(struct screen *s, long by)
{
	long to = (long)selected(s) + by;

	if (!s->list_len)
		return;
	to = to < 0 ? 0 : to >= (long)s->list_len ? (long)s->list_len - 1 : to;
	snprintf(s->id, sizeof(s->id), "%s", to ? s->list[to].id : "");
}

void list_open_event(struct screen *s)
{
	if (!s->list_len)
		return;
	snprintf(s->id, sizeof(s->id), "%s", s->list[selected(s)].id);
	event_show(s, s->id);
}

static enum paint paint_of(const struct brief *b)
{
	return b->direction == DIRECTION_SENT       ? PAINT_SENT
	       : b->direction == DIRECTION_RECEIVED ? PAINT_RECEIVED
						    : PAINT_PLAIN;
}

static void draw_place(const struct screen *s, int width)
{
	char text[256];

	snprintf(text, sizeof(text), "%s %s: %zu event%s kept, the latest first",
		 views[s->view].name, s->list_key, s->list_len, plural(s->list_len));
	draw(LINE_PLACE, 0, width, PAINT_BOLD, text);
}

/* The columns are those that the events on the screen need. */
static void draw_rows(const struct screen *s, size_t at, size_t len, int width)
{
	const struct brief *list = &s->list[s->list_top];
	struct list_columns c = list_columns(list, len, s->view != VIEW_CAUSE, width);
	char line[LIST_LINE_LEN];

	draw(LINE_BODY, 0, width, PAINT_HEAD, list_head(&c, line));
	for (size_t i = 0; i < len; i++)
		draw(LINE_BODY + 1 + i, 0, width,
		     s->list_top + i == at ? PAINT_SELECTED : paint_of(&list[i]),
		     list_line(&c, &list[i], line));
}

void list_draw(struct screen *s)
{
	size_t at = selected(s), body = screen_body() - 1, len;
	int width = terminal_columns();

	s->list_top = screen_top(s->list_top, at, s->list_len);
	len = s->list_len - s->list_top;
	draw_place(s, width);
	draw_rows(s, at, len < body ? len : body, width);
	if (!s->list_len)
		draw(LINE_BODY + 1, 0, width, PAINT_DIM, "none of its events is kept any more");
}
