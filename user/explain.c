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

static void put_article(struct out *o, const char *id, const char *title, const char *kind,
			const struct article *a)
{
	out_format(o, "%s (%s): %s\n", id, kind, title);
	if (a->what) {
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
}

static void put_list(struct out *o)
{
	const struct cause *c;

	out_string(o, "CAUSE                    RESET     WHAT HAPPENED\n");
	for (size_t i = 0; (c = cause_at(i)); i++)
		out_format(o, "%-24s %-9s %s\n", c->id, direction_name(c->direction), c->title);
	out_string(o, "\nHINT                     (beside a cause)\n");
	for (const struct hint *h = hints; h->id; h++)
		out_format(o, "%-24s           %s\n", h->id, h->title);
}

static bool put_one(struct out *o, const char *id)
{
	const struct cause *c = cause_find(id);

	if (c) {
		put_article(o, c->id, c->title, direction_name(c->direction), &c->article);
		return true;
	}
	for (const struct hint *h = hints; h->id; h++) {
		if (!strcmp(h->id, id)) {
			put_article(o, h->id, h->title, "hint", &h->article);
			return true;
		}
	}
	return false;
}

int explain(const struct options *o)
{
	struct out *out = out_new(STDOUT_FILENO);
	int err;

	if (!out) {
		log_error("explain: %s", strerror(ENOMEM));
		return 1;
	}
	if (!o->argument) {
		put_list(out);
	} else if (!put_one(out, o->argument)) {
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
