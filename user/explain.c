// SPDX-License-Identifier: GPL-2.0
/* The catalogue, or one entry of it. */
#include "explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hints.h"
#include "log.h"
#include "names.h"

#define WIDTH 78

/* Wraps a paragraph at word boundaries, behind `indent` spaces. */
static void put_wrapped(struct out *o, const char *text, int indent)
{
	int column = 0;

	while (*text) {
		int len = strcspn(text, " ");

		if (column && indent + column + 1 + len > WIDTH) {
			out_char(o, '\n');
			column = 0;
		}
		if (!column)
			out_format(o, "%*s", indent, "");
		else
			out_char(o, ' ');
		out_bytes(o, text, len);
		column += len + (column > 0);
		text += len;
		text += strspn(text, " ");
	}
	out_char(o, '\n');
}

/* Commands and references stand one a line, as they are. */
static void put_lines(struct out *o, const char *text)
{
	while (*text) {
		int len = strcspn(text, "\n");

		out_format(o, "  %.*s\n", len, text);
		text += len + (text[len] == '\n');
	}
}

/* One row of the catalogue: a cause, or a hint. */
struct entry {
	const char *id;
	const char *title;
	const char *direction; /* NULL: a hint, which stands beside causes of any direction */
	const struct article *article;
};

/* The causes first, then the hints; false: past the end. */
static bool entry_at(struct entry *e, size_t i)
{
	const struct cause *cause;
	const struct hint *hint;
	size_t n = 0;

	for (; (cause = cause_at(n)); n++) {
		if (n == i) {
			*e = (struct entry){cause->id, cause->title,
					    direction_name(cause->direction), &cause->article};
			return true;
		}
	}
	hint = hint_at(i - n);
	if (!hint)
		return false;
	*e = (struct entry){hint->id, hint->title, NULL, &hint->article};
	return true;
}

static bool entry_find(struct entry *e, const char *id)
{
	for (size_t i = 0; entry_at(e, i); i++)
		if (!strcmp(e->id, id))
			return true;
	return false;
}

static void put_entry(struct out *o, const struct entry *e)
{
	const struct article *a = e->article;

	out_format(o, "%s (%s): %s\n", e->id, e->direction ? e->direction : "hint", e->title);
	if (!a->what)
		return;
	out_string(o, "\nWhat happened\n");
	put_wrapped(o, a->what, 2);
	out_string(o, "\nHow rstwhy knows\n");
	put_wrapped(o, a->know, 2);
	out_string(o, "\nHow to confirm it by other means\n");
	put_lines(o, a->confirm);
	out_string(o, "\nWhat to do\n");
	put_wrapped(o, a->advice, 2);
	out_string(o, "\nReferences\n");
	put_lines(o, a->references);
}

static void put_list(struct out *o)
{
	struct entry e;
	size_t i = 0;

	out_string(o, "CAUSE                    RESET     WHAT HAPPENED\n");
	for (; entry_at(&e, i) && e.direction; i++)
		out_format(o, "%-24s %-9s %s\n", e.id, e.direction, e.title);
	out_string(o, "\nHINT                     (beside a cause)\n");
	for (; entry_at(&e, i); i++)
		out_format(o, "%-24s           %s\n", e.id, e.title);
}

/* `before` ends with the key: `,"title":`. An unknown value leaves the key out. */
static void put_value(struct out *o, const char *before, const char *value)
{
	if (!value)
		return;
	out_string(o, before);
	json_string(o, value, strlen(value));
}

/* Lines become the strings of an array. */
static void put_values(struct out *o, const char *before, const char *lines)
{
	if (!lines)
		return;
	out_string(o, before);
	out_char(o, '[');
	while (*lines) {
		size_t len = strcspn(lines, "\n");

		json_string(o, lines, len);
		lines += len + (lines[len] == '\n');
		if (*lines)
			out_char(o, ',');
	}
	out_char(o, ']');
}

static void put_object(struct out *o, const struct entry *e)
{
	const struct article *a = e->article;

	put_value(o, "{\"id\":", e->id);
	put_value(o, ",\"kind\":", e->direction ? "cause" : "hint");
	put_value(o, ",\"direction\":", e->direction);
	put_value(o, ",\"title\":", e->title);
	put_value(o, ",\"what\":", a->what);
	put_value(o, ",\"know\":", a->know);
	put_values(o, ",\"confirm\":", a->confirm);
	put_value(o, ",\"advice\":", a->advice);
	put_values(o, ",\"references\":", a->references);
	out_char(o, '}');
}

static void put_array_line(struct out *o)
{
	struct entry e;

	for (size_t i = 0; entry_at(&e, i); i++) {
		out_char(o, i ? ',' : '[');
		put_object(o, &e);
	}
	out_string(o, "]\n");
}

static void put_object_line(struct out *o, const struct entry *e)
{
	put_object(o, e);
	out_char(o, '\n');
}

/* false: there is no `id`. */
static bool put_asked(struct out *o, const char *id, bool json)
{
	struct entry e;

	if (!id && json)
		put_array_line(o);
	else if (!id)
		put_list(o);
	else if (!entry_find(&e, id))
		return false;
	else if (json)
		put_object_line(o, &e);
	else
		put_entry(o, &e);
	return true;
}

int explain(const struct options *o)
{
	struct out *out = out_new(STDOUT_FILENO);
	int err;

	if (!out) {
		log_error("explain: %s", strerror(ENOMEM));
		return 1;
	}
	if (!put_asked(out, o->argument, !strcmp(o->format->name, "json"))) {
		log_error("no cause or hint '%s'; 'rstwhy explain' lists them", o->argument);
		out_free(out);
		return 2;
	}
	err = out_flush(out);
	if (err)
		log_error("write to stdout: %s", strerror(-err));
	out_free(out);
	return err ? 1 : 0;
}
