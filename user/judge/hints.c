// SPDX-License-Identifier: GPL-2.0
/* All hints. */
#include "hints.h"

static const struct hint *const families[] = {hints_local, hints_idle, hints_peer};

#define FAMILIES (sizeof(families) / sizeof(families[0]))

const struct hint *hint_at(size_t i)
{
	for (size_t family = 0; family < FAMILIES; family++)
		for (const struct hint *hint = families[family]; hint->id; hint++)
			if (!i--)
				return hint;
	return NULL;
}

/* A hint writes its text where it will stay. */
static void add_hints_of(const struct hint *family, const struct record *r, struct verdict *v)
{
	for (const struct hint *hint = family; hint->id && v->hints_len < HINTS_MAX; hint++)
		if (hint->test(r, v, v->hints[v->hints_len].text))
			v->hints[v->hints_len++].hint = hint;
}

void add_hints(const struct record *r, struct verdict *v)
{
	for (size_t family = 0; family < FAMILIES; family++)
		add_hints_of(families[family], r, v);
}
