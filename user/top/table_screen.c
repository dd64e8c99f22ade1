// SPDX-License-Identifier: GPL-2.0
/* The table: one row a key. */
#include <stdio.h>
#include <string.h>

#include "causes.h"
#include "fit.h"
#include "numbers.h"
#include "printable.h"
#include "screen.h"

#define KEY_MIN 16
#define KEY_MAX 48
#define TITLE_MIN 20

struct drawn {
	const struct screen *screen;
	uint64_t sum;
	char text[32];
};

static const char *count_column(struct drawn *d, uint64_t n, int width)
{
	char number[NUMBER_LEN];

	snprintf(d->text, sizeof(d->text), "%s", n ? count_text(n, width, number) : "-");
	return d->text;
}

static const char *put_rate(struct drawn *d, const struct row *row, int width)
{
	return rate_text(row->rate, d->text);
}

static const char *put_sent(struct drawn *d, const struct row *row, int width)
{
	return count_column(d, row->count[DIRECTION_SENT], width);
}

static const char *put_received(struct drawn *d, const struct row *row, int width)
{
	return count_column(d, row->count[DIRECTION_RECEIVED], width);
}

/* "~": more keys came than there is room for, and this may be too much by row->error. */
static const char *put_total(struct drawn *d, const struct row *row, int width)
{
	char number[NUMBER_LEN];

	snprintf(d->text, sizeof(d->text), "%s%s", row->error ? "~" : "",
		 count_text(row->total, width - 1, number));
	return d->text;
}

static const char *put_share(struct drawn *d, const struct row *row, int width)
{
	snprintf(d->text, sizeof(d->text), "%.1f%%",
		 d->sum ? 100.0 * (double)row->total / (double)d->sum : 0);
	return d->text;
}

static const char *put_last(struct drawn *d, const struct row *row, int width)
{
	return clock_text(row->last_ns, d->text);
}

/*
 * Right-aligned, behind the key; as wide as the title with the mark, or wider. To add a column: a
 * row here and one of enum column.
 */
static const struct {
	const char *title;
	int width;
	const char *(*put)(struct drawn *d, const struct row *row, int width);
} columns[COLUMNS] = {
	[COLUMN_RATE] = {"RATE/s", 7, put_rate},           [COLUMN_SENT] = {"SENT", 8, put_sent},
	[COLUMN_RECEIVED] = {"RECEIVED", 9, put_received}, [COLUMN_TOTAL] = {"TOTAL", 9, put_total},
	[COLUMN_SHARE] = {"SHARE", 6, put_share},          [COLUMN_LAST] = {"LAST", 8, put_last},
};

/* What is left by the columns that there is room for. */
static int key_width(int width)
{
	int left = width;

	for (unsigned i = COLUMN_RATE; i < COLUMNS && left > KEY_MIN + columns[i].width; i++)
		left -= columns[i].width + 1;
	return left > KEY_MAX ? KEY_MAX : left;
}

static unsigned selected(const struct screen *s)
{
	for (unsigned i = 0; i < s->rows_len; i++)
		if (!strcmp(s->rows[i].key, s->key))
			return i;
	return 0;
}

void table_refresh(struct screen *s)
{
	const struct face *f = model_face(s->model);

	s->rows_len = f->tables[s->view].len;
	memcpy(s->rows, f->tables[s->view].rows, s->rows_len * sizeof(s->rows[0]));
	rows_sort(s->rows, s->rows_len, s->sort, s->reverse);
}

void table_set_view(struct screen *s, unsigned view)
{
	s->view = view;
	s->key[0] = '\0';
	s->rows_top = 0;
	table_refresh(s);
}

/* The share sorts as the total does. */
void table_next_sort(struct screen *s)
{
	do
		s->sort = (s->sort + 1) % COLUMNS;
	while (s->sort == COLUMN_SHARE);
	table_refresh(s);
}

/* From the first row on the selection follows its key, however the rows move. */
void table_move(struct screen *s, long by)
{
	long to = (long)selected(s) + by;

	if (!s->rows_len)
		return;
	to = to < 0 ? 0 : to >= s->rows_len ? s->rows_len - 1 : to;
	snprintf(s->key, sizeof(s->key), "%s", to || s->reverse ? s->rows[to].key : "");
}

void table_open_row(struct screen *s)
{
	const struct row *row = &s->rows[selected(s)];

	if (!s->rows_len)
		return;
	if (!strcmp(row->key, ONLY_COUNTED)) {
		screen_say(s, true,
			   "these were counted and not looked at (--rate); the table of causes "
			   "names them");
		return;
	}
	snprintf(s->list_key, sizeof(s->list_key), "%s", row->key);
	snprintf(s->key, sizeof(s->key), "%s", row->key);
	s->id[0] = '\0';
	s->list_top = 0;
	screen_go(s, MODE_LIST);
}

/* Neighbours of one network must not look alike. */
static const char *key_text(const char *key, int width, char buf[FIT_LEN])
{
	return strcmp(key, ONLY_COUNTED) ? fit_middle(key, width, buf) : "(only counted)";
}

static void draw_tabs(const struct screen *s, int width)
{
	int column = 0;

	for (unsigned i = 0; i < VIEWS; i++) {
		char text[32];
		int len = snprintf(text, sizeof(text), " %u %s ", i + 1, views[i].name);

		draw(LINE_PLACE, column, len < width - column ? len : width - column,
		     i == s->view ? PAINT_SELECTED : PAINT_DIM, text);
		column += len;
	}
	if (column < width && !model_face(s->model)->tables[s->view].is_complete)
		draw(LINE_PLACE, column, width - column, PAINT_DIM, "  the most frequent of more");
}

/* The title of the column that sorts has a mark: v, or ^ when reversed. */
static void draw_head(const struct screen *s, int width)
{
	char mark = s->reverse ? '^' : 'v', text[64];
	int at = key_width(width);

	draw(LINE_BODY, 0, width, PAINT_HEAD, "");
	snprintf(text, sizeof(text), "%s%c", views[s->view].title,
		 s->sort == COLUMN_KEY ? mark : ' ');
	draw(LINE_BODY, 0, at, PAINT_HEAD, text);
	for (unsigned i = COLUMN_RATE; i < COLUMNS; i++) {
		char title[16];

		snprintf(title, sizeof(title), "%s%s", s->sort == i ? (s->reverse ? "^" : "v") : "",
			 columns[i].title);
		snprintf(text, sizeof(text), " %*s", columns[i].width, title);
		if (at + columns[i].width + 1 <= width)
			draw(LINE_BODY, at, columns[i].width + 1, PAINT_HEAD, text);
		at += columns[i].width + 1;
	}
	if (s->view == VIEW_CAUSE && width - at > TITLE_MIN)
		draw(LINE_BODY, at, width - at, PAINT_HEAD, "  WHAT HAPPENED");
}

static enum paint row_paint(const struct row *row)
{
	if (row->count[DIRECTION_SENT] && !row->count[DIRECTION_RECEIVED])
		return PAINT_SENT;
	if (row->count[DIRECTION_RECEIVED] && !row->count[DIRECTION_SENT])
		return PAINT_RECEIVED;
	return PAINT_PLAIN;
}

static void draw_row(const struct screen *s, const struct row *row, int line, bool is_selected,
		     int width)
{
	struct drawn d = {.screen = s, .sum = model_face(s->model)->sum};
	enum paint paint = is_selected ? PAINT_SELECTED : PAINT_PLAIN;
	const struct cause *cause = s->view == VIEW_CAUSE ? cause_find(row->key) : NULL;
	int at = key_width(width);
	char buf[FIT_LEN];

	draw(line, 0, width, paint, "");
	draw(line, 0, at, is_selected ? paint : row_paint(row), key_text(row->key, at, buf));
	for (unsigned i = COLUMN_RATE; i < COLUMNS; i++) {
		char text[64];

		snprintf(text, sizeof(text), " %*s", columns[i].width,
			 columns[i].put(&d, row, columns[i].width));
		if (at + columns[i].width + 1 <= width)
			draw(line, at, columns[i].width + 1, paint, text);
		at += columns[i].width + 1;
	}
	if (cause && width - at > TITLE_MIN)
		draw(line, at + 2, width - at - 2, paint, cause->title);
}

void table_draw(struct screen *s)
{
	unsigned at = selected(s), body = screen_body() - 1;
	int width = terminal_columns();

	s->rows_top = screen_top(s->rows_top, at, s->rows_len);
	draw_tabs(s, width);
	draw_head(s, width);
	for (unsigned i = 0; i < body && s->rows_top + i < s->rows_len; i++)
		draw_row(s, &s->rows[s->rows_top + i], LINE_BODY + 1 + i, s->rows_top + i == at,
			 width);
	if (!s->rows_len)
		draw(LINE_BODY + 1, 0, width, PAINT_DIM,
		     *screen_filter(s) ? "nothing that passes the filter" : "no reset yet");
}
