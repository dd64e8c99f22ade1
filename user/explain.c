// SPDX-License-Identifier: GPL-2.0
/* The catalogue, or one entry of it. */
#include "explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "article.h"
#include "catalogue.h"
#include "log.h"

#define WIDTH 78

static void put_entry(struct out *o, const struct entry *e)
{
	out_format(o, "%s (%s): %s\n", e->id, e->direction ? e->direction : "hint", e->title);
	if (e->article->what)
		article_put(o, e->article, WIDTH);
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

static void put_json(struct out *o, const struct entry *e)
{
	if (e)
		catalogue_put_entry(o, e);
	else
		catalogue_put(o);
	out_char(o, '\n');
}

/* false: there is no `id`. */
static bool put_asked(struct out *o, const char *id, bool json)
{
	struct entry e;

	if (id && !entry_find(&e, id))
		return false;
	if (json)
		put_json(o, id ? &e : NULL);
	else if (id)
		put_entry(o, &e);
	else
		put_list(o);
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
	if (!put_asked(out, o->argument, strcmp(o->format->name, "text"))) {
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
