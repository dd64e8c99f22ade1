// SPDX-License-Identifier: GPL-2.0
/* Records of facts that make no sense. */
#include "nonsense.h"

#include <string.h>

#include "community_id.h"
#include "unit.h"

static uint64_t seed = 88172645463325252ULL;

/* xorshift64: Marsaglia, Journal of Statistical Software 8 (14), 2003. */
uint64_t nonsense_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void fill(void *to, size_t len)
{
	for (uint8_t *p = to; len--; p++)
		*p = nonsense_number() >> 32;
}

/* Names come from tables of ours, so they are strings; everything else may be anything. */
static void give_names(struct record *r)
{
	static const char *const frames[] = {
		"tcp_send_active_reset", "__tcp_close",
		"mptcp_worker",          "inet_child_forget",
		"tcp_abort.part.0",      "tcp_keepalive_timer",
		"inet_csk_listen_stop",  "x",
	};
	static const char *const drops[] = {NULL, "NOT_SPECIFIED", "TCP_RESET", "NO_SOCKET"};
	static const char *const locations[] = {NULL, "tcp_v4_rcv", "tcp_validate_incoming", "x"};

	r->stack_len = nonsense_number() % 4;
	for (unsigned i = 0; i < r->stack_len; i++)
		r->stack[i] = frames[nonsense_number() % LENGTH(frames)];
	r->reason = nonsense_number() % 2 ? REASON_NONE : nonsense_number() % REASON_MAX;
	r->reason_name = r->reason ? "A_REASON" : NULL;
	r->drop_reason = drops[nonsense_number() % LENGTH(drops)];
	r->host = nonsense_number() % 2 ? "node-7" : NULL;
	r->location = locations[nonsense_number() % LENGTH(locations)];
	strcpy(r->id, "0123456789abcdef");
	strcpy(r->pair, nonsense_number() % 2 ? "fedcba9876543210" : "");
	strcpy(r->cgroup, "/a");
}

static void give_history(struct history_facts *h)
{
	fill(h, sizeof(*h));
	h->ttl_known = nonsense_number() % 2;
	h->seq_shifted = nonsense_number() % 2;
	h->peer_talks = nonsense_number() % 2;
	h->reset.seq_known = nonsense_number() % 2;
	h->reset.visible = nonsense_number() % 2;
}

/* Most of the bits say nothing of interest when all are random: states and groups are likely. */
struct record nonsense(void)
{
	struct record r;

	memset(&r, 0, sizeof(r));
	fill(&r.e, sizeof(r.e));
	r.e.direction = nonsense_number() % DIRECTION_MAX;
	r.e.state = nonsense_number() % 20;
	r.e.segment.options_len = nonsense_number() % (OPTIONS_LEN + 1);
	r.e.segment.payload_len = nonsense_number() % 2 ? PAYLOAD_LEN : 0;
	if (nonsense_number() % 2)
		r.e.segment.options[0] = nonsense_number() % 10;
	if (nonsense_number() % 2)
		give_history(&r.history);
	r.time_ns = nonsense_number();
	r.hz = nonsense_number() % 2 ? 250 : 0;
	fill(&r.owner, sizeof(r.owner));
	give_names(&r);
	community_id(&r.e.flow, r.community_id);
	return r;
}
