/* SPDX-License-Identifier: GPL-2.0 */
/* A line that is typed: its text in UTF-8, and where in it the cursor is. Pure. */
#ifndef RSTWHY_EDIT_H
#define RSTWHY_EDIT_H

#include "filter_words.h"

struct edit {
	char text[FILTER_WORDS_LEN];
	size_t at; /* byte before which the cursor stands */
};

void edit_begin(struct edit *e, const char *text); /* behind it */

/* One character; none if there is no room. */
void edit_insert(struct edit *e, const char *bytes, size_t len);

void edit_left(struct edit *e);
void edit_right(struct edit *e);
void edit_home(struct edit *e);
void edit_end(struct edit *e);
void edit_erase_left(struct edit *e); /* a character */
void edit_erase_right(struct edit *e);
void edit_erase_begin(struct edit *e); /* all before the cursor */

/*
 * What of it is to be seen in `width` columns, the cursor included; the column of the cursor goes
 * to *ret_cursor.
 */
const char *edit_view(const struct edit *e, int width, int *ret_cursor);

#endif
