/* SPDX-License-Identifier: GPL-2.0 */
/* Resets that TCP sends: from the tracepoint and, before 6.10, from the functions. */
#ifndef RSTWHY_SENT_BPF_H
#define RSTWHY_SENT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "ended.bpf.h"
#include "pending.bpf.h"
#include "phantom.bpf.h"
#include "report.bpf.h"

/* The memory learns that this connection was reset by us. A function of its own: see retract(). */
static __noinline void remember_sent(const struct sock *sk, __u8 state)
{
	struct flow flow;
	struct life *life;

	if (state != STATE_CLOSE) {
		life_set_end(sk, END_RESET_SENT);
		return;
	}
	__builtin_memset(&flow, 0, sizeof(flow));
	flow_from_sock(&flow, sk);
	life = ended_of(&flow);
	if (life && life->sk == (unsigned long)sk)
		life->end = END_RESET_SENT;
}

/* h: the headers of s->skb; NULL: none. */
static __always_inline void sent(struct sighting *s, const struct headers *h)
{
	__u64 phantom_ns = 0;

	s->direction = DIRECTION_SENT;
	s->state = s->sk ? sock_state(s->sk) : STATE_UNKNOWN;
	if (s->sk && s->skb && s->state == STATE_CLOSE && reset_mark_take(s->sk, &phantom_ns))
		s->bits |= SOCK_BIT_AFTER_RESET;
	s->must_show = phantom_ns;
	/* If only received ones are wanted, user space still needs it to take the phantom back. */
	if (config.sent || s->must_show)
		report(s, h);
	if (s->must_show && s->outcome == OUTCOME_LOST)
		retract(s->sk, phantom_ns);
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN &&
	    s->state != STATE_SYN_SENT && s->state != STATE_SYN_RECV)
		remember_sent(s->sk, s->state);
}

SEC("raw_tp/tcp_send_reset")
int send_reset_tp(struct bpf_raw_tracepoint_args *ctx)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = TYPED(sock, (void *)ctx->args[0]),
		.skb = TYPED(sk_buff, (void *)ctx->args[1]),
		.hook = HOOK_SEND_RESET_TP,
	};
	struct headers headers;

	/* 6.10, commit 19822a980e19 "trace: tcp: fully support trace_tcp_send_reset" and others:
	 * a third argument, and resets without a full socket as well. */
	if (config.reason_arg) {
		s.reason = ctx->args[2];
		s.have = HAVE_REASON;
	}
	sent(&s, s.skb && read_headers(&headers, s.skb) ? &headers : 0);
	return 0;
}

/*
 * Before 6.10 the tracepoint shows full sockets only; the rest comes from the functions. A RST is
 * never answered: the function returns at once, and nothing is sent. For the other reasons not to
 * send (a wrong MD5 signature, a multicast address) the reply is waited for where it can be seen.
 */
static __always_inline void sent_by_function(void *ctx, const struct sock *sk,
					     const struct sk_buff *skb, __u8 hook,
					     enum pending_kind kind, bool confirm)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = TYPED(sock, sk),
		.skb = TYPED(sk_buff, skb),
		.hook = hook,
	};
	struct headers headers;

	if (sk && sock_is_full(sock_state(s.sk)))
		return;
	if (!read_headers(&headers, s.skb) || headers.tcp.flags & TCP_FLAG_RST)
		return;
	if (confirm)
		pending_set(kind, skb, sk, skb, hook);
	else
		sent(&s, &headers);
}

SEC("fentry/tcp_v4_send_reset")
int BPF_PROG(v4_send_reset_fentry, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V4_SEND_RESET_FENTRY, PENDING_V4, config.confirm_v4);
	return 0;
}

SEC("kprobe/tcp_v4_send_reset")
int BPF_KPROBE(v4_send_reset_kprobe, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V4_SEND_RESET_KPROBE, PENDING_V4, config.confirm_v4);
	return 0;
}

SEC("fentry/tcp_v6_send_reset")
int BPF_PROG(v6_send_reset_fentry, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V6_SEND_RESET_FENTRY, PENDING_V6, config.confirm_v6);
	return 0;
}

SEC("kprobe/tcp_v6_send_reset")
int BPF_KPROBE(v6_send_reset_kprobe, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V6_SEND_RESET_KPROBE, PENDING_V6, config.confirm_v6);
	return 0;
}

/* Both functions also send ACKs: the skb tells. */
static __always_inline void reply_leaves(void *ctx, enum pending_kind kind,
					 const struct sk_buff *skb)
{
	struct pending p;
	struct sighting s = {.ctx = ctx};
	struct headers headers;

	if (!pending_take(kind, skb, &p) || !read_headers(&headers, TYPED(sk_buff, p.skb)))
		return;
	s.sk = TYPED(sock, p.sk);
	s.skb = TYPED(sk_buff, p.skb);
	s.hook = p.hook;
	sent(&s, &headers);
}

SEC("kprobe/ip_send_unicast_reply")
int BPF_KPROBE(v4_reply_kprobe, struct sock *ctl_sk, struct sk_buff *skb)
{
	reply_leaves(ctx, PENDING_V4, skb);
	return 0;
}

SEC("kprobe/tcp_v6_send_response")
int BPF_KPROBE(v6_reply_kprobe, const struct sock *sk, struct sk_buff *skb)
{
	reply_leaves(ctx, PENDING_V6, skb);
	return 0;
}

#endif
