/* SPDX-License-Identifier: GPL-2.0 */
/* Resets that a full socket receives and obeys. */
#ifndef RSTWHY_RECEIVED_BPF_H
#define RSTWHY_RECEIVED_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "phantom.bpf.h"
#include "report.bpf.h"

static __always_inline void received(struct sighting *s, const struct headers *h)
{
	bool phantom = s->bits & SOCK_BIT_PHANTOM;

	s->direction = DIRECTION_RECEIVED;
	s->state = sock_state(s->sk);
	if (phantom)
		s->time_ns = bpf_ktime_get_ns(); /* by which it is taken back */
	if (config.received)
		report(s, h);
	if (phantom)
		reset_mark_set(s->sk, s->time_ns, s->outcome, &s->kind);
	life_set_end(s->sk, END_RESET_RECEIVED);
}

SEC("raw_tp/tcp_receive_reset")
int receive_reset_tp(struct bpf_raw_tracepoint_args *ctx)
{
	const struct sock *sk = TYPED(sock, (void *)ctx->args[0]);
	struct sighting s = {
		.ctx = ctx,
		.sk = sk,
		.hook = HOOK_RECEIVE_RESET_TP,
	};

	if (may_be_phantom(sk, sock_state(sk)))
		s.bits |= SOCK_BIT_PHANTOM;
	received(&s, 0);
	return 0;
}

/* With the segment at hand there is nothing to guess. */
static __always_inline void reset_with_segment(void *ctx, const struct sock *sk,
					       const struct sk_buff *skb, __u8 hook)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = TYPED(sock, sk),
		.skb = TYPED(sk_buff, skb),
		.hook = hook,
	};
	struct headers headers;

	if (!read_headers(&headers, s.skb))
		return;
	if (!(headers.tcp.flags & TCP_FLAG_RST)) {
		reset_mark_set(s.sk, bpf_ktime_get_ns(), OUTCOME_NONE, &s.kind);
		life_set_end(s.sk, END_RESET_SENT);
		return;
	}
	received(&s, &headers);
}

SEC("fentry/tcp_reset")
int BPF_PROG(reset_fentry, struct sock *sk, struct sk_buff *skb)
{
	reset_with_segment(ctx, sk, skb, HOOK_RESET_FENTRY);
	return 0;
}

SEC("kprobe/tcp_reset")
int BPF_KPROBE(reset_kprobe, struct sock *sk, struct sk_buff *skb)
{
	reset_with_segment(ctx, sk, skb, HOOK_RESET_KPROBE);
	return 0;
}

#endif
