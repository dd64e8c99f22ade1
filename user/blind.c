// SPDX-License-Identifier: GPL-2.0
/* What this kernel hides from us. */
#include "blind.h"

#include <string.h>

static bool attached(const struct probe *p, enum hook hook)
{
	return probe_hook(p, hook)->attached;
}

static bool always(const struct probe *p)
{
	(void)p;
	return true;
}

static bool no_sent(const struct probe *p)
{
	return !attached(p, HOOK_SEND_RESET_TP);
}

/* Before 6.10 the tracepoint shows full sockets only. */
static bool no_sent_without_socket(const struct probe *p)
{
	bool shown_by_tracepoint =
		!strncmp(probe_hook(p, HOOK_V4_SEND_RESET_FENTRY)->why, "not needed", 10);

	return !shown_by_tracepoint &&
	       !(attached(p, HOOK_V4_SEND_RESET_FENTRY) && attached(p, HOOK_V6_SEND_RESET_FENTRY));
}

static bool no_segment(const struct probe *p)
{
	return !attached(p, HOOK_RESET_FENTRY);
}

static bool no_dropped(const struct probe *p)
{
	return !attached(p, HOOK_KFREE_SKB_TP);
}

const struct blind blind_spots[] = {
	{"sent", "resets this host sends: the tracepoint tcp_send_reset is missing", no_sent},
	{"sent-no-socket",
	 "resets sent for closed ports, unknown connections and TIME_WAIT: this kernel's "
	 "tracepoint "
	 "leaves them out and the functions could not be hooked",
	 no_sent_without_socket},
	{"sent-firewall", "resets sent by firewall rules (REJECT with tcp-reset)", always},
	{"received-segment",
	 "the header of received resets: whether a live peer aborted is told by TCP timestamps "
	 "only",
	 no_segment},
	{"received-handshake", "resets received by half-open connections (SYN_RECV)", no_dropped},
	{"received-timewait", "resets received in TIME_WAIT", no_dropped},
	{"ignored", "resets that arrive and are not obeyed (--ignored)", no_dropped},
	{0},
};

unsigned blind_count(const struct probe *p)
{
	unsigned n = 0;

	for (const struct blind *b = blind_spots; b->id; b++)
		n += b->is_blind(p);
	return n;
}
