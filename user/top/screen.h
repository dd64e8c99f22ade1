/* SPDX-License-Identifier: GPL-2.0 */
/* The screens of `top`: what each of them shows of the model, and where on it the user is. */
#ifndef RSTWHY_SCREEN_H
#define RSTWHY_SCREEN_H

#include "edit.h"
#include "model.h"
#include "terminal.h"

enum mode { MODE_TABLE, MODE_LIST, MODE_EVENT, MODE_HELP };
#define IN(mode) (1u << (mode))

/* Lines of the terminal: above the body stand the rates and where one is, below it the footer. */
enum { LINE_TITLE, LINE_SENT, LINE_RECEIVED, LINE_COUNTS, LINE_PLACE, LINE_BODY };

struct screen {
	struct model *model;
	enum mode mode;
	enum mode behind; /* what the help covers */
	bool wants_end;

	/* The table. */
	unsigned view;
	enum column sort;
	bool reverse;
	struct row rows[TABLE_KEYS]; /* as they are drawn */
	unsigned rows_len;
	char key[RANKING_KEY_LEN]; /* selected; "": the first */
	unsigned rows_top; /* the first that is drawn */

	/* The events of one row. */
	struct brief *list; /* malloc'd; NULL: none */
	size_t list_len;
	char list_key[RANKING_KEY_LEN];
	char id[EVENT_ID_LEN]; /* selected; "": the first */
	size_t list_top;

	/* The event, which the model need not have any more, and its text. */
	struct kept *event; /* malloc'd; NULL: none */
	struct out *text; /* never flushed */
	int text_width; /* columns that it was made for */
	size_t text_top;

	struct out *help; /* never flushed */
	size_t help_top;

	/* The filter, and the next one while it is typed. */
	bool types;
	struct edit input;
	struct filter_words filters[2];
	unsigned filter; /* which of them is in force */

	char message[240]; /* "": none */
	uint64_t message_end_ns; /* CLOCK_MONOTONIC; 0: it stays until a key comes */
	bool is_warning;
};

/* In a clean state. `model` stays the caller's. false: no memory. */
bool screen_open(struct screen *s, struct model *model);
void screen_close(struct screen *s);

void screen_refresh(struct screen *s); /* the model has a new face */
void screen_draw(struct screen *s);
void screen_key(struct screen *s, uint32_t key);

/* For the parts of the screen. */
void screen_say(struct screen *s, bool is_warning, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void screen_expire(struct screen *s, uint64_t now); /* a message whose time is over */
unsigned screen_body(void); /* lines of the body, from LINE_BODY */

/* The first of `len` rows that is drawn, so that row `at` is; `top`: the one until now. */
size_t screen_top(size_t top, size_t at, size_t len);
void screen_go(struct screen *s, enum mode mode);
const char *screen_filter(const struct screen *s); /* as it was written; "": none */

/* Each mode: what it draws, how it moves by so many lines, how it opens what is selected. */
void table_refresh(struct screen *s);
void table_draw(struct screen *s);
void table_move(struct screen *s, long by);
void table_open_row(struct screen *s);
void table_set_view(struct screen *s, unsigned view);
void table_next_sort(struct screen *s);

void list_refresh(struct screen *s);
void list_draw(struct screen *s);
void list_move(struct screen *s, long by);
void list_open_event(struct screen *s);

void event_show(struct screen *s, const char *id);
void event_draw(struct screen *s);
void event_move(struct screen *s, long by);
void help_draw(struct screen *s);
void help_move(struct screen *s, long by);

/* The line in which the filter is typed. */
void input_begin(struct screen *s);
void input_key(struct screen *s, uint32_t key);
void input_draw(struct screen *s, int line);

void save_shown(struct screen *s); /* as JSON, to a new file */

#endif
