// SPDX-License-Identifier: GPL-2.0
/* All that is known of one event, as text for a person. */
#include "event_text.h"

#include <json-c/json.h>
#include <string.h>
#include <time.h>

#include "article.h"
#include "causes.h"
#include "hints.h"
#include "ladder.h"
#include "names.h"
#include "print.h"
#include "printable.h"

#define PATH_LEN 128

static void put_clock(struct out *o, uint64_t time_ns)
{
	time_t second = time_ns / 1000000000;
	struct tm tm;
	char text[32];

	localtime_r(&second, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	out_format(o, "%s.%06u", text, (unsigned)(time_ns % 1000000000 / 1000));
}

static void put_printable(struct out *o, const char *text, int width)
{
	char copy[2 * TEXT_LEN];

	print_text(copy, sizeof(copy), "%s", text);
	make_printable(copy);
	out_wrapped(o, copy, 2, width);
}

static void put_verdict(struct out *o, const struct record *r, const struct verdict *v, int width)
{
	char title[TEXT_LEN];

	print_text(title, sizeof(title), "%s %s, %s: %s", direction_name(r->e.direction),
		   v->cause->id, confidence_name(v->confidence), v->cause->title);
	out_wrapped(o, title, 0, width);
	put_clock(o, r->time_ns);
	out_string(o, "\n\n");
	put_printable(o, v->summary, width);
	if (v->evidence_len)
		out_string(o, "\nEvidence\n");
	for (unsigned i = 0; i < v->evidence_len; i++)
		put_printable(o, v->evidence[i], width);
	if (v->hints_len)
		out_string(o, "\nHints\n");
	for (unsigned i = 0; i < v->hints_len; i++) {
		char text[TEXT_LEN + 64];

		print_text(text, sizeof(text), "%s: %s", v->hints[i].hint->id, v->hints[i].text);
		put_printable(o, text, width);
	}
}

static void put_value(struct out *o, const char *path, struct json_object *value)
{
	const char *text = value ? json_object_get_string(value) : "none";

	out_format(o, "  %-32s ", path);
	out_printable(o, text, strlen(text));
	out_char(o, '\n');
}

/* What stands elsewhere, or is for a machine. */
static bool is_left_out(const char *path)
{
	static const char *const left_out[] = {
		"time",        "facts",           "reset.summary", "reset.evidence",
		"reset.hints", "reset.direction", "reset.cause",   "reset.confidence",
	};

	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		if (!strcmp(path, left_out[i]))
			return true;
	return false;
}

/* Objects within objects, of which there are four at most, become paths with dots. */
static void put_members(struct out *o, const char *before, struct json_object *object)
{
	json_object_object_foreach(object, key, value)
	{
		char path[PATH_LEN];

		print_text(path, sizeof(path), "%s%s%s", before, *before ? "." : "", key);
		if (is_left_out(path))
			continue;
		if (json_object_is_type(value, json_type_object))
			put_members(o, path, value);
		else
			put_value(o, path, value);
	}
}

static void put_facts(struct out *o, const char *json)
{
	struct json_object *line = json_tokener_parse(json);

	out_string(o, "\nFacts, by their keys in --format=json\n");
	if (json_object_is_type(line, json_type_object))
		put_members(o, "", line);
	json_object_put(line);
}

static void put_articles(struct out *o, const struct verdict *v, int width)
{
	if (v->cause->article.what)
		article_put(o, &v->cause->article, width);
	for (unsigned i = 0; i < v->hints_len; i++) {
		const struct hint *hint = v->hints[i].hint;

		if (!hint->article.what)
			continue;
		out_format(o, "\nHint %s: %s\n", hint->id, hint->title);
		article_put(o, &hint->article, width);
	}
}

void event_text_put(struct out *o, const struct record *r, const struct verdict *v,
		    const char *json, int width)
{
	put_verdict(o, r, v, width);
	out_string(o, "\nWhat went which way\n\n");
	ladder_put(o, r, v, width);
	put_articles(o, v, width);
	put_facts(o, json);
}
