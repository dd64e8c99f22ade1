/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happened on a connection, as a ladder between this host and the peer: what went which way,
 * who acted, in which state, and how long before the reset. Pure.
 */
#ifndef RSTWHY_LADDER_H
#define RSTWHY_LADDER_H

#include "out.h"
#include "verdict.h"

#define LADDER_WIDTH_MIN 39 /* columns */

/* `width` columns wide. ASCII, besides the names of processes. */
void ladder_put(struct out *o, const struct record *r, const struct verdict *v, int width);

#endif
