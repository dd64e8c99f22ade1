/* SPDX-License-Identifier: GPL-2.0 */
/* The output formats: a format is one row plus its function. Pure: they write to a struct out. */
#ifndef RSTWHY_OUTPUT_H
#define RSTWHY_OUTPUT_H

#include "out.h"
#include "verdict.h"

struct style {
	bool colour;
	bool evidence; /* text: a line for each piece of evidence */
	bool stack; /* text: a line for each frame */
};

struct format {
	const char *name;
	void (*begin)(struct out *o, const struct style *style); /* NULL: nothing to begin with */
	void (*put)(struct out *o, const struct style *style, const struct record *r,
		    const struct verdict *v);
};

const struct format *format_find(const char *name); /* NULL: no such format */

/* The formats' functions. */
void text_begin(struct out *o, const struct style *style);
void text_put(struct out *o, const struct style *style, const struct record *r,
	      const struct verdict *v);
void json_put(struct out *o, const struct style *style, const struct record *r,
	      const struct verdict *v);
void ecs_put(struct out *o, const struct style *style, const struct record *r,
	     const struct verdict *v);

/* A string in quotes. Whatever bytes it has, the result is valid JSON: bad UTF-8 becomes U+FFFD. */
void json_string(struct out *o, const char *s, size_t len);

/* `before` ends with the key: `,"title":`. NULL, a value that is not known, leaves the key out. */
void json_member(struct out *o, const char *before, const char *value);

#endif
