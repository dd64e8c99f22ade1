/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rules for active resets (tcp_send_active_reset: sent from a live socket, no segment
 * triggered them) have in common. Pure.
 *
 * Before 6.10 the kernel gives no reason: every rule works from the facts of the socket as well
 * (the state when the reset is sent, DEAD, the struct socket, shutdown), and the stack breaks ties.
 */
#ifndef RSTWHY_ACTIVE_H
#define RSTWHY_ACTIVE_H

#include "verdict.h"

bool is_active(const struct record *r);

/* `function` is the innermost of those that tell where an active reset came from. */
bool came_from(const struct record *r, const char *function);
const char *active_decider(const struct record *r); /* that function; NULL: none, or no stack */

/* 6.10 and 6.11 have reasons, but NOT_SPECIFIED for all active resets. */
bool reason_is_absent(const struct record *r);

/* The kernel's reason is this one, or the kernel gives none and the facts must do. */
bool reason_allows(const struct record *r, enum reason reason);

/* With a reason the kernel itself says so; without one it is concluded from the socket. */
enum confidence by_reason(const struct record *r);

#endif
