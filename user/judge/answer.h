/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rules for answers (tcp_v4_send_reset, tcp_v6_send_reset: a segment triggered the reset)
 * have in common. Pure.
 */
#ifndef RSTWHY_ANSWER_H
#define RSTWHY_ANSWER_H

#include "verdict.h"

bool is_answer(const struct record *r);
bool no_socket(const struct record *r);
bool at_listener(const struct record *r);

/* Of the segment's flags in `of`, exactly `flags` are set. */
bool carries(const struct record *r, uint8_t flags, uint8_t of);

/* The remembered connection is the one this segment belongs to, not an earlier one on the flow. */
bool is_of_ended(const struct record *r);

void say_trigger(const struct record *r, struct verdict *v);

#endif
