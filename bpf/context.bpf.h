/* SPDX-License-Identifier: GPL-2.0 */
/* What happens to every connection: who opens it, who closes it, how it ends (life.bpf.h). */
#ifndef RSTWHY_CONTEXT_BPF_H
#define RSTWHY_CONTEXT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "ended.bpf.h"
#include "life.bpf.h"
#include "report.bpf.h"

#define ECONNABORTED 103

/* A socket goes to CLOSE with an error that no reset brought: it timed out, or is unreachable. */
static __always_inline void died(void *ctx, const struct sock *sk, const struct life *life)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = sk,
		.time_ns = life->ended_ns,
		.reason = life->err,
		.hook = HOOK_SET_STATE_TP,
		.direction = DIRECTION_NONE,
		.state = life->last_state,
	};

	if (life->end != END_ERROR || life->err == ECONNABORTED)
		return;
	/* Its namespace is taken down with it: nobody misses the connection. */
	if (netns_is_dying(READ(sk, __sk_common.skc_net.net)))
		return;
	report(&s, 0);
}

/*
 * The ended connection is remembered, but not one that was refused: nothing more will come of it,
 * and a scan would push everything else out of the memory.
 */
static __always_inline void to_close(void *ctx, const struct sock *sk, __u8 old)
{
	const struct tcp_sock *tp = bpf_skc_to_tcp_sock((void *)sk);
	struct life *life = life_of_or_new(sk);
	struct flow flow;

	if (!life || !tp)
		return;
	if (old == STATE_LISTEN) {
		listener_remove(sk);
	} else if (old != STATE_SYN_SENT || life->end != END_RESET_RECEIVED) {
		life_end(life, tp, old);
		flow_from_tcp(&flow, tp);
		ended_put(&flow, life);
		if (config.silent)
			died(ctx, sk, life);
	}
	life_forget(life);
}

/*
 * A socket has a cookie from the time somebody asks for it. The helper wants the tracepoint's own
 * argument, and tracing programs may call it from 5.12 on, commit c5dbb89fc2ac "bpf: Expose
 * bpf_get_socket_cookie to tracing programs"; the flag may go with 5.10.
 */
static __always_inline void make_cookie(const struct sock *sk)
{
	if (config.make_cookie)
		bpf_get_socket_cookie((void *)sk);
}

/* connect() or listen(): the life begins. */
static __always_inline void opened(const struct sock *sk, int state)
{
	struct life *life = life_new(sk);

	if (!life)
		return;
	life->born_ns = bpf_ktime_get_ns();
	read_task(&life->opener);
	if (state == STATE_LISTEN)
		listener_add(sk, &life->opener);
	else
		make_cookie(sk);
}

/* A connection that a listener got. */
static __always_inline void accepted(const struct sock *sk)
{
	/* A simultaneous open has a life already. */
	struct life *life = life_of_or_new(sk);

	if (life && !life->born_ns)
		life->born_ns = bpf_ktime_get_ns();
	make_cookie(sk);
}

/* close() or shutdown() sends the FIN. */
static __always_inline void closing(const struct sock *sk)
{
	struct life *life = life_of_or_new(sk);

	if (life)
		life_closing(life, bpf_ktime_get_ns());
}

/* Four of the ten changes of a connection's two ends tell nothing. */
static __always_inline bool says_something(int old, int new)
{
	const __u32 states = 1 << STATE_SYN_SENT | 1 << STATE_LISTEN | 1 << STATE_FIN_WAIT1 |
			     1 << STATE_LAST_ACK | 1 << STATE_CLOSE;

	return states >> (new & 31) & 1 || (old == STATE_SYN_RECV && new == STATE_ESTABLISHED);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(set_state_tp, const struct sock *sk, int old, int new)
{
	if (!says_something(old, new) || sk->sk_protocol != IPPROTO_TCP)
		return 0;
	switch (new) {
	case STATE_SYN_SENT:
	case STATE_LISTEN:
		opened(sk, new);
		break;
	case STATE_ESTABLISHED:
		accepted(sk);
		break;
	case STATE_FIN_WAIT1:
	case STATE_LAST_ACK:
		closing(sk);
		break;
	case STATE_CLOSE:
		to_close(ctx, sk, old);
		break;
	}
	return 0;
}

#endif
