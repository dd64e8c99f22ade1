/* SPDX-License-Identifier: GPL-2.0 */
/* What tells an event from all others. Pure. */
#ifndef RSTWHY_EVENT_ID_H
#define RSTWHY_EVENT_ID_H

#include <stdint.h>

#include "record.h"

/*
 * `boot`: a number that tells this boot from others. Who reads an id can compute what went into it,
 * so only what the event tells anyhow does: no address of the kernel.
 */
void event_id(uint64_t boot, const struct event *e, char ret[EVENT_ID_LEN]);

#endif
