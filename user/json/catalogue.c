// SPDX-License-Identifier: GPL-2.0
/* The catalogue: its rows, and how they are written as JSON. */
#include "catalogue.h"

#include <string.h>

#include "hints.h"
#include "names.h"
#include "output.h"

bool entry_at(struct entry *e, size_t i)
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

bool entry_find(struct entry *e, const char *id)
{
	for (size_t i = 0; entry_at(e, i); i++)
		if (!strcmp(e->id, id))
			return true;
	return false;
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

void catalogue_put_entry(struct out *o, const struct entry *e)
{
	const struct article *a = e->article;

	json_member(o, "{\"id\":", e->id);
	json_member(o, ",\"kind\":", e->direction ? "cause" : "hint");
	json_member(o, ",\"direction\":", e->direction);
	json_member(o, ",\"title\":", e->title);
	json_member(o, ",\"what\":", a->what);
	json_member(o, ",\"know\":", a->know);
	put_values(o, ",\"confirm\":", a->confirm);
	json_member(o, ",\"advice\":", a->advice);
	put_values(o, ",\"references\":", a->references);
	out_char(o, '}');
}

void catalogue_put(struct out *o)
{
	struct entry e;

	for (size_t i = 0; entry_at(&e, i); i++) {
		out_char(o, i ? ',' : '[');
		catalogue_put_entry(o, &e);
	}
	out_char(o, ']');
}
