// SPDX-License-Identifier: GPL-2.0
/* The line in which a filter is typed. */
#include <wchar.h>

#include "clock.h"
#include "screen.h"

#define PROMPT "filter: "
#define CTRL_U 0x15
#define CHARACTER_MAX 16 /* bytes of one, in any locale */

void input_begin(struct screen *s)
{
	s->types = true;
	edit_begin(&s->input, screen_filter(s));
}

/* Into the place that is not in force, so that a bad one changes nothing. */
static void apply(struct screen *s)
{
	struct filter_words *next = &s->filters[!s->filter];
	char error[OPTIONS_ERROR_LEN];

	if (!filter_words_parse(next, s->input.text, error)) {
		screen_say(s, true, "%s", error);
		terminal_beep();
		return;
	}
	s->types = false;
	s->message[0] = '\0';
	s->filter = !s->filter;
	model_filter(s->model, next->words[0] ? next : NULL, now_ns());
	screen_refresh(s);
}

static void insert(struct edit *e, uint32_t character)
{
	char bytes[CHARACTER_MAX];
	mbstate_t state = {0};
	size_t len = wcrtomb(bytes, character, &state);

	if (len != (size_t)-1)
		edit_insert(e, bytes, len);
}

/* false: it is none of those that edit. */
static bool edit(struct edit *e, uint32_t key)
{
	static const struct {
		uint32_t key;
		void (*act)(struct edit *e);
	} keys[] = {
		{TERMINAL_LEFT, edit_left},
		{TERMINAL_RIGHT, edit_right},
		{TERMINAL_HOME, edit_home},
		{TERMINAL_END, edit_end},
		{TERMINAL_BACKSPACE, edit_erase_left},
		{TERMINAL_DELETE, edit_erase_right},
		{CTRL_U, edit_erase_begin},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].key != key)
			continue;
		keys[i].act(e);
		return true;
	}
	return false;
}

void input_key(struct screen *s, uint32_t key)
{
	s->message[0] = '\0';
	if (key == TERMINAL_ENTER)
		apply(s);
	else if (key == TERMINAL_ESCAPE)
		s->types = false;
	else if (!edit(&s->input, key) && key >= ' ' && key < KEYS_SPECIAL)
		insert(&s->input, key);
}

/* With what is wrong above it. */
void input_draw(struct screen *s, int line)
{
	int width = terminal_columns(), prompt = sizeof(PROMPT) - 1, cursor;
	const char *seen = edit_view(&s->input, width - prompt, &cursor);

	if (s->message[0])
		draw(line - 1, 0, width, PAINT_WARNING, s->message);
	draw(line, 0, prompt, PAINT_BOLD, PROMPT);
	draw(line, prompt, width - prompt, PAINT_BOLD, seen);
	draw_cursor(line, prompt + cursor);
}
