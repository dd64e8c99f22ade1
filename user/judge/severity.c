// SPDX-License-Identifier: GPL-2.0
/* How much an event matters. */
#include "severity.h"

#include "causes.h"
#include "hints.h"

/* The causes and hints whose severity does not follow from the state. */
static const struct {
	const char *id;
	enum severity severity;
} exceptions[] = {
	{"accept-queue-overflow", SEVERITY_WARNING},
	{"out-of-resources", SEVERITY_WARNING},
	{"possible-forgery", SEVERITY_WARNING},
	{"reset-ignored", SEVERITY_DEBUG},
};

static bool is_of(const struct verdict *v, const char *id)
{
	if (!strcmp(v->cause->id, id))
		return true;
	for (unsigned i = 0; i < v->hints_len; i++)
		if (!strcmp(v->hints[i].hint->id, id))
			return true;
	return false;
}

/* It carried data, or could have: both ends had agreed on it. */
static bool was_established(enum tcp_state state)
{
	return state == STATE_ESTABLISHED || state == STATE_CLOSE_WAIT ||
	       state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 || state == STATE_CLOSING ||
	       state == STATE_LAST_ACK;
}

enum severity severity_of(const struct verdict *v)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++)
		if (is_of(v, exceptions[i].id))
			return exceptions[i].severity;
	return was_established(v->state) ? SEVERITY_NOTICE : SEVERITY_INFO;
}

const char *severity_name(enum severity s)
{
	static const char *const names[] = {
		[SEVERITY_WARNING] = "warning",
		[SEVERITY_NOTICE] = "notice",
		[SEVERITY_INFO] = "info",
		[SEVERITY_DEBUG] = "debug",
	};

	return names[s];
}
