/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which process holds a socket: snapshots of the open TCP sockets by inode, renewed when an unknown
 * one turns up or one whose holder holds it no longer. First those of the processes that it can be,
 * where the kernel can do that (6.1); only then those of all, for which events have to wait where
 * many files are open. Never for more than a tenth of the time.
 */
#ifndef RSTWHY_OWNER_H
#define RSTWHY_OWNER_H

#include "probe.h"
#include "process.h"

#define GUESSES_MAX 4

struct owners;

/* Processes that may hold a socket, the likeliest first. */
struct guesses {
	unsigned len;
	unsigned pids[GUESSES_MAX];
};

/* NULL: no memory. Takes the first snapshot. Both must outlive it. p NULL: nobody holds anything. */
struct owners *owners_new(struct probe *p, const struct processes *ps);
void owners_free(struct owners *o);

/* Who holds it, or is the last known to have held it; false: nobody is known. */
bool owners_find(struct owners *o, uint64_t inode, const struct guesses *guesses, struct task *ret);

#endif
