/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which process holds a socket: a snapshot of all open TCP sockets by inode, renewed when an
 * unknown one turns up, but never for more than a tenth of the time.
 */
#ifndef RSTWHY_OWNER_H
#define RSTWHY_OWNER_H

#include "probe.h"

struct owners;

struct owners *owners_new(struct probe *p); /* NULL: no memory. Takes the first snapshot. */
void owners_free(struct owners *o);

/* false: nobody known holds it. */
bool owners_find(struct owners *o, uint64_t inode, struct task *ret);

#endif
