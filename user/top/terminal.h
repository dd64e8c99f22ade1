/* SPDX-License-Identifier: GPL-2.0 */
/* The terminal: the only place that knows ncurses. One a process. */
#ifndef RSTWHY_TERMINAL_H
#define RSTWHY_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#define TERMINAL_COLUMNS_MIN 40
#define TERMINAL_LINES_MIN 10

/* Keys beyond the characters. */
enum {
	KEYS_SPECIAL = 0x110000,
	TERMINAL_NONE,
	TERMINAL_UP,
	TERMINAL_DOWN,
	TERMINAL_LEFT,
	TERMINAL_RIGHT,
	TERMINAL_PAGE_UP,
	TERMINAL_PAGE_DOWN,
	TERMINAL_HOME,
	TERMINAL_END,
	TERMINAL_ENTER,
	TERMINAL_ESCAPE,
	TERMINAL_BACKSPACE,
	TERMINAL_DELETE,
};

enum paint {
	PAINT_PLAIN,
	PAINT_BOLD,
	PAINT_DIM,
	PAINT_HEAD, /* of a table */
	PAINT_SELECTED,
	PAINT_SENT,
	PAINT_RECEIVED,
	PAINT_WARNING,
};

/* Whether there is one that can be drawn on. 0 or -errno, reported. Nothing is written to it. */
int terminal_check(void);

/* Takes the whole of it; reads all files that it needs. 0 or -errno, reported. */
int terminal_open(void);

/* Gives it back as it was. Waits for one that takes nothing, but not for long. May be called twice. */
void terminal_close(void);

/* A signal (size, stop) waits for terminal_obey(), which stops the process if it was that. */
bool terminal_must_obey(void);
void terminal_obey(void);

bool terminal_is_writable(void); /* false: writing would wait, as after Ctrl-S */
bool terminal_has_utf8(void);
int terminal_lines(void);
int terminal_columns(void);

uint32_t terminal_key(void); /* the next: a character or one of the above; TERMINAL_NONE: no more */

/* Columns that a character takes; 0 also for what is not to be shown at all. */
int terminal_width(uint32_t character);

void draw_begin(void); /* all is empty */
/* At most `width` columns of the text, and spaces up to there. What commands a terminal is a '?'. */
void draw(int line, int column, int width, enum paint paint, const char *text);
void draw_cursor(int line, int column); /* shows it there, until the next draw_begin() */
void draw_end(void);

void terminal_beep(void);

#endif
