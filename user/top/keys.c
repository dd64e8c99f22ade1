// SPDX-License-Identifier: GPL-2.0
/* The keys of `top`. */
#include "keys.h"

#define EVERYWHERE (IN(MODE_TABLE) | IN(MODE_LIST) | IN(MODE_EVENT) | IN(MODE_HELP))
#define NO_HELP (EVERYWHERE & ~IN(MODE_HELP))

static void move(struct screen *s, long by)
{
	static void (*const moves[])(struct screen *, long) = {
		[MODE_TABLE] = table_move,
		[MODE_LIST] = list_move,
		[MODE_EVENT] = event_move,
		[MODE_HELP] = help_move,
	};

	moves[s->mode](s, by);
}

static void step(struct screen *s, uint32_t code)
{
	move(s, code == TERMINAL_UP || code == 'k' ? -1 : 1);
}

static void page(struct screen *s, uint32_t code)
{
	long by = screen_body() - 1;

	move(s, code == TERMINAL_PAGE_UP || code == 'b' ? -by : by);
}

static void to_end(struct screen *s, uint32_t code)
{
	move(s, code == TERMINAL_HOME || code == 'g' ? -(1L << 30) : 1L << 30);
}

static void choose_view(struct screen *s, uint32_t code)
{
	table_set_view(s, code - '1');
}

static void next_view(struct screen *s, uint32_t code)
{
	table_set_view(s, (s->view + (code == TERMINAL_LEFT ? VIEWS - 1 : 1)) % VIEWS);
}

static void sort(struct screen *s, uint32_t code)
{
	table_next_sort(s);
}

static void reverse(struct screen *s, uint32_t code)
{
	s->reverse = !s->reverse;
	table_refresh(s);
}

static void open_selected(struct screen *s, uint32_t code)
{
	if (s->mode == MODE_TABLE)
		table_open_row(s);
	else
		list_open_event(s);
}

static void back(struct screen *s, uint32_t code)
{
	if (s->mode == MODE_HELP)
		screen_go(s, s->behind);
	else if (s->mode != MODE_TABLE)
		screen_go(s, s->mode - 1);
}

static void filter(struct screen *s, uint32_t code)
{
	input_begin(s);
}

static void pause_face(struct screen *s, uint32_t code)
{
	model_pause(s->model, !model_is_paused(s->model));
}

static void save(struct screen *s, uint32_t code)
{
	save_shown(s);
}

static void help(struct screen *s, uint32_t code)
{
	s->behind = s->mode;
	s->help_top = 0;
	screen_go(s, MODE_HELP);
}

static void quit(struct screen *s, uint32_t code)
{
	s->wants_end = true;
}

/* The footer shows the first of them, as many as there is room for: how to learn the others, how to
 * leave. The modes stand in the order of the way down: back() relies on it. */
const struct key keys[] = {
	{"?, h", "? help", "this list", NO_HELP, {'?', 'h'}, help},
	{"q", "q quit", "end; also Ctrl-C", EVERYWHERE, {'q'}, quit},
	{"1 ... 6",
	 "1-6 table",
	 "count by cause, unit, process, peer, port, namespace",
	 IN(MODE_TABLE),
	 {'1', '2', '3', '4', '5', '6'},
	 choose_view},
	{"Tab, Right, Left",
	 NULL,
	 "the next table, the one before",
	 IN(MODE_TABLE),
	 {'\t', TERMINAL_RIGHT, TERMINAL_LEFT},
	 next_view},
	{"s", "s sort", "sort by the next column", IN(MODE_TABLE), {'s'}, sort},
	{"r", "r reverse", "sort the other way round", IN(MODE_TABLE), {'r'}, reverse},
	{"Enter",
	 "Enter",
	 "the connections of a row; the event of a connection",
	 IN(MODE_TABLE) | IN(MODE_LIST),
	 {TERMINAL_ENTER},
	 open_selected},
	{"Esc, Backspace",
	 "Esc back",
	 "back to where Enter was pressed",
	 EVERYWHERE & ~IN(MODE_TABLE),
	 {TERMINAL_ESCAPE, TERMINAL_BACKSPACE, TERMINAL_DELETE},
	 back},
	{"Up, Down, k, j",
	 NULL,
	 "one line up, down",
	 EVERYWHERE,
	 {TERMINAL_UP, TERMINAL_DOWN, 'k', 'j'},
	 step},
	{"PgUp, PgDn, b, Space",
	 NULL,
	 "a page up, down",
	 EVERYWHERE,
	 {TERMINAL_PAGE_UP, TERMINAL_PAGE_DOWN, 'b', ' '},
	 page},
	{"Home, End, g, G",
	 NULL,
	 "to the first, the last line",
	 EVERYWHERE,
	 {TERMINAL_HOME, TERMINAL_END, 'g', 'G'},
	 to_end},
	{"/",
	 "/ filter",
	 "filter as on the command line (--port=443); empty: all",
	 NO_HELP,
	 {'/'},
	 filter},
	{"p",
	 "p pause",
	 "the screen stands still; counts go on, events are not kept",
	 NO_HELP,
	 {'p'},
	 pause_face},
	{"w",
	 "w write",
	 "write the events shown to a new file here, as JSON",
	 NO_HELP,
	 {'w'},
	 save},
	{0},
};
