/* SPDX-License-Identifier: GPL-2.0 */
/* Texts of other people, for a terminal. Pure. */
#ifndef RSTWHY_PRINTABLE_H
#define RSTWHY_PRINTABLE_H

#include "out.h"

/*
 * Up to `len` bytes or a NUL. No control character gets through, nothing that turns the direction
 * of writing around, and nothing that is no UTF-8: each is a '?'.
 */
void out_printable(struct out *o, const char *s, size_t len);

void make_printable(char *text); /* the same, in place */

#endif
