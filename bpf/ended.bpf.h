/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The connections that ended: by flow, because the segment that comes too late has nothing else
 * to go by. The newest takes the slot of the oldest, and an index by the flow's hash says where each
 * is: so a close, of every healthy connection, writes behind the close before it, and only four bytes
 * of the index to somewhere in memory. A map that evicts the least recently used would cost several
 * times as much.
 *
 * Before 6.2 (read.bpf.h) the hash says the slot itself: to give each its own takes an atomic
 * instruction that returns the old value, which came with 5.12, commit 5ca419f2864a "bpf: Add BPF_FETCH
 * field / create atomic_fetch_add instruction".
 *
 * While a slot is written it remembers nobody: another CPU shall not take the old life for the new
 * flow's.
 */
#ifndef RSTWHY_ENDED_BPF_H
#define RSTWHY_ENDED_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "event.h"

#define ENDED_SLOTS 65536
#define FLOW_WORDS (sizeof(struct flow) / sizeof(__u64))

struct ended_slot {
	__u64 ended_ns; /* written last; 0: nobody is remembered */
	struct flow flow;
	struct life life;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, ENDED_SLOTS);
	__type(key, __u32);
	__type(value, struct ended_slot);
} ended SEC(".maps");

static __always_inline __u32 hash_of_flow(const struct flow *flow)
{
	const __u64 *words = (const __u64 *)flow;
	__u64 hash = 0;

#pragma unroll
	for (__u32 i = 0; i < FLOW_WORDS; i++)
		hash = ((hash ^ words[i]) * 0x9e3779b97f4a7c15ULL) ^ (hash >> 29);
	return (hash >> 32) % ENDED_SLOTS;
}

/* Also where they are not used: both objects have the same maps. */
__u32 ended_index[ENDED_SLOTS]; /* by hash */
__u32 ended_next;

#ifdef PROBED

static __always_inline __u32 ended_place(__u32 hash)
{
	return hash;
}

static __always_inline __u32 ended_new_place(__u32 hash)
{
	return hash;
}

#else

static __always_inline __u32 ended_place(__u32 hash)
{
	return ended_index[hash];
}

static __always_inline __u32 ended_new_place(__u32 hash)
{
	__u32 place = __sync_fetch_and_add(&ended_next, 1) % ENDED_SLOTS;

	ended_index[hash] = place;
	return place;
}

#endif

/* A function of its own: inlined at every use the stack would not do. */
static __noinline struct ended_slot *ended_slot_of(const struct flow *flow)
{
	__u32 place = ended_place(hash_of_flow(flow));

	return bpf_map_lookup_elem(&ended, &place);
}

static __always_inline bool is_same_flow(const struct flow *a, const struct flow *b)
{
	const __u64 *x = (const __u64 *)a, *y = (const __u64 *)b;
	__u64 difference = 0;

#pragma unroll
	for (__u32 i = 0; i < FLOW_WORDS; i++)
		difference |= x[i] ^ y[i];
	return !difference;
}

/* NULL: not remembered. What is read there may be another's in the next moment: see ended_read(). */
static __always_inline struct life *ended_of(const struct flow *flow)
{
	struct ended_slot *slot = ended_slot_of(flow);

	return slot && slot->ended_ns && is_same_flow(&slot->flow, flow) ? &slot->life : 0;
}

/* All of it, or false: not remembered, or no more. */
static __always_inline bool ended_read(const struct flow *flow, struct life *to)
{
	struct ended_slot *slot = ended_slot_of(flow);

	if (!slot || !slot->ended_ns || !is_same_flow(&slot->flow, flow))
		return false;
	*to = slot->life;
	barrier();
	return slot->ended_ns == to->ended_ns && is_same_flow(&slot->flow, flow);
}

static __always_inline void ended_put(const struct flow *flow, const struct life *life)
{
	__u32 place = ended_new_place(hash_of_flow(flow));
	struct ended_slot *slot = bpf_map_lookup_elem(&ended, &place);

	if (!slot)
		return;
	slot->ended_ns = 0;
	barrier();
	slot->flow = *flow;
	slot->life = *life;
	barrier();
	slot->ended_ns = life->ended_ns;
}

#endif
