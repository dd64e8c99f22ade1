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

struct budget {
	__u32 second;
	__u32 used;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, KINDS_MAX);
	__type(key, struct kind);
	__type(value, struct budget);
} budgets SEC(".maps");

static __always_inline __u8 trigger_of(const struct headers *h)
{
	__u8 flags = h->tcp.flags & (TCP_FLAG_SYN | TCP_FLAG_ACK);

	if (flags == TCP_FLAG_SYN)
		return TRIGGER_SYN;
	if (flags == (TCP_FLAG_SYN | TCP_FLAG_ACK))
		return TRIGGER_SYN_ACK;
	return h->tcp.flags & TCP_FLAG_PSH ? TRIGGER_DATA : TRIGGER_OTHER;
}

static __always_inline __u16 kind_bits(const struct sock *sk)
{
	const struct tcp_sock *tp = (const struct tcp_sock *)sk;
	const struct inet_connection_sock *ic = (const struct inet_connection_sock *)sk;
	__u32 bits = sock_bits(tp);
	__u16 kind = 0;

	if (bits & SOCK_BIT_DEAD)
		kind |= KIND_DEAD;
	if (bits & SOCK_BIT_SOCKET)
		kind |= KIND_SOCKET;
	if (bits & SOCK_BIT_LINGER && !BPF_CORE_READ(sk, sk_lingertime))
		kind |= KIND_LINGER_ZERO;
	if (BPF_CORE_READ(sk, sk_shutdown) == SHUTDOWN_MASK)
		kind |= KIND_SHUTDOWN;
	if (BPF_CORE_READ(tp, linger2) < 0)
		kind |= KIND_LINGER2;
	if (bits & SOCK_BIT_MPTCP)
		kind |= KIND_MPTCP;
	if (bits & SOCK_BIT_TSTAMP_OK)
		kind |= KIND_TSTAMP_OK;
	if (bits & SOCK_BIT_SAW_TSTAMP)
		kind |= KIND_SAW_TSTAMP;
	if (BPF_CORE_READ(ic, icsk_retransmits) || BPF_CORE_READ(ic, icsk_probes_out))
		kind |= KIND_ASKING;
	if (BPF_CORE_READ(ic, icsk_user_timeout))
		kind |= KIND_USER_TIMEOUT;
	return kind;
}

static __always_inline struct kind_counts *kind_counts_of(const struct kind *kind)
{
	struct kind_counts *counts = bpf_map_lookup_elem(&kinds, kind);
	struct kind_counts none = {};

	if (counts)
		return counts;
	/* Full: the totals by direction still count it. */
	bpf_map_update_elem(&kinds, kind, &none, BPF_NOEXIST);
	return bpf_map_lookup_elem(&kinds, kind);
}

/*
 * One of the events that this kind may show in this second. Two CPUs that begin a second at once
 * may let a few more through: shown, suppressed and lost are counted as they are.
 */
static __always_inline bool budget_take(const struct kind *kind, __u64 now)
{
	__u32 second = now / 1000000000;
	struct budget fresh = {.second = second, .used = 1};
	struct budget *b = bpf_map_lookup_elem(&budgets, kind);

	if (!config.rate)
		return true;
	if (!b)
		return !bpf_map_update_elem(&budgets, kind, &fresh, BPF_ANY);
	if (b->second != second) {
		b->second = second;
		b->used = 0;
	}
	/* Read before it is written: in a flood no CPU writes the shared line. */
	if (b->used >= config.rate)
		return false;
	__sync_fetch_and_add(&b->used, 1);
	return true;
}

#endif
