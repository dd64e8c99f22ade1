/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counting and suppression by kind. A flood of one kind of reset costs little and hides nothing:
 * beyond its budget an event is counted before anything is collected, and a rare kind has a
 * budget of its own.
 */
#ifndef RSTWHY_KIND_BPF_H
#define RSTWHY_KIND_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "maps.bpf.h"
#include "segment.bpf.h"
#include "sock.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, KINDS_MAX);
	__type(key, struct kind);
	__type(value, struct kind_counts);
} kinds SEC(".maps");

/* By direction: what finds no room in `kinds`. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DIRECTION_MAX);
	__type(key, __u32);
	__type(value, struct kind_counts);
} kinds_beyond SEC(".maps");

struct budget {
	__u32 second;
	__u32 used;
};

/* A kind that finds no room in `kinds` has a budget all the same, at the cost of the one that came
 * least recently. Larger than `kinds`: each CPU sets some free entries aside. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4 * KINDS_MAX);
	__type(key, struct kind);
	__type(value, struct budget);
} budgets SEC(".maps");

#define TRIGGER_FLAGS (TCP_FLAG_SYN | TCP_FLAG_PSH | TCP_FLAG_ACK)

/* By the flags; what is not named is TRIGGER_OTHER. Data comes with PSH, or in a full segment. */
static const volatile __u8 triggers[TRIGGER_FLAGS + 1] = {
	[TCP_FLAG_SYN] = TRIGGER_SYN,
	[TCP_FLAG_SYN | TCP_FLAG_PSH] = TRIGGER_SYN,
	[TCP_FLAG_SYN | TCP_FLAG_ACK] = TRIGGER_SYN_ACK,
	[TCP_FLAG_SYN | TCP_FLAG_ACK | TCP_FLAG_PSH] = TRIGGER_SYN_ACK,
	[TCP_FLAG_PSH] = TRIGGER_DATA,
	[TCP_FLAG_PSH | TCP_FLAG_ACK] = TRIGGER_DATA,
	[TCP_FLAG_ACK] = TRIGGER_OTHER,
	[0] = TRIGGER_OTHER,
};

/* A table, not branches: the verifier would follow each of them to the end of the program. */
static __always_inline __u8 trigger_of(const struct headers *h)
{
	__u64 flags = h->tcp.flags & TRIGGER_FLAGS;

	barrier_var(flags);
	return flags <= TRIGGER_FLAGS ? triggers[flags] : TRIGGER_OTHER;
}

static __always_inline __u16 kind_bits(const struct sock *sk)
{
	const struct tcp_sock *tp = TYPED(tcp_sock, sk);
	const struct inet_connection_sock *ic = TYPED(inet_connection_sock, sk);
	__u32 bits = sock_bits(sk);
	__u32 kind;

	kind = bit_if(bits & SOCK_BIT_DEAD, KIND_DEAD);
	kind |= bit_if(bits & SOCK_BIT_SOCKET, KIND_SOCKET);
	kind |= bit_if(bits & SOCK_BIT_LINGER, KIND_LINGER_ZERO);
	kind &= ~bit_if(READ(sk, sk_lingertime), KIND_LINGER_ZERO);
	kind |= bit_if(READ(sk, sk_shutdown) == SHUTDOWN_MASK, KIND_SHUTDOWN);
	kind |= bit_if((__u32)READ(tp, linger2) >> 31, KIND_LINGER2);
	kind |= bit_if(bits & SOCK_BIT_MPTCP, KIND_MPTCP);
	kind |= bit_if(bits & SOCK_BIT_TSTAMP_OK, KIND_TSTAMP_OK);
	kind |= bit_if(bits & SOCK_BIT_SAW_TSTAMP, KIND_SAW_TSTAMP);
	kind |= bit_if(READ(ic, icsk_retransmits) | READ(ic, icsk_probes_out), KIND_ASKING);
	kind |= bit_if(READ(ic, icsk_user_timeout), KIND_USER_TIMEOUT);
	return kind;
}

/* NULL only for the verifier. */
static __always_inline struct kind_counts *kind_counts_of(const struct kind *kind)
{
	struct kind_counts *counts = bpf_map_lookup_elem(&kinds, kind);
	struct kind_counts none = {};
	__u32 direction = kind->direction;

	if (counts)
		return counts;
	bpf_map_update_elem(&kinds, kind, &none, BPF_NOEXIST);
	counts = bpf_map_lookup_elem(&kinds, kind);
	return counts ? counts : bpf_map_lookup_elem(&kinds_beyond, &direction);
}

/*
 * One of the events that this kind may show in this second. Two CPUs that begin a second at once
 * may let a few more through: shown, suppressed and lost are counted as they are.
 */
static __always_inline bool budget_take(const struct kind *kind)
{
	__u32 second = bpf_ktime_get_ns() / 1000000000;
	struct budget fresh = {.second = second, .used = 1};
	struct budget *b = bpf_map_lookup_elem(&budgets, kind);

	if (!b)
		return !bpf_map_update_elem(&budgets, kind, &fresh, BPF_ANY);
	if (b->second != second) {
		b->second = second;
		b->used = 0;
	}
	if (b->used >= config.rate)
		return false;
	__sync_fetch_and_add(&b->used, 1);
	return true;
}

/*
 * In a flood the budget is looked at once a tick: till the next one the CPU's own counts tell that
 * it is spent, and neither the clock is read nor anything shared.
 */
static __always_inline bool may_show(const struct kind *kind, struct kind_counts *counts)
{
	__u64 jiffies = bpf_jiffies64();

	if (!config.rate)
		return true;
	if (counts->spent_jiffies == jiffies)
		return false;
	if (budget_take(kind))
		return true;
	counts->spent_jiffies = jiffies;
	return false;
}

#endif
