// SPDX-License-Identifier: GPL-2.0
/* What this kernel hides from us. */
#include "blind.h"

#include <stdio.h>

static bool no_sent(const struct hooks *h)
{
	return !h->shown[PATH_SENT];
}

static bool no_sent_without_socket(const struct hooks *h)
{
	return !h->needless[PATH_SENT_V4] && !(h->shown[PATH_SENT_V4] && h->shown[PATH_SENT_V6]);
}

static bool no_confirmation(const struct hooks *h)
{
	return (h->shown[PATH_SENT_V4] && !h->shown[PATH_REPLY_V4]) ||
	       (h->shown[PATH_SENT_V6] && !h->shown[PATH_REPLY_V6]);
}

static bool no_firewall(const struct hooks *h)
{
	return !h->shown[PATH_FIREWALL_V4] || !h->shown[PATH_FIREWALL_V6];
}

static bool no_received(const struct hooks *h)
{
	return !h->shown[PATH_RECEIVED];
}

static bool no_context(const struct hooks *h)
{
	return !h->shown[PATH_CONTEXT];
}

static bool no_segment(const struct hooks *h)
{
	return !h->status[HOOK_RESET_FENTRY].attached && !h->status[HOOK_RESET_KPROBE].attached;
}

static bool no_request(const struct hooks *h)
{
	return !h->shown[PATH_DROPPED] && !(h->shown[PATH_REQUEST] && h->shown[PATH_REQUEST_DROP]);
}

/* kfree_skb() says nothing of a RST at a request socket, be it obeyed or challenged. */
static bool no_exact_request(const struct hooks *h)
{
	return !no_request(h) && !(h->shown[PATH_REQUEST] && h->shown[PATH_REQUEST_DROP]);
}

static bool no_timewait(const struct hooks *h)
{
	return !h->shown[PATH_DROPPED] &&
	       !(h->shown[PATH_TIMEWAIT] && h->shown[PATH_TIMEWAIT_KILL]);
}

static bool no_ignored(const struct hooks *h)
{
	return !h->shown[PATH_DROPPED] && !h->needless[PATH_DROPPED];
}

const struct blind blind_spots[] = {
	{"sent", "resets this host sends", PATH_SENT, no_sent},
	{"sent-no-socket",
	 "resets sent for closed ports, unknown connections and TIME_WAIT: the tracepoint of this "
	 "kernel leaves them out",
	 PATH_SENT_V4, no_sent_without_socket},
	{"sent-confirmed",
	 "whether a reset for a closed port or an unknown connection left: some are told that did "
	 "not",
	 PATH_REPLY_V4, no_confirmation},
	{"sent-firewall", "resets sent by firewall rules (REJECT with tcp-reset)", PATH_FIREWALL_V4,
	 no_firewall},
	{"received", "resets this host receives", PATH_RECEIVED, no_received},
	{"received-segment",
	 "the header of received resets: whether a live peer aborted is told by TCP timestamps only",
	 PATH_RECEIVED, no_segment},
	{"received-handshake", "resets received by half-open connections (SYN_RECV)", PATH_REQUEST,
	 no_request},
	{"received-handshake-exact",
	 "whether a reset received by a half-open connection was obeyed, or answered by a challenge ACK",
	 PATH_REQUEST, no_exact_request},
	{"received-timewait", "resets received in TIME_WAIT", PATH_TIMEWAIT, no_timewait},
	{"context",
	 "who connected and who closed, how earlier connections ended, and connections that die "
	 "without a reset (--silent)",
	 PATH_CONTEXT, no_context},
	{"ignored", "resets that arrive and are not obeyed (--ignored)", PATH_DROPPED, no_ignored},
	{0},
};

void blind_why(const struct blind *b, const struct hooks *h, char *why, size_t len)
{
	size_t n = 0;

	why[0] = '\0';
	for (int i = 0; i < HOOK_MAX && n < len; i++)
		if (hook_rows[i].path == b->path && !h->status[i].attached)
			n += snprintf(why + n, len - n, "%s%s: %s", n ? "; " : "",
				      hook_rows[i].name, h->status[i].why);
}

unsigned blind_count(const struct hooks *h)
{
	unsigned n = 0;

	for (const struct blind *b = blind_spots; b->id; b++)
		n += b->is_blind(h);
	return n;
}
