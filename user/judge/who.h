/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who did it, or whose connection it was. Pure. Never the task that a softirq interrupted: each
 * function fills v->who, v->role and v->name only from what is known to be true, and returns
 * false (and changes nothing) otherwise.
 */
#ifndef RSTWHY_WHO_H
#define RSTWHY_WHO_H

#include "verdict.h"

/* The running process, which holds the socket's lock or is known by the stack to act on it. */
bool who_runs(const struct record *r, struct verdict *v, enum role role);
/* Whoever closed the connection (or gave it up), now or earlier. */
bool who_closed(const struct record *r, struct verdict *v);
bool who_connected(const struct record *r, struct verdict *v);
bool who_listens(const struct record *r, struct verdict *v);
/* Whoever holds a living socket: its user, else who closed, connected or listens for it. */
bool who_holds(const struct record *r, struct verdict *v);
/* Who holds the socket, if that is another than who acted on it: v->who. NULL: nobody else. */
const struct task *who_suffers(const struct record *r, const struct verdict *v);

#endif
