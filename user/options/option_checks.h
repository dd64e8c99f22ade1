/* SPDX-License-Identifier: GPL-2.0 */
/* Which options go together, and what follows from them. */
#ifndef RSTWHY_OPTION_CHECKS_H
#define RSTWHY_OPTION_CHECKS_H

#include <argp.h>

#include "options.h"

/* Once all are parsed. What does not go together is a usage_error(). */
void check_options(struct argp_state *state, struct options *o);

/* Everything that was recorded, unless one direction is asked for. */
void want_recorded(struct options *o);

#endif
