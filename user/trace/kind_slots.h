/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A number for each kind of reset that turns up, under which its user keeps what is to be remembered
 * of it. BPF knows KINDS_MAX kinds at most; user space may meet more, for an event that found no
 * room among them still tells its kind. None is ever forgotten.
 */
#ifndef RSTWHY_KIND_SLOTS_H
#define RSTWHY_KIND_SLOTS_H

#include <stdbool.h>

#include "event.h"

#define KIND_SLOTS (4 * KINDS_MAX) /* a power of two */

/* All zero: empty. */
struct kind_slots {
	unsigned used;
	struct {
		bool used;
		struct kind kind;
	} list[KIND_SLOTS];
};

/* Of the socket before the reset closed it. */
static inline enum tcp_state kind_state(const struct kind *kind)
{
	return kind->state == STATE_CLOSE ? kind->prior : kind->state;
}

/* Below KIND_SLOTS, the same for the same kind; -1: it has none, and `max` others have. */
int kind_slot(struct kind_slots *s, const struct kind *kind, unsigned max);

#endif
