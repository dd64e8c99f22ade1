// SPDX-License-Identifier: GPL-2.0
/* Active resets: sent from a live socket, no segment triggered them. */
#include "active.h"

#include <string.h>

#include "facts.h"

/* The functions that decide where an active reset came from, whichever is innermost. */
static const char *const deciders[] = {
	"mptcp_do_fastclose",
	"mptcp_worker",
	"mptcp_subflow_reset",
	"mptcp_subflow_data_available",
	"subflow_data_ready",
	"inet_child_forget",
	"inet_csk_listen_stop",
	"__inet_stream_connect",
	"tcp_keepalive_timer",
	"tcp_out_of_resources",
	"tcp_abort",
	"__tcp_close",
	NULL,
};

const char *active_decider(const struct record *r)
{
	return decisive_frame(r, deciders);
}

bool came_from(const struct record *r, const char *function)
{
	const char *frame = active_decider(r);

	return frame && !strcmp(frame, function);
}

bool is_active(const struct record *r)
{
	return has(r, HAVE_SOCK) && !has(r, HAVE_SEGMENT);
}

bool reason_is_absent(const struct record *r)
{
	return r->reason == REASON_NONE || r->reason == REASON_NOT_SPECIFIED;
}

bool reason_allows(const struct record *r, enum reason reason)
{
	return r->reason == reason || reason_is_absent(r);
}

enum confidence by_reason(const struct record *r)
{
	return reason_is_absent(r) ? LIKELY : CERTAIN;
}
