// SPDX-License-Identifier: GPL-2.0
/* What tells an event from all others: of one flow and direction no two have the same time. */
#include "event_id.h"

#include <stddef.h>

#define FNV_BASIS 14695981039346656037ULL
#define FNV_PRIME 1099511628211ULL

/* FNV-1a */
static uint64_t add_bytes(uint64_t hash, const void *bytes, size_t len)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ byte[i]) * FNV_PRIME;
	return hash;
}

/* From the lowest byte on, whatever the machine. */
static uint64_t add_number(uint64_t hash, uint64_t number)
{
	for (int shift = 0; shift < 64; shift += 8)
		hash = (hash ^ (number >> shift & 0xff)) * FNV_PRIME;
	return hash;
}

void event_id(uint64_t boot, const struct event *e, char ret[EVENT_ID_LEN])
{
	uint64_t hash = add_number(add_number(FNV_BASIS, boot), e->time_ns);

	hash = add_number(hash, e->direction);
	hash = add_number(hash, (uint64_t)e->flow.netns << 32 | (uint32_t)e->flow.local_port << 16 |
					e->flow.peer_port);
	hash = add_bytes(hash, e->flow.local, sizeof(e->flow.local));
	hash = add_bytes(hash, e->flow.peer, sizeof(e->flow.peer));
	for (int i = EVENT_ID_LEN - 2; i >= 0; i--, hash >>= 4)
		ret[i] = "0123456789abcdef"[hash & 15];
	ret[EVENT_ID_LEN - 1] = '\0';
}
