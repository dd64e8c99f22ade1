/* SPDX-License-Identifier: GPL-2.0 */
/* The command `replay`: recorded events are judged and shown again. */
#ifndef RSTWHY_REPLAY_H
#define RSTWHY_REPLAY_H

#include "options.h"

int replay(const struct options *o); /* the exit status; reports its own errors */

#endif
