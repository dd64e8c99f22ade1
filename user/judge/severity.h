/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much an event matters, in syslog's numbers: the PRIORITY of the journal, the event.severity
 * of ECS. Pure. It follows from what happened, not from how sure the verdict is.
 */
#ifndef RSTWHY_SEVERITY_H
#define RSTWHY_SEVERITY_H

#include "verdict.h"

enum severity {
	SEVERITY_WARNING = 4, /* this host ran out of something, or the reset may be forged */
	SEVERITY_NOTICE = 5, /* a connection that had been established was lost */
	SEVERITY_INFO = 6, /* none was: it never came to be, or was already over */
	SEVERITY_DEBUG = 7, /* a reset that arrived changed nothing */
};

enum severity severity_of(const struct verdict *v);
const char *severity_name(enum severity s); /* "warning" */

#endif
