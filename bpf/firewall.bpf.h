/* SPDX-License-Identifier: GPL-2.0 */
/* Resets that a firewall rule makes. */
#ifndef RSTWHY_FIREWALL_BPF_H
#define RSTWHY_FIREWALL_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "report.bpf.h"

/*
 * REJECT with tcp-reset. The rejected packet is the trigger: the reset goes from its destination
 * to its source, whoever that is. A RST or a fragment is not answered.
 */
static __always_inline void rejected(void *ctx, const struct net *net, const struct sk_buff *skb,
				     int nf_hook, __u8 hook)
{
	struct sighting s = {
		.ctx = ctx,
		.skb = TYPED(sk_buff, skb),
		.hook = hook,
		.direction = DIRECTION_SENT,
		.nf_hook = nf_hook + 1,
	};
	const struct net *typed_net = TYPED(net, net);
	struct headers headers;

	if (!config.sent || !read_headers_from_network(&headers, s.skb) ||
	    headers.tcp.flags & TCP_FLAG_RST)
		return;
	s.netns = READ(typed_net, ns.inum);
	report(&s, &headers);
}

SEC("kprobe/nf_send_reset")
int BPF_KPROBE(nf_v4_kprobe, struct net *net, struct sock *sk, struct sk_buff *skb, int nf_hook)
{
	rejected(ctx, net, skb, nf_hook, HOOK_NF_V4_KPROBE);
	return 0;
}

SEC("fentry/nf_send_reset")
int BPF_PROG(nf_v4_fentry, struct net *net, struct sock *sk, struct sk_buff *skb, int nf_hook)
{
	rejected(ctx, net, skb, nf_hook, HOOK_NF_V4_FENTRY);
	return 0;
}

SEC("kprobe/nf_send_reset6")
int BPF_KPROBE(nf_v6_kprobe, struct net *net, struct sock *sk, struct sk_buff *skb, int nf_hook)
{
	rejected(ctx, net, skb, nf_hook, HOOK_NF_V6_KPROBE);
	return 0;
}

SEC("fentry/nf_send_reset6")
int BPF_PROG(nf_v6_fentry, struct net *net, struct sock *sk, struct sk_buff *skb, int nf_hook)
{
	rejected(ctx, net, skb, nf_hook, HOOK_NF_V6_FENTRY);
	return 0;
}

#endif
