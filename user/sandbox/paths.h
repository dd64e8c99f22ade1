/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where files may be made and written.
 *
 * Limits are set by Landlock (Linux 5.13, where it is switched on): below the directories of the
 * outputs only. What is open stays so, and all can be read. Not for a run that traces: whoever is
 * shut in this way is not told /proc/PID/exe and /proc/PID/fd of others any more, whatever its
 * capabilities.
 */
#ifndef RSTWHY_PATHS_H
#define RSTWHY_PATHS_H

#include <stdbool.h>

#include "options.h"

/* This thread and those that it starts, for good; no_new_privs must be set. 0 or -errno. */
int paths_close_others(const struct options *o);

bool paths_can_be_closed(void); /* by this kernel */

/* A new file could not be begun (SIGHUP) with the rights that are left: told. */
void paths_say_if_not_renewable(const struct options *o);

#endif
