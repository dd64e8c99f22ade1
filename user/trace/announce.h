/* SPDX-License-Identifier: GPL-2.0 */
/* What a run says when tracing has begun: what it looks for, and what it cannot see. */
#ifndef RSTWHY_ANNOUNCE_H
#define RSTWHY_ANNOUNCE_H

#include "hooks.h"
#include "options.h"

/* The line that begins with "tracing" comes last: whoever reads it knows that resets are seen. */
void announce(const struct options *o, const struct hooks *hooks);

#endif
