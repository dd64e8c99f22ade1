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

void add_hints(const struct record *r, struct verdict *v)
{
	const struct hint *hint;
	char text[TEXT_LEN];

	for (size_t i = 0; (hint = hint_at(i)); i++)
		if (hint->test(r, v, text))
			verdict_hint(v, hint, "%s", text);
}
