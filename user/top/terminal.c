// SPDX-License-Identifier: GPL-2.0
/* The terminal. */
#define _XOPEN_SOURCE_EXTENDED 1 /* wide characters of ncurses */
#define _GNU_SOURCE /* wcwidth() */
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "log.h"
#include "terminal.h"
#include "utf8.h"

#define ESCAPE_MS 50 /* a key that begins with ESC comes whole within that time, also over ssh */
#define PATIENCE_MS 1000
#define LINE_MAX_COLUMNS 1024

static SCREEN *screen;
static struct termios before;
static bool has_colours, is_utf8;
static volatile sig_atomic_t is_resized, is_stopped;

static int check_size(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col)
		return 0; /* a serial line does not know: what terminfo says is taken */
	if (size.ws_col >= TERMINAL_COLUMNS_MIN && size.ws_row >= TERMINAL_LINES_MIN)
		return 0;
	log_error("top: the terminal has %u columns and %u lines; it needs %d and %d", size.ws_col,
		  size.ws_row, TERMINAL_COLUMNS_MIN, TERMINAL_LINES_MIN);
	return -ENOTTY;
}

static int check_type(void)
{
	const char *type = getenv("TERM");
	bool can_move;
	int err;

	if (!type || !*type) {
		log_error("top: TERM is not set; it names the type of the terminal, as xterm");
		return -ENOTTY;
	}
	if (setupterm(NULL, STDOUT_FILENO, &err) == ERR) {
		log_error("top: TERM=%s: no such terminal is known here; try TERM=vt100", type);
		return -ENOTTY;
	}
	can_move = cursor_address != NULL;
	del_curterm(cur_term);
	if (can_move)
		return 0;
	log_error("top: TERM=%s: that terminal cannot move its cursor", type);
	return -ENOTTY;
}

int terminal_check(void)
{
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		log_error("top: %s is no terminal; without 'top' events are written line by line",
			  isatty(STDIN_FILENO) ? "stdout" : "stdin");
		return -ENOTTY;
	}
	err = check_type();
	return err ? err : check_size();
}

static void on_signal(int number)
{
	if (number == SIGWINCH)
		is_resized = true;
	else
		is_stopped = true;
}

/* poll() must not begin again: the loop asks terminal_must_obey(). */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};

	sigaction(SIGWINCH, &action, NULL);
	sigaction(SIGTSTP, &action, NULL);
}

static void set_colours(void)
{
	const char *no_colour = getenv("NO_COLOR");

	if ((no_colour && *no_colour) || !has_colors() || start_color() == ERR)
		return;
	has_colours = use_default_colors() != ERR;
	init_pair(PAINT_SENT, COLOR_RED, -1);
	init_pair(PAINT_RECEIVED, COLOR_YELLOW, -1);
	init_pair(PAINT_WARNING, COLOR_RED, -1);
	init_pair(PAINT_DIM, COLOR_CYAN, -1);
}

/* Not LC_NUMERIC: the JSON has points. */
int terminal_open(void)
{
	setlocale(LC_CTYPE, "");
	is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	tcgetattr(STDIN_FILENO, &before);
	screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		log_error("top: take the terminal: %s", strerror(ENOTTY));
		return -ENOTTY;
	}
	catch_signals();
	cbreak();
	noecho();
	nonl();
	set_escdelay(ESCAPE_MS);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	set_colours();
	return 0;
}

static bool is_writable(int patience_ms)
{
	struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};

	return poll(&fd, 1, patience_ms) > 0;
}

bool terminal_is_writable(void)
{
	return is_writable(0);
}

/* One that was stopped by Ctrl-S goes on when it no longer knows that key. */
static void let_go_on(void)
{
	struct termios modes;

	if (tcgetattr(STDIN_FILENO, &modes))
		return;
	modes.c_iflag &= ~IXON;
	tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

/* Of one that takes nothing at all, as over a dead connection, only the modes are set back. */
void terminal_close(void)
{
	if (!screen)
		return;
	if (!is_writable(0))
		let_go_on();
	if (is_writable(PATIENCE_MS))
		endwin();
	else
		tcsetattr(STDIN_FILENO, TCSANOW, &before);
	delscreen(screen);
	screen = NULL;
	signal(SIGTSTP, SIG_DFL);
	signal(SIGWINCH, SIG_DFL);
}

bool terminal_must_obey(void)
{
	return is_resized || is_stopped;
}

static void resize(void)
{
	struct winsize size;

	is_resized = false;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		resizeterm(size.ws_row, size.ws_col);
	clearok(stdscr, TRUE);
}

/* Until SIGCONT; meanwhile the ring buffer fills, and what is lost is counted. */
static void stop(void)
{
	is_stopped = false;
	endwin();
	signal(SIGTSTP, SIG_DFL);
	raise(SIGTSTP);
	catch_signals();
	doupdate(); /* takes the modes of the terminal again */
	resize();
}

void terminal_obey(void)
{
	if (is_stopped)
		stop();
	if (is_resized)
		resize();
}

bool terminal_has_utf8(void)
{
	return is_utf8;
}

int terminal_lines(void)
{
	return getmaxy(stdscr);
}

int terminal_columns(void)
{
	return getmaxx(stdscr);
}

static uint32_t special(wint_t key)
{
	static const struct {
		wint_t from;
		uint32_t to;
	} keys[] = {
		{KEY_UP, TERMINAL_UP},         {KEY_DOWN, TERMINAL_DOWN},
		{KEY_LEFT, TERMINAL_LEFT},     {KEY_RIGHT, TERMINAL_RIGHT},
		{KEY_PPAGE, TERMINAL_PAGE_UP}, {KEY_NPAGE, TERMINAL_PAGE_DOWN},
		{KEY_HOME, TERMINAL_HOME},     {KEY_END, TERMINAL_END},
		{KEY_ENTER, TERMINAL_ENTER},   {KEY_BACKSPACE, TERMINAL_BACKSPACE},
		{KEY_DC, TERMINAL_DELETE},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].from == key)
			return keys[i].to;
	return KEYS_SPECIAL; /* one that means nothing here */
}

static uint32_t plain(wint_t key)
{
	switch (key) {
	case '\r':
	case '\n':
		return TERMINAL_ENTER;
	case 0x1b:
		return TERMINAL_ESCAPE;
	case 0x7f:
	case '\b':
		return TERMINAL_BACKSPACE;
	default:
		return key;
	}
}

uint32_t terminal_key(void)
{
	wint_t key;
	int kind = get_wch(&key);

	if (kind == ERR)
		return TERMINAL_NONE;
	return kind == KEY_CODE_YES ? special(key) : plain(key);
}

int terminal_width(uint32_t character)
{
	int width = wcwidth(character);

	return width > 0 ? width : 0;
}

static attr_t attributes(enum paint paint)
{
	static const attr_t plain_attributes[] = {
		[PAINT_BOLD] = A_BOLD,
		[PAINT_DIM] = A_NORMAL,
		[PAINT_HEAD] = A_BOLD | A_UNDERLINE,
		[PAINT_SELECTED] = A_REVERSE,
		[PAINT_WARNING] = A_BOLD,
	};
	bool is_coloured = paint == PAINT_SENT || paint == PAINT_RECEIVED ||
			   paint == PAINT_WARNING || paint == PAINT_DIM;

	return plain_attributes[paint] | (has_colours && is_coloured ? COLOR_PAIR(paint) : 0);
}

/* What this terminal may show of the sequence at s; *width: the columns it takes. */
static wchar_t shown(const unsigned char *s, size_t len, int *width)
{
	uint32_t c = len ? utf8_character(s, len) : 0;

	*width = 1;
	if (!len || utf8_is_command(s, len) || (!is_utf8 && c >= 0x80) || wcwidth(c) < 0)
		return L'?';
	*width = wcwidth(c);
	return c;
}

void draw(int line, int column, int width, enum paint paint, const char *text)
{
	const unsigned char *s = (const unsigned char *)text, *end = s + strlen(text);
	wchar_t wide[LINE_MAX_COLUMNS];
	int len = 0, left = width < LINE_MAX_COLUMNS ? width : LINE_MAX_COLUMNS - 1;

	while (s < end && len < LINE_MAX_COLUMNS - 1) {
		size_t n = utf8_sequence(s, end - s);
		int takes;
		wchar_t c = shown(s, n, &takes);

		if (takes > left)
			break;
		wide[len++] = c;
		left -= takes;
		s += n ? n : 1;
	}
	while (left-- > 0 && len < LINE_MAX_COLUMNS - 1)
		wide[len++] = L' ';
	attrset(attributes(paint));
	mvaddnwstr(line, column, wide, len);
	attrset(A_NORMAL);
}

void draw_begin(void)
{
	erase();
	curs_set(0);
}

void draw_cursor(int line, int column)
{
	curs_set(1);
	move(line, column);
}

void draw_end(void)
{
	refresh();
}

void terminal_beep(void)
{
	beep();
}
