/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hints: interpretations beside a cause, never instead of one. Pure. A hint is one row plus its
 * function; all that apply are shown.
 */
#ifndef RSTWHY_HINTS_H
#define RSTWHY_HINTS_H

#include "causes.h"

struct hint {
	const char *id;
	const char *title;
	/* Writes text and returns true when it applies to the judged record. */
	bool (*test)(const struct record *r, const struct verdict *v, char text[TEXT_LEN]);
	struct article article;
};

extern const struct hint hints[]; /* ends with a row whose id is NULL */

void add_hints(const struct record *r, struct verdict *v);

#endif
