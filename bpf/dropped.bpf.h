/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Resets that no tracepoint of TCP shows, because the segment is dropped: those not obeyed, and
 * those that end a request socket or a TIME_WAIT socket. kfree_skb runs for every dropped packet
 * of the host, so the drop reason is looked at first.
 */
#ifndef RSTWHY_DROPPED_BPF_H
#define RSTWHY_DROPPED_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "report.bpf.h"

static __always_inline __u8 drop_wanted(__u32 reason)
{
	__u64 index = reason;

	/* The verifier must see the very register checked that is the index. */
	barrier_var(index);
	if (index >= DROP_REASONS)
		return DROP_OTHER;
	return config.drop_reasons[index];
}

/* Of a socket that obeys a RST by being dropped with it, unless its function is watched. */
static __always_inline bool is_mini_drop(__u8 state)
{
	return (state == STATE_LISTEN && !config.has_request_hook) ||
	       (state == STATE_TIME_WAIT && !config.has_timewait_hook);
}

static __always_inline bool is_reset(const struct headers *h)
{
	return (h->v6 ? h->ip.v6.nexthdr : h->ip.v4.protocol) == IPPROTO_TCP &&
	       h->tcp.flags & TCP_FLAG_RST;
}

SEC("raw_tp/kfree_skb")
int kfree_skb_tp(struct bpf_raw_tracepoint_args *ctx)
{
	const struct sk_buff *skb = TYPED(sk_buff, (void *)ctx->args[0]);
	struct sighting s = {
		.ctx = ctx,
		.skb = skb,
		.location = ctx->args[1],
		.reason = ctx->args[2],
		.hook = HOOK_KFREE_SKB_TP,
		.direction = DIRECTION_RECEIVED,
		.have = HAVE_DROP_REASON,
	};
	__u8 wanted = drop_wanted(s.reason);
	struct headers headers;

	if (!config.received || wanted == DROP_OTHER || !READ(skb, skb_iif))
		return 0;
	if (!read_headers(&headers, skb) || !is_reset(&headers))
		return 0;
	if (config.drop_sk_arg)
		s.sk = TYPED(sock, (void *)ctx->args[3]);
	s.state = s.sk ? sock_state(s.sk) : STATE_UNKNOWN;
	/* tcp_reset() has just obeyed it; before 6.11 an obeyed RST is freed without this hook. */
	if (s.state == STATE_CLOSE)
		return 0;
	if (wanted == DROP_UNSPECIFIED && !is_mini_drop(s.state))
		return 0;
	report(&s, &headers);
	return 0;
}

#endif
