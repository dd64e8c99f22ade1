// SPDX-License-Identifier: GPL-2.0
/* The JSON format: one object a line, its fields from a table. */
#include <string.h>

#include "json_fields.h"

/* The length of the objects that both paths are in: of "a.b" and "a.c" 1, of "a" and "a.b" 1. */
static size_t common_objects(const char *a, const char *b)
{
	size_t common = 0, i = 0;

	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '.')
			common = i;
	if ((!a[i] || a[i] == '.') && (!b[i] || b[i] == '.'))
		common = i;
	return common;
}

/* Closes the objects of `path` behind the first `keep` bytes. */
static void close_objects(struct out *o, const char *path, size_t keep)
{
	const char *p = path + keep;

	if (*p && !keep)
		out_char(o, '}');
	for (; (p = strchr(p, '.')); p++)
		out_char(o, '}');
}

static void open_objects(struct out *o, const char *path, size_t from)
{
	const char *p = path + from + (path[from] == '.');

	while (*p) {
		size_t len = strcspn(p, ".");

		out_char(o, '"');
		out_bytes(o, p, len);
		out_string(o, "\":{");
		p += len + (p[len] == '.');
	}
}

/* From the object of the field written last to this one's: `}},"network":{`. */
static void change_object(struct out *o, const char *last, const char *object)
{
	size_t common = common_objects(last, object);

	close_objects(o, last, common);
	out_char(o, ',');
	open_objects(o, object, common);
}

static void put_key(struct out *o, const char *key)
{
	out_char(o, '"');
	out_string(o, key);
	out_bytes(o, "\":", 2);
}

void json_put(struct out *o, const struct style *style, const struct record *r,
	      const struct verdict *v)
{
	const char *last = NULL; /* object of the field written last */

	(void)style;
	for (const struct json_field *field = json_fields; field->put; field++) {
		size_t mark = out_mark(o);

		if ((r->e.have & field->need) != field->need)
			continue;
		if (!last)
			out_char(o, '{');
		/* Equal literals of one table are one string. */
		else if (last == field->object)
			out_char(o, ',');
		else
			change_object(o, last, field->object);
		put_key(o, field->key);
		if (field->put(o, r, v))
			last = field->object;
		else
			out_rewind(o, mark);
	}
	close_objects(o, last, 0);
	out_bytes(o, "}\n", 2);
}
