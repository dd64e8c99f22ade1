/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Some functions are entered more often than they do what we watch them for: tcp_v4_send_reset()
 * also for segments that are not answered, tcp_check_req() also for resets that are not obeyed.
 * What they were called with is noted here, per CPU, and reported when a function that is called
 * only if it is done is entered in turn, with the same skb, request or TIME_WAIT socket.
 */
#ifndef RSTWHY_PENDING_BPF_H
#define RSTWHY_PENDING_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "event.h"

enum pending_kind {
	PENDING_V4, /* of an skb: confirmed by ip_send_unicast_reply() */
	PENDING_V6, /* of an skb: tcp_v6_send_response() */
	PENDING_REQUEST, /* of a request socket: inet_csk_reqsk_queue_drop() */
	PENDING_TIMEWAIT, /* of a TIME_WAIT socket: inet_twsk_deschedule_put() */
	PENDING_MAX,
};

struct pending {
	__u64 of; /* 0: nothing is pending */
	const struct sock *sk;
	const struct sk_buff *skb;
	__u64 time_ns;
	__u8 hook;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, PENDING_MAX);
	__type(key, __u32);
	__type(value, struct pending);
} pendings SEC(".maps");

/* Both happen within one call: longer apart, the address has been used anew. */
#define PENDING_MAX_NS 50000000ULL

static __always_inline void pending_set(enum pending_kind kind, const void *of,
					const struct sock *sk, const struct sk_buff *skb, __u8 hook)
{
	__u32 key = kind;
	struct pending *p = bpf_map_lookup_elem(&pendings, &key);

	if (!p)
		return;
	p->of = (unsigned long)of;
	p->sk = sk;
	p->skb = skb;
	p->time_ns = bpf_ktime_get_ns();
	p->hook = hook;
}

/* True once for each pending_set() of the same thing. */
static __always_inline bool pending_take(enum pending_kind kind, const void *of,
					 struct pending *ret)
{
	__u32 key = kind;
	struct pending *p = bpf_map_lookup_elem(&pendings, &key);

	if (!p || !p->of || p->of != (unsigned long)of)
		return false;
	*ret = *p;
	p->of = 0;
	return bpf_ktime_get_ns() - ret->time_ns < PENDING_MAX_NS;
}

#endif
