// SPDX-License-Identifier: GPL-2.0
/* A line that is typed. */
#include "edit.h"

#include <string.h>

#include "fit.h"
#include "print.h"

static bool is_within(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

static size_t before(const char *text, size_t at)
{
	while (at && is_within(text[--at]))
		;
	return at;
}

static size_t behind(const char *text, size_t at)
{
	if (text[at])
		at++;
	while (is_within(text[at]))
		at++;
	return at;
}

void edit_begin(struct edit *e, const char *text)
{
	e->at = print_text(e->text, sizeof(e->text), "%s", text);
}

void edit_insert(struct edit *e, const char *bytes, size_t len)
{
	size_t all = strlen(e->text);

	if (all + len >= sizeof(e->text))
		return;
	memmove(e->text + e->at + len, e->text + e->at, all - e->at + 1);
	memcpy(e->text + e->at, bytes, len);
	e->at += len;
}

void edit_left(struct edit *e)
{
	e->at = before(e->text, e->at);
}

void edit_right(struct edit *e)
{
	e->at = behind(e->text, e->at);
}

void edit_home(struct edit *e)
{
	e->at = 0;
}

void edit_end(struct edit *e)
{
	e->at = strlen(e->text);
}

/* The cursor stands where they were. */
static void erase(struct edit *e, size_t from, size_t to)
{
	memmove(e->text + from, e->text + to, strlen(e->text + to) + 1);
	e->at = from;
}

void edit_erase_left(struct edit *e)
{
	erase(e, before(e->text, e->at), e->at);
}

void edit_erase_right(struct edit *e)
{
	erase(e, e->at, behind(e->text, e->at));
}

void edit_erase_begin(struct edit *e)
{
	erase(e, 0, e->at);
}

const char *edit_view(const struct edit *e, int width, int *ret_cursor)
{
	const char *from = e->text, *at = e->text + e->at;

	while (from < at && fit_columns(from, at - from) >= width)
		from = e->text + behind(e->text, from - e->text);
	*ret_cursor = fit_columns(from, at - from);
	return from;
}
