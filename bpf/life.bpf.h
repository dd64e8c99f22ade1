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

/* Both maps' entries start from these: too large for the 512 bytes of BPF stack beside a flow. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct life);
} blank_life SEC(".maps");

static __always_inline struct life *life_of(const struct sock *sk)
{
	__u64 key = (unsigned long)sk;

	return bpf_map_lookup_elem(&lives, &key);
}

static __always_inline struct life *life_new(const struct sock *sk)
{
	__u64 key = (unsigned long)sk;
	__u32 zero = 0;
	struct life *blank = bpf_map_lookup_elem(&blank_life, &zero);

	if (!blank)
		return 0;
	bpf_map_update_elem(&lives, &key, blank, BPF_ANY);
	return bpf_map_lookup_elem(&lives, &key);
}

static __always_inline struct life *life_of_or_new(const struct sock *sk)
{
	struct life *life = life_of(sk);

	return life ? life : life_new(sk);
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

static __always_inline enum end end_of(const struct life *life, const struct sock *sk)
{
	if (life->end)
		return life->end;
	if (BPF_CORE_READ_BITFIELD_PROBED((const struct tcp_sock *)sk, repair))
		return END_REPAIR;
	return life->err ? END_ERROR : END_CLOSED;
}

/*
 * -> CLOSE. A process that holds the lock while nothing went wrong is the closer: close() of a
 * socket that needs no FIN, or an abort. (After FIN the closer is known already.)
 */
static __always_inline struct life *life_end(const struct sock *sk, __u8 old, __u64 now,
					     struct flow *flow)
{
	struct life *life = life_of_or_new(sk);

	if (!life)
		return 0;
	life->sk = (unsigned long)sk;
	life->netns_cookie = netns_cookie(BPF_CORE_READ(sk, __sk_common.skc_net.net));
	life->ended_ns = now;
	life->last_state = old;
	life->err = BPF_CORE_READ(sk, sk_err);
	life->snd_nxt = BPF_CORE_READ((const struct tcp_sock *)sk, snd_nxt);
	life->rcv_nxt = BPF_CORE_READ((const struct tcp_sock *)sk, rcv_nxt);
	if (!life->err && BPF_CORE_READ(sk, sk_lock.owned))
		life_closing(life, now);
	life->end = end_of(life, sk);
	flow_from_sock(flow, sk);
	bpf_map_update_elem(&ended, flow, life, BPF_ANY);
	return life;
}

static __always_inline void life_forget(const struct sock *sk)
{
	__u64 key = (unsigned long)sk;

	bpf_map_delete_elem(&lives, &key);
}

#endif
