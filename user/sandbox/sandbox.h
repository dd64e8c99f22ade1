/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Least rights: what a run gives up once everything is loaded, attached and opened. A step that the
 * kernel does not know is passed over, -v tells it; one that is refused is an error, reported.
 */
#ifndef RSTWHY_SANDBOX_H
#define RSTWHY_SANDBOX_H

#include "options.h"

struct hooks;

/*
 * The user, the capabilities and, of a recording, where files are written; of this thread only:
 * there must be no other yet. `hooks` NULL: nothing is traced, a recording is read. 0 or -errno.
 * Nothing with --no-sandbox.
 */
int sandbox_give_up_rights(const struct options *o, const struct hooks *hooks);

/*
 * The system calls that are not needed from here on, of all threads: those that are needed to
 * work must have been started, or --kafka asked for, whose threads come and go. 0 or -errno.
 */
int sandbox_give_up_calls(const struct options *o, const struct hooks *hooks);

#endif
