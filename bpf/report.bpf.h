/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a hook's sighting to an event in the ring buffer: filter, count, collect, submit. The same
 * for all hooks.
 */
#ifndef RSTWHY_REPORT_BPF_H
#define RSTWHY_REPORT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "filter.bpf.h"
#include "kind.bpf.h"
#include "life.bpf.h"
#include "maps.bpf.h"
#include "segment.bpf.h"
#include "sock.bpf.h"
#include "task.bpf.h"
#include "wakeup.bpf.h"

/* What a hook knows before anything is collected. */
struct sighting {
	void *ctx;
	const struct sock *sk; /* NULL: none */
	const struct sk_buff *skb; /* NULL: none */
	__u64 now;
	__u32 reason;
	__u32 bits; /* enum sock_bits the hook adds */
	__u8 hook;
	__u8 direction;
	__u8 state;
	__u64 location; /* kfree_skb only */
	__u16 have; /* HAVE_REASON or HAVE_DROP_REASON */
	__u8 nf_hook; /* nf_send_reset only */
	bool must_show; /* whatever the budget says */
	struct kind kind; /* filled by report() */
	enum outcome outcome;
};

static __always_inline bool stack_wanted(const struct sighting *s)
{
	if (config.stack)
		return true;
	if (s->direction != DIRECTION_SENT)
		return false;
	if (!(s->have & HAVE_REASON))
		return !s->skb || s->state == STATE_LISTEN;
	return s->reason > 63 || !(config.plain_reasons & (1ULL << s->reason));
}

static __always_inline __u32 sighting_netns_cookie(const struct sighting *s)
{
	const struct sock *sk = s->sk;

	if (sk)
		return netns_cookie(BPF_CORE_READ(sk, __sk_common.skc_net.net));
	return s->skb ? netns_cookie(skb_net(s->skb)) : 0;
}

/*
 * The life of the socket itself, or of an earlier one on the same flow. `flow` lies on the stack:
 * before 6.2 memory of the ring buffer cannot be the key of a map.
 */
static __always_inline void fill_life(struct event *e, const struct sighting *s,
				      const struct flow *flow)
{
	struct life *life = 0;
	struct listener *listener;

	/* At a listener it is the segment's connection that matters. */
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN) {
		life = life_of(s->sk);
		if (life)
			e->have |= HAVE_LIFE;
	}
	if (!life) {
		life = bpf_map_lookup_elem(&ended, flow);
		/* Inodes of namespaces are used again at once, cookies never. */
		if (life && life->netns_cookie != sighting_netns_cookie(s))
			life = 0;
		if (life) {
			bool same = life->sk == e->sk || s->state == STATE_TIME_WAIT;

			e->have |= same ? HAVE_LIFE : HAVE_ENDED;
		}
	}
	if (life)
		e->life = *life;
	listener = listener_of(flow);
	if (listener) {
		e->listener = listener->task;
		e->have |= HAVE_LISTENER;
	}
}

static __always_inline void fill_sock(struct event *e, const struct sighting *s)
{
	const struct sock *sk = s->sk; /* CO-RE would relocate s->sk itself */

	e->sk = (unsigned long)sk;
	e->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (sock_is_full(s->state)) {
		read_sock(&e->sock, sk);
		e->sock.bits |= s->bits;
		e->have |= HAVE_SOCK;
	} else {
		e->mini = true;
		e->sock.cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
		if (s->state == STATE_TIME_WAIT) {
			read_timewait(&e->sock, (const struct tcp_timewait_sock *)sk);
			e->have |= HAVE_TIMEWAIT;
		}
	}
}

/* h: the headers of s->skb, NULL if there is none. */
static __always_inline void fill_event(struct event *e, const struct sighting *s,
				       const struct flow *flow, const struct headers *h)
{
	__builtin_memset(e, 0, sizeof(*e));
	e->time_ns = s->now;
	e->jiffies = bpf_jiffies64();
	e->hook = s->hook;
	e->direction = s->direction;
	e->state = s->state;
	e->kind = s->kind;
	e->flow = *flow;
	e->reason = s->reason;
	e->location = s->location;
	e->nf_hook = s->nf_hook;
	e->have = s->have;
	if (s->sk)
		fill_sock(e, s);
	if (h) {
		fill_segment(&e->segment, h);
		e->segment.conntrack = conntrack_of(s->skb, flow->netns);
		e->have |= HAVE_SEGMENT;
	}
	read_task(&e->task);
	e->have |= HAVE_TASK;
	fill_life(e, s, flow);
}

/* The ring buffer wants constant sizes: the barrier keeps the two calls apart. */
static __always_inline struct event_with_stack *reserve(bool with_stack)
{
	struct event_with_stack *es;

	if (with_stack) {
		es = bpf_ringbuf_reserve(&events, sizeof(struct event_with_stack), 0);
		barrier();
	} else {
		es = bpf_ringbuf_reserve(&events, sizeof(struct event), 0);
	}
	return es;
}

static __always_inline bool submit(const struct sighting *s, const struct flow *flow,
				   const struct headers *h)
{
	bool with_stack = stack_wanted(s);
	struct event_with_stack *es = reserve(with_stack);

	if (!es)
		return false;
	fill_event(&es->event, s, flow, h);
	if (with_stack) {
		long len = bpf_get_stack(s->ctx, es->stack, sizeof(es->stack), 0);

		es->event.stack_len = len > 0 ? len / sizeof(es->stack[0]) : 0;
	}
	bpf_ringbuf_submit(es, wakeup_flags());
	return true;
}

/* What the memory knows of this flow, where that decides the cause. */
static __always_inline void kind_from_memory(struct kind *kind, const struct sighting *s,
					     const struct flow *flow)
{
	bool own = s->state == STATE_CLOSE;
	const struct life *life;

	if (!own && (kind->trigger == TRIGGER_NONE || kind->trigger == TRIGGER_SYN ||
		     (s->state != STATE_UNKNOWN && s->state != STATE_LISTEN)))
		return;
	life = bpf_map_lookup_elem(&ended, flow);
	if (!life || (own && life->sk != (unsigned long)s->sk))
		return;
	kind->prior = life->last_state;
	if (!own)
		kind->bits |= KIND_REMEMBERED;
}

static __always_inline void kind_of(struct kind *kind, const struct sighting *s,
				    const struct flow *flow, const struct headers *h)
{
	__builtin_memset(kind, 0, sizeof(*kind));
	kind->direction = s->direction;
	kind->state = s->state;
	kind->reason = s->reason;
	if (s->nf_hook)
		kind->trigger = TRIGGER_FIREWALL;
	else if (h)
		kind->trigger = trigger_of(h);
	/* ::ffff:0:0/96 */
	kind->v6 = ((const __u32 *)flow->peer)[2] != bpf_htonl(0xffff);
	/* A listener's and a connecting socket's bits decide nothing. */
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN &&
	    s->state != STATE_SYN_SENT)
		kind->bits = kind_bits(s->sk);
	if (s->bits & SOCK_BIT_AFTER_RESET)
		kind->bits |= KIND_AFTER_RESET;
	if (s->have & HAVE_DROP_REASON)
		kind->bits |= KIND_DROPPED;
	kind_from_memory(kind, s, flow);
}

/* h: the headers of s->skb; NULL: none. */
static __always_inline void report_flow(struct sighting *s, const struct flow *flow,
					const struct headers *h)
{
	struct kind_counts *counts;

	if (!flow_wanted(flow))
		return;
	kind_of(&s->kind, s, flow, h);
	counts = kind_counts_of(&s->kind);
	count(s->direction == DIRECTION_SENT       ? COUNT_SENT
	      : s->direction == DIRECTION_RECEIVED ? COUNT_RECEIVED
						   : COUNT_SILENT);
	if (counts)
		counts->counted++;
	if (!s->must_show && !budget_take(&s->kind, s->now)) {
		s->outcome = OUTCOME_SUPPRESSED;
		count(COUNT_SUPPRESSED);
		if (counts)
			counts->suppressed++;
	} else if (submit(s, flow, h)) {
		s->outcome = OUTCOME_SUBMITTED;
	} else {
		s->outcome = OUTCOME_LOST;
		count(COUNT_LOST);
		if (counts)
			counts->lost++;
	}
}

/* A segment alone. */
static __always_inline void report_headers(struct sighting *s, const struct headers *h, __u32 netns)
{
	struct flow flow;

	__builtin_memset(&flow, 0, sizeof(flow));
	flow_from_headers(&flow, h);
	flow.netns = netns;
	report_flow(s, &flow, h);
}

/* h: the headers of s->skb; NULL: none. Fills s->kind and s->outcome. */
static __always_inline void report(struct sighting *s, const struct headers *h)
{
	struct flow flow;

	/* Only a full socket that is no listener knows its peer; else the segment does. */
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN) {
		__builtin_memset(&flow, 0, sizeof(flow));
		flow_from_sock(&flow, s->sk);
		report_flow(s, &flow, h);
	} else if (h) {
		report_headers(s, h, s->sk ? sock_netns(s->sk) : skb_netns(s->skb));
	}
}

#endif
