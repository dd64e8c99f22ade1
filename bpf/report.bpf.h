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

#include "ended.bpf.h"
#include "event.h"
#include "forget.bpf.h"
#include "kind.bpf.h"
#include "life.bpf.h"
#include "maps.bpf.h"
#include "mine.bpf.h"
#include "segment.bpf.h"
#include "sock.bpf.h"
#include "task.bpf.h"
#include "wakeup.bpf.h"

/* What a hook knows before anything is collected. */
struct sighting {
	void *ctx;
	const struct sock *sk; /* NULL: none */
	const struct sk_buff *skb; /* NULL: none */
	__u64 time_ns; /* 0: now */
	__u64 location; /* kfree_skb only */
	__u32 netns; /* 0: that of sk or skb */
	__u32 reason; /* without a bit of it in `have`: sk_err */
	union {
		struct {
			__u32 bits; /* enum sock_bits the hook adds */
			__u8 state;
			bool must_show; /* whatever the budget says */
		};
		__u64 forget; /* what differs from path to path */
	};
	__u16 have; /* HAVE_REASON or HAVE_DROP_REASON */
	__u8 hook;
	__u8 direction;
	__u8 nf_hook; /* nf_send_reset only */
	struct kind kind; /* filled by report() */
	enum outcome outcome;
};

/*
 * close() of a connection that neither side had shut for us, with SO_LINGER on and time 0:
 * shutdown() for both directions would have left these states, and connect(AF_UNSPEC) shuts
 * nothing. The kernel calls both TCP_STATE; this is the most frequent abort there is, and the
 * stack costs four times as much as all other facts.
 */
static __always_inline bool is_abortive_close(const struct kind *kind)
{
	const __u16 has = KIND_SOCKET | KIND_LINGER_ZERO | KIND_SHUTDOWN;

	return kind->state == STATE_CLOSE &&
	       (kind->prior == STATE_ESTABLISHED || kind->prior == STATE_CLOSE_WAIT) &&
	       (kind->bits & (has | KIND_DEAD | KIND_MPTCP)) == has;
}

static __always_inline bool stack_wanted(const struct sighting *s)
{
	if (config.stack)
		return true;
	if (s->direction != DIRECTION_SENT)
		return false;
	if (is_abortive_close(&s->kind))
		return false;
	if (!(s->have & HAVE_REASON))
		return !s->skb || s->state == STATE_LISTEN;
	return s->reason > 63 || !(config.plain_reasons & (1ULL << s->reason));
}

static __always_inline __u32 sighting_netns_cookie(const struct sighting *s)
{
	const struct sock *sk = s->sk;

	if (sk)
		return netns_cookie(READ(sk, __sk_common.skc_net.net));
	return s->skb ? netns_cookie(skb_net(s->skb)) : 0;
}

/* The element may have become another socket's while it was read: least recently used ones do. */
static __always_inline bool read_life(struct event *e, const struct sock *sk)
{
	const struct life *life = life_of(sk);

	if (!life)
		return false;
	e->life = *life;
	barrier();
	return life->sk == e->sk;
}

/* HAVE_LIFE: it is this very socket's; HAVE_ENDED; 0: none. */
static __always_inline __u16 read_ended(struct event *e, const struct sighting *s,
					const struct flow *flow)
{
	/* Inodes of namespaces are used again at once, cookies never. */
	if (!ended_read(flow, &e->life) || e->life.netns_cookie != e->netns_cookie)
		return 0;
	return e->life.sk == e->sk || s->state == STATE_TIME_WAIT ? HAVE_LIFE : HAVE_ENDED;
}

/*
 * The life of the socket itself, or of an earlier one on the same flow. `flow` lies on the stack:
 * before 6.2 memory of the ring buffer cannot be the key of a map (listener_of).
 */
static __always_inline void fill_life(struct event *e, const struct sighting *s,
				      const struct flow *flow)
{
	struct listener *listener;

	/* At a listener it is the segment's connection that matters. */
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN && read_life(e, s->sk))
		e->have |= HAVE_LIFE;
	else
		e->have |= read_ended(e, s, flow);
	if (!(e->have & (HAVE_LIFE | HAVE_ENDED)))
		__builtin_memset(&e->life, 0, sizeof(e->life));
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
	e->family = READ(sk, __sk_common.skc_family);
	if (sock_is_full(s->state)) {
		read_sock(&e->sock, sk);
		e->sock.bits |= s->bits;
		e->have |= HAVE_SOCK;
	} else {
		e->mini = true;
		e->sock.cookie = READ(sk, __sk_common.skc_cookie.counter);
		if (s->state == STATE_TIME_WAIT) {
			read_timewait(&e->sock, sk);
			e->have |= HAVE_TIMEWAIT;
		}
	}
}

/* h: the headers of s->skb, NULL if there is none. */
static __always_inline void fill_event(struct event *e, const struct sighting *s,
				       const struct flow *flow, const struct headers *h)
{
	__builtin_memset(e, 0, sizeof(*e));
	e->time_ns = s->time_ns ? s->time_ns : bpf_ktime_get_ns();
	e->jiffies = bpf_jiffies64();
	e->hook = s->hook;
	e->direction = s->direction;
	e->state = s->state;
	e->kind = s->kind;
	e->flow = *flow;
	if (s->have & (HAVE_REASON | HAVE_DROP_REASON))
		e->reason = s->reason;
	e->location = s->location;
	e->nf_hook = s->nf_hook;
	e->have = s->have;
	e->netns_cookie = sighting_netns_cookie(s);
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
	life = ended_of(flow);
	if (!life || (own && life->sk != (unsigned long)s->sk))
		return;
	kind->prior = life->last_state;
	if (!own)
		kind->bits |= KIND_REMEMBERED;
}

static __always_inline void kind_from_header(struct kind *kind, const struct sighting *s,
					     const struct headers *h)
{
	bool is_reset = s->direction == DIRECTION_RECEIVED;

	kind->trigger = trigger_of(h);
	kind->bits |= bit_if(is_reset & !!(h->tcp.flags & TCP_FLAG_ACK) & !!h->tcp.window,
			     KIND_ACK_AND_WINDOW);
}

static __always_inline void kind_of(struct kind *kind, const struct sighting *s,
				    const struct flow *flow, const struct headers *h)
{
	const struct sock *sk = 0;

	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN)
		sk = s->sk;
	__builtin_memset(kind, 0, sizeof(*kind));
	kind->direction = s->direction;
	kind->state = s->state;
	kind->reason = s->reason;
	if (s->nf_hook)
		kind->trigger = TRIGGER_FIREWALL;
	else if (h)
		kind_from_header(kind, s, h);
	/* ::ffff:0:0/96 */
	kind->v6 = ((const __u32 *)flow->peer)[2] != bpf_htonl(0xffff);
	/* A listener's and a connecting socket's bits decide nothing. */
	if (sk && s->state != STATE_SYN_SENT)
		kind->bits |= kind_bits(sk);
	FORGET(*kind);
	if (is_mine(sk, flow))
		kind->bits |= KIND_MINE;
	if (s->bits & SOCK_BIT_AFTER_RESET)
		kind->bits |= KIND_AFTER_RESET;
	kind_from_memory(kind, s, flow);
	if (s->have & HAVE_DROP_REASON) {
		kind->bits |= KIND_DROPPED;
		kind->prior = s->location ^ s->location >> 8 ^ s->location >> 16;
	}
}

/* h: the headers of s->skb; NULL: none. */
static __always_inline void report_flow(struct sighting *s, const struct flow *flow,
					const struct headers *h)
{
	struct kind_counts *counts;

	if (!flow_wanted(&config, flow))
		return;
	kind_of(&s->kind, s, flow, h);
	FORGET(s->kind);
	counts = kind_counts_of(&s->kind);
	if (!counts)
		return;
	counts->counted++;
	if (!s->must_show && !may_show(&s->kind, counts)) {
		s->outcome = OUTCOME_SUPPRESSED;
		counts->suppressed++;
	} else if (submit(s, flow, h)) {
		s->outcome = OUTCOME_SUBMITTED;
	} else {
		s->outcome = OUTCOME_LOST;
		counts->lost++;
	}
}

/* Only a full socket that is no listener knows its peer; else the segment does. */
static __always_inline bool find_flow(struct flow *flow, const struct sighting *s,
				      const struct headers *h)
{
	__builtin_memset(flow, 0, sizeof(*flow));
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN) {
		flow_from_sock(flow, s->sk);
		return true;
	}
	if (!h)
		return false;
	flow_from_headers(flow, h);
	flow->netns = s->netns ? s->netns : s->sk ? sock_netns(s->sk) : skb_netns(s->skb);
	return true;
}

/*
 * h: the headers of s->skb; NULL: none. Fills s->kind and s->outcome. A function of its own: two
 * dozen hooks share one copy of what follows.
 */
static __noinline void report(struct sighting *s, const struct headers *h)
{
	struct flow flow;

	forget(&s->forget, 1);
	if (!find_flow(&flow, s, h))
		return;
	FORGET(flow);
	report_flow(s, &flow, h);
}

#endif
