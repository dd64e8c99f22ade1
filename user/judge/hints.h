/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hints: interpretations beside a cause, never instead of one. Pure. A hint is one row plus its
 * function, in the hints_*.c of its family; all that apply are shown. Where their numbers come
 * from is said in thresholds.h.
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

/* One family's rows; each ends with a row whose id is NULL. */
extern const struct hint hints_local[];
extern const struct hint hints_idle[];
extern const struct hint hints_peer[];

void add_hints(const struct record *r, struct verdict *v);

const struct hint *hint_at(size_t i); /* NULL: past the end */

#endif
