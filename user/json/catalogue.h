/* SPDX-License-Identifier: GPL-2.0 */
/* The catalogue as rows to be shown: the causes, and behind them the hints. Pure. */
#ifndef RSTWHY_CATALOGUE_H
#define RSTWHY_CATALOGUE_H

#include <stdbool.h>

#include "causes.h"
#include "out.h"

/* One row of the catalogue: a cause, or a hint. Its texts live as long as the program. */
struct entry {
	const char *id;
	const char *title;
	const char *direction; /* NULL: a hint, which stands beside causes of any direction */
	const struct article *article;
};

bool entry_at(struct entry *e,
	      size_t i); /* the causes first, then the hints; false: past the end */
bool entry_find(struct entry *e, const char *id); /* false: there is none */

/* As JSON: one object, or all of them as an array. No end of line. */
void catalogue_put_entry(struct out *o, const struct entry *e);
void catalogue_put(struct out *o);

#endif
