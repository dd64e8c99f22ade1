/* SPDX-License-Identifier: GPL-2.0 */
/* What the catalogue says of a cause or a hint, as text for a person. Pure. */
#ifndef RSTWHY_ARTICLE_H
#define RSTWHY_ARTICLE_H

#include "causes.h"
#include "out.h"

/* Wraps a paragraph at word boundaries to lines of `width` columns, behind `indent` spaces. */
void out_wrapped(struct out *o, const char *text, int indent, int width);

void article_put(struct out *o, const struct article *a, int width); /* headings and paragraphs */

#endif
