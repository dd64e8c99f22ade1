/* SPDX-License-Identifier: GPL-2.0 */
/* The system calls that a run needs while it traces, or reads a recording. */
#ifndef RSTWHY_CALLS_H
#define RSTWHY_CALLS_H

#include <stdbool.h>

#include "options.h"

struct hooks;

/* `hooks` NULL: a recording is read. Refuses all others, to all threads, for good. 0 or -errno; -ENOSYS, -EINVAL: no such filters. */
int calls_refuse_others(const struct options *o, const struct hooks *hooks);

bool calls_can_be_refused(void); /* this kernel has such filters, for all threads at once */

#endif
