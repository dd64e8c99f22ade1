/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory: who opened a connection, who closed it, how and when it ended. Written by
 * inet_sock_set_state, read by the resets.
 *
 * A living socket is known by its address. When it goes to CLOSE its life moves to `ended`, under
 * its flow: that is what a late SYN-ACK, a late segment, or the reset of close() itself (which is
 * sent after CLOSE) finds.
 */
#ifndef RSTWHY_LIFE_BPF_H
#define RSTWHY_LIFE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "maps.bpf.h"
#include "sock.bpf.h"
#include "task.bpf.h"

#define ETIMEDOUT 110

/* NULL: nothing is known of it. */
static __always_inline struct life *life_of(const struct sock *sk)
{
	__u64 key = (unsigned long)sk;
	struct life *life = bpf_map_lookup_elem(&lives, &key);

	return life && life->sk == key ? life : 0;
}

/*
 * All zero, unless it is to be kept and there is one. The kernel gives the address of a dead socket to
 * a new one soon, and the element with it: to take it over costs a third of deleting and inserting.
 * NULL only for the verifier.
 */
static __always_inline struct life *life_begin(const struct sock *sk, bool keep)
{
	__u64 key = (unsigned long)sk;
	struct life *life = bpf_map_lookup_elem(&lives, &key);
	struct life none = {.sk = key};

	if (life) {
		if (!keep || life->sk != key)
			*life = none;
		return life;
	}
	bpf_map_update_elem(&lives, &key, &none, BPF_ANY);
	return bpf_map_lookup_elem(&lives, &key);
}

static __always_inline struct life *life_new(const struct sock *sk)
{
	return life_begin(sk, false);
}

static __always_inline struct life *life_of_or_new(const struct sock *sk)
{
	return life_begin(sk, true);
}

static __always_inline void life_forget(struct life *life)
{
	life->sk = 0;
}

/* A life that ended by a reset already says so when the socket goes to CLOSE. */
static __always_inline void life_set_end(const struct sock *sk, enum end end)
{
	struct life *life = life_of_or_new(sk);

	if (life)
		life->end = end;
}

static __always_inline void listener_key_of(struct listener_key *key, const struct sock *sk)
{
	struct flow flow;

	__builtin_memset(&flow, 0, sizeof(flow));
	flow_from_sock(&flow, sk);
	__builtin_memset(key, 0, sizeof(*key));
	__builtin_memcpy(key->address, flow.local, 16);
	key->netns = flow.netns;
	key->port = flow.local_port;
}

static __always_inline void listener_add(const struct sock *sk, const struct task *task)
{
	struct listener_key key;
	struct listener listener;

	__builtin_memset(&listener, 0, sizeof(listener));
	listener.sk = (unsigned long)sk;
	listener.task = *task;
	listener_key_of(&key, sk);
	bpf_map_update_elem(&listeners, &key, &listener, BPF_ANY);
}

static __always_inline void listener_remove(const struct sock *sk)
{
	struct listener_key key;
	struct listener *listener;

	listener_key_of(&key, sk);
	listener = bpf_map_lookup_elem(&listeners, &key);
	if (listener && listener->sk == (unsigned long)sk)
		bpf_map_delete_elem(&listeners, &key);
}

/* Who listens for this flow: on the very address, else on any of the family, else on [::]. */
static __always_inline struct listener *listener_of(const struct flow *flow)
{
	struct listener_key key;
	struct listener *listener;

	__builtin_memset(&key, 0, sizeof(key));
	__builtin_memcpy(key.address, flow->local, 16);
	key.netns = flow->netns;
	key.port = flow->local_port;
	listener = bpf_map_lookup_elem(&listeners, &key);
	if (listener)
		return listener;
	__builtin_memset(key.address + 12, 0, 4); /* 0.0.0.0, if it is IPv4 */
	listener = bpf_map_lookup_elem(&listeners, &key);
	if (listener)
		return listener;
	__builtin_memset(key.address, 0, 16);
	return bpf_map_lookup_elem(&listeners, &key);
}

static __always_inline void life_closing(struct life *life, __u64 now)
{
	if (life->closer.pid)
		return;
	read_task(&life->closer);
	life->closed_ns = now;
}

/*
 * From here on `tp` is a pointer the verifier knows the type of (bpf_skc_to_tcp_sock): its members
 * are loaded directly. This runs for every connection, and a probe read costs ten loads.
 */
static __always_inline void flow_from_tcp(struct flow *flow, const struct tcp_sock *tp)
{
	const struct inet_sock *inet = &tp->inet_conn.icsk_inet;
	const struct sock_common *common = &inet->sk.__sk_common;

	__builtin_memset(flow, 0, sizeof(*flow));
	if (common->skc_family == AF_INET) {
		map_v4(flow->local, common->skc_rcv_saddr);
		map_v4(flow->peer, common->skc_daddr);
	} else if (bpf_core_field_exists(common->skc_v6_daddr)) {
		bpf_probe_read_kernel(flow->local, 16, &common->skc_v6_rcv_saddr);
		bpf_probe_read_kernel(flow->peer, 16, &common->skc_v6_daddr);
	}
	flow->local_port = bpf_ntohs(inet->inet_sport);
	flow->peer_port = bpf_ntohs(common->skc_dport);
	flow->netns = common->skc_net.net->ns.inum;
}

static __always_inline enum end end_of(const struct life *life, const struct tcp_sock *tp)
{
	if (life->end)
		return life->end;
	if (BPF_CORE_READ_BITFIELD(tp, repair))
		return END_REPAIR;
	return life->err ? END_ERROR : END_CLOSED;
}

/*
 * The retransmission or the keepalive timer gave up: it has run (none is pending), and counted what
 * stayed without an answer.
 */
static __always_inline bool has_given_up(const struct inet_connection_sock *icsk)
{
	return bpf_core_field_exists(icsk->icsk_pending) && !icsk->icsk_pending &&
	       (icsk->icsk_retransmits | icsk->icsk_probes_out);
}

/*
 * Before 6.10 a timer announces the error first and closes the socket then, and a program that polls
 * takes it out (SO_ERROR) meanwhile, on another CPU. What tcp_write_err() in net/ipv4/tcp_timer.c
 * made it of is still there. Nobody takes the error of an orphan, nor that of a reset, which closes
 * first.
 */
static __always_inline int error_of(const struct life *life, const struct tcp_sock *tp)
{
	const struct sock *sk = &tp->inet_conn.icsk_inet.sk;

	if (sk->sk_err || life->end || !sk->sk_socket || sk->sk_lock.owned ||
	    !has_given_up(&tp->inet_conn))
		return sk->sk_err;
	return sk->sk_err_soft ? sk->sk_err_soft : ETIMEDOUT;
}

/*
 * -> CLOSE. A process that holds the lock while nothing went wrong is the closer: close() of a
 * socket that needs no FIN, or an abort. (After FIN the closer is known already.)
 */
static __always_inline void life_end(struct life *life, const struct tcp_sock *tp, __u8 old)
{
	const struct sock *sk = &tp->inet_conn.icsk_inet.sk;

	life->ended_ns = bpf_ktime_get_ns();
	life->last_state = old;
	life->err = error_of(life, tp);
	life->snd_nxt = tp->snd_nxt;
	life->rcv_nxt = tp->rcv_nxt;
	life->netns_cookie = netns_cookie(sk->__sk_common.skc_net.net);
	if (!life->err && sk->sk_lock.owned)
		life_closing(life, life->ended_ns);
	life->end = end_of(life, tp);
}

#endif
