/* SPDX-License-Identifier: GPL-2.0 */
/* Texts in few columns, of which each character takes one. Pure. */
#ifndef RSTWHY_FIT_H
#define RSTWHY_FIT_H

#include "out.h"

#define FIT_LEN 512 /* bytes; a longer text is cut */

int fit_columns(const char *text, size_t len); /* of the first `len` bytes */

/*
 * `text`, or, if it takes more than `width` columns, what remains without its middle:
 * "[fd12~cde1]:443". Begin and end tell more than the middle does: of an address the network, the
 * host and the port.
 */
const char *fit_middle(const char *text, int width, char buf[FIT_LEN]);

/*
 * All lines of the text; one of more than `width` columns becomes several, from the second on
 * indented by two more. It is broken at a space, if there is one.
 */
void fit_lines(struct out *o, const char *text, size_t len, int width);

#endif
