/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fields of the JSON format. A field is one row plus its function, which writes the value, or
 * returns false when it is not known: then the key does not appear. Rows of one object stand
 * together. Keys are only ever added.
 */
#ifndef RSTWHY_JSON_FIELDS_H
#define RSTWHY_JSON_FIELDS_H

#include "output.h"

struct json_field {
	const char *object; /* nested keys, dotted: "network.local"; "": the outermost */
	const char *key;
	unsigned need; /* enum have: without these there is no value, and put() is not asked */
	bool (*put)(struct out *o, const struct record *r, const struct verdict *v);
};

extern const struct json_field json_fields[]; /* ends with a row whose put is NULL */

#endif
