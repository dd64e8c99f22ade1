/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which process holds a socket: a snapshot of all open TCP sockets by inode, renewed when an
 * unknown one turns up or one whose holder holds it no longer, but never for more than a tenth of
 * the time.
 */
#ifndef RSTWHY_OWNER_H
#define RSTWHY_OWNER_H

#include "probe.h"
#include "process.h"

struct owners;

/* NULL: no memory. Takes the first snapshot. Both arguments must outlive it. */
struct owners *owners_new(struct probe *p, const struct processes *ps);
void owners_free(struct owners *o);

/* Who holds it, or is the last known to have held it; false: nobody is known. */
bool owners_find(struct owners *o, uint64_t inode, struct task *ret);

#endif
