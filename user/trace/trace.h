/* SPDX-License-Identifier: GPL-2.0 */
/* A live run: from the hooks to the last line of the summary. */
#ifndef RSTWHY_TRACE_H
#define RSTWHY_TRACE_H

#include "options.h"

int trace(const struct options *o); /* the exit status; reports its own errors */

#endif
