/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fields of a JSON format. A field is one row plus its function, which writes the value, or
 * returns false when it is not known: then the key does not appear. Rows of one object stand
 * together. Keys are only ever added.
 */
#ifndef RSTWHY_JSON_FIELDS_H
#define RSTWHY_JSON_FIELDS_H

#include "output.h"

/* An object of the line. */
struct json_object {
	const struct json_object *in; /* NULL: in the outermost */
	char begin[OUT_SHORT]; /* "network":{ */
	size_t begin_len;
};

struct json_field {
	const struct json_object *object; /* NULL: the outermost */
	char key[OUT_SHORT]; /* "address": */
	size_t key_len;
	unsigned need; /* enum have: without these there is no value, and put() is not asked */
	bool (*put)(struct out *o, const struct record *r, const struct verdict *v);
};

/* To write rows with. */
#define JSON_OBJECT(in, name)                                      \
	{                                                          \
		in, "\"" name "\":{", sizeof("\"" name "\":{") - 1 \
	}
#define JSON_KEY(name) "\"" name "\":", sizeof("\"" name "\":") - 1

/* Of --format=json. Each table ends with a row whose put is NULL. */
extern const struct json_field json_fields[];

/* One line: an object of these fields. */
void json_put_fields(struct out *o, const struct json_field fields[], const struct record *r,
		     const struct verdict *v);

#endif
