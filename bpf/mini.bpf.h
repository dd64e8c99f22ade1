/* SPDX-License-Identifier: GPL-2.0 */
/* Resets that end a request socket or a TIME_WAIT socket: tcp_reset() is not called for those. */
#ifndef RSTWHY_MINI_BPF_H
#define RSTWHY_MINI_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "pending.bpf.h"
#include "report.bpf.h"

/* A request socket obeys a RST by being dropped; tcp_reset() is not called. */
static __always_inline void request_checked(const struct sock *sk, const struct sk_buff *skb,
					    const struct request_sock *req, __u8 hook)
{
	struct headers headers;

	if (read_headers(&headers, TYPED(sk_buff, skb)) && headers.tcp.flags & TCP_FLAG_RST)
		pending_set(PENDING_REQUEST, req, sk, skb, hook);
}

static __always_inline void mini_sock_dies(void *ctx, enum pending_kind kind, const void *of,
					   __u8 state)
{
	struct pending p;
	struct sighting s = {
		.ctx = ctx,
		.direction = DIRECTION_RECEIVED,
		.state = state,
	};
	struct headers headers;

	if (!pending_take(kind, of, &p) || !config.received ||
	    !read_headers(&headers, TYPED(sk_buff, p.skb)))
		return;
	s.sk = TYPED(sock, p.sk);
	s.skb = TYPED(sk_buff, p.skb);
	s.hook = p.hook;
	report(&s, &headers);
}

SEC("fentry/tcp_check_req")
int BPF_PROG(check_req_fentry, struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	request_checked(sk, skb, req, HOOK_CHECK_REQ_FENTRY);
	return 0;
}

SEC("kprobe/tcp_check_req")
int BPF_KPROBE(check_req_kprobe, struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	request_checked(sk, skb, req, HOOK_CHECK_REQ_KPROBE);
	return 0;
}

SEC("fentry/inet_csk_reqsk_queue_drop")
int BPF_PROG(req_drop_fentry, struct sock *sk, struct request_sock *req)
{
	mini_sock_dies(ctx, PENDING_REQUEST, req, STATE_NEW_SYN_RECV);
	return 0;
}

SEC("kprobe/inet_csk_reqsk_queue_drop")
int BPF_KPROBE(req_drop_kprobe, struct sock *sk, struct request_sock *req)
{
	mini_sock_dies(ctx, PENDING_REQUEST, req, STATE_NEW_SYN_RECV);
	return 0;
}

static __always_inline void timewait_gets(const struct inet_timewait_sock *tw,
					  const struct sk_buff *skb, __u8 hook)
{
	struct headers headers;

	if (read_headers(&headers, TYPED(sk_buff, skb)) && headers.tcp.flags & TCP_FLAG_RST)
		pending_set(PENDING_TIMEWAIT, tw, (const struct sock *)tw, skb, hook);
}

SEC("fentry/tcp_timewait_state_process")
int BPF_PROG(timewait_fentry, struct inet_timewait_sock *tw, struct sk_buff *skb)
{
	timewait_gets(tw, skb, HOOK_TIMEWAIT_FENTRY);
	return 0;
}

SEC("kprobe/tcp_timewait_state_process")
int BPF_KPROBE(timewait_kprobe, struct inet_timewait_sock *tw, struct sk_buff *skb)
{
	timewait_gets(tw, skb, HOOK_TIMEWAIT_KPROBE);
	return 0;
}

SEC("fentry/inet_twsk_deschedule_put")
int BPF_PROG(timewait_kill_fentry, struct inet_timewait_sock *tw)
{
	mini_sock_dies(ctx, PENDING_TIMEWAIT, tw, STATE_TIME_WAIT);
	return 0;
}

SEC("kprobe/inet_twsk_deschedule_put")
int BPF_KPROBE(timewait_kill_kprobe, struct inet_timewait_sock *tw)
{
	mini_sock_dies(ctx, PENDING_TIMEWAIT, tw, STATE_TIME_WAIT);
	return 0;
}

#endif
