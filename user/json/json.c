// SPDX-License-Identifier: GPL-2.0
/* The JSON formats: one object a line, its fields from a table. */
#include "json_fields.h"

/* `outer` is `object` or around it. */
static bool is_within(const struct json_object *object, const struct json_object *outer)
{
	while (object && object != outer)
		object = object->in;
	return object == outer;
}

/* Closes what is open and not around `object`; returns the innermost that stays open. */
static const struct json_object *close_objects(struct out *o, const struct json_object *open,
					       const struct json_object *object)
{
	for (; open && !is_within(object, open); open = open->in)
		out_char(o, '}');
	return open;
}

static void open_objects(struct out *o, const struct json_object *open,
			 const struct json_object *object)
{
	if (object == open)
		return;
	open_objects(o, open, object->in);
	out_short(o, object->begin, object->begin_len);
}

/* From the object of the field written last to this one's: `}},"network":{`. */
static void change_object(struct out *o, const struct json_object *last,
			  const struct json_object *object)
{
	const struct json_object *open = close_objects(o, last, object);

	out_char(o, ',');
	open_objects(o, open, object);
}

void json_put_fields(struct out *o, const struct json_field fields[], const struct record *r,
		     const struct verdict *v)
{
	const struct json_object *last = NULL; /* of the field written last */
	size_t begin = out_mark(o);

	for (const struct json_field *field = fields; field->put; field++) {
		size_t mark = out_mark(o);

		if ((r->e.have & field->need) != field->need)
			continue;
		if (mark == begin)
			out_char(o, '{');
		else if (last == field->object)
			out_char(o, ',');
		else
			change_object(o, last, field->object);
		out_short(o, field->key, field->key_len);
		if (field->put(o, r, v))
			last = field->object;
		else
			out_rewind(o, mark);
	}
	close_objects(o, last, NULL);
	out_bytes(o, "}\n", 2);
}

void json_put(struct out *o, const struct style *style, const struct record *r,
	      const struct verdict *v)
{
	(void)style;
	json_put_fields(o, json_fields, r, v);
}
