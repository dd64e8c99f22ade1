/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts of a socket. The pointers are plain addresses, read with probe reads: the same code
 * serves raw tracepoints, fentry and kprobes, and no verifier of any version has an opinion on
 * whether they may be NULL.
 *
 * A TIME_WAIT or NEW_SYN_RECV mini-socket shares only struct sock_common with a full one: test
 * sock_is_full() before anything else is read.
 */
#ifndef RSTWHY_SOCK_BPF_H
#define RSTWHY_SOCK_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"
#include "event.h"
#include "read.bpf.h"

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_MPTCP 262
#define RCV_SHUTDOWN 1
#define SHUTDOWN_MASK 3

static __always_inline __u8 sock_state(const struct sock *sk)
{
	return READ(sk, __sk_common.skc_state);
}

static __always_inline bool sock_is_full(__u8 state)
{
	return state != STATE_TIME_WAIT && state != STATE_NEW_SYN_RECV;
}

static __always_inline bool is_tcp(const struct sock *sk)
{
	__u16 family = READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) && READ(sk, sk_protocol) == IPPROTO_TCP;
}

static __always_inline bool is_mptcp(const struct sock *sk)
{
	return READ(sk, sk_protocol) == IPPROTO_MPTCP;
}

/*
 * The first TCP socket of an MPTCP one, which is what a program holds. They all share its struct
 * socket, and the first is the one that listens.
 */
static __always_inline const struct sock *mptcp_first(const struct sock *sk)
{
	const struct mptcp_sock *msk = (const void *)sk;

	if (!bpf_core_field_exists(msk->first))
		return 0;
	msk = TYPED(mptcp_sock, sk);
	return READ(msk, first);
}

static __always_inline __u32 sock_netns(const struct sock *sk)
{
	const struct net *net = READ(sk, __sk_common.skc_net.net);

	return READ(net, ns.inum);
}

static __always_inline void map_v4(__u8 to[16], __be32 address)
{
	__builtin_memset(to, 0, 10);
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, &address, 4);
}

/*
 * Of a full socket, in network order. Not skc_num: that is zeroed as soon as the socket goes to
 * CLOSE (inet_put_port), before any reset of a close() is sent.
 */
static __always_inline __be16 sock_local_port(const struct sock *sk)
{
	const struct inet_sock *inet = TYPED(inet_sock, sk);

	return READ(inet, inet_sport);
}

/* The flow of a full socket that is no listener. */
static __always_inline void flow_from_sock(struct flow *flow, const struct sock *sk)
{
	if (READ(sk, __sk_common.skc_family) == AF_INET) {
		map_v4(flow->local, READ(sk, __sk_common.skc_rcv_saddr));
		map_v4(flow->peer, READ(sk, __sk_common.skc_daddr));
	} else if (bpf_core_field_exists(sk->__sk_common.skc_v6_daddr)) {
		BPF_CORE_READ_INTO(&flow->local, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&flow->peer, sk, __sk_common.skc_v6_daddr);
	}
	flow->local_port = bpf_ntohs(sock_local_port(sk));
	flow->peer_port = bpf_ntohs(READ(sk, __sk_common.skc_dport));
	flow->netns = sock_netns(sk);
}

/*
 * `bit` (a power of two) if the value is not 0. Without a branch: the verifier would follow both
 * sides of every one, and a dozen of them make thousands of paths.
 */
static __always_inline __u32 bit_if(__u64 value, __u32 bit)
{
	__u64 is_set = (value | -value) >> 63;

	/* Or the compiler makes a branch of it again. */
	barrier_var(is_set);
	return is_set * bit;
}

static __always_inline __u32 sock_bits(const struct sock *sk)
{
	const struct tcp_sock *tp = TYPED(tcp_sock, sk);
	unsigned long flags = READ(sk, __sk_common.skc_flags);
	__u32 bits;

	bits = bit_if(flags & (1 << SOCK_DEAD), SOCK_BIT_DEAD);
	bits |= bit_if(flags & (1 << SOCK_DONE), SOCK_BIT_DONE);
	bits |= bit_if(flags & (1 << SOCK_KEEPOPEN), SOCK_BIT_KEEPOPEN);
	bits |= bit_if(flags & (1 << SOCK_LINGER), SOCK_BIT_LINGER);
	bits |= bit_if((unsigned long)READ(sk, sk_socket), SOCK_BIT_SOCKET);
	bits |= bit_if(READ(sk, sk_lock.owned), SOCK_BIT_OWNED);
	if (bpf_core_field_exists(tp->is_mptcp))
		bits |= bit_if(READ(tp, is_mptcp), SOCK_BIT_MPTCP);
	bits |= bit_if(READ_BIT(tp, repair), SOCK_BIT_REPAIR);
	bits |= bit_if(READ_BIT(tp, rx_opt.tstamp_ok), SOCK_BIT_TSTAMP_OK);
	bits |= bit_if(READ_BIT(tp, rx_opt.saw_tstamp), SOCK_BIT_SAW_TSTAMP);
	bits |= bit_if(READ_BIT(tp, syn_fastopen), SOCK_BIT_FASTOPEN);
	return bits;
}

static __always_inline void read_counters(struct sock_facts *f, const struct tcp_sock *tp)
{
	f->bytes_received = READ(tp, bytes_received);
	f->bytes_acked = READ(tp, bytes_acked);
	f->bytes_sent = READ(tp, bytes_sent);
	f->bytes_retrans = READ(tp, bytes_retrans);
	f->rcv_nxt = READ(tp, rcv_nxt);
	f->copied_seq = READ(tp, copied_seq);
	f->snd_una = READ(tp, snd_una);
	f->snd_nxt = READ(tp, snd_nxt);
	f->write_seq = READ(tp, write_seq);
	f->snd_wnd = READ(tp, snd_wnd);
	f->rcv_wnd = READ(tp, rcv_wnd);
	f->packets_out = READ(tp, packets_out);
	f->segs_in = READ(tp, segs_in);
	f->segs_out = READ(tp, segs_out);
	f->data_segs_in = READ(tp, data_segs_in);
	f->data_segs_out = READ(tp, data_segs_out);
	f->total_retrans = READ(tp, total_retrans);
	f->srtt_us8 = READ(tp, srtt_us);
	f->lsnd_jiffies = READ(tp, lsndtime);
	f->rcv_jiffies = READ(tp, rcv_tstamp);
	f->linger2_jiffies = READ(tp, linger2);
}

/* The socket's own keepalive settings, or the namespace's where it has none (0). */
static __always_inline void read_keepalive(struct sock_facts *f, const struct tcp_sock *tp,
					   const struct net *net)
{

	f->keepalive_time_jiffies = READ(tp, keepalive_time);
	if (!f->keepalive_time_jiffies)
		f->keepalive_time_jiffies = READ(net, ipv4.sysctl_tcp_keepalive_time);
	f->keepalive_intvl_jiffies = READ(tp, keepalive_intvl);
	if (!f->keepalive_intvl_jiffies)
		f->keepalive_intvl_jiffies = READ(net, ipv4.sysctl_tcp_keepalive_intvl);
	f->keepalive_probes = READ(tp, keepalive_probes);
	/* An int before 5.19 and a u8 since; never above 255, so the low byte will do. */
	if (!f->keepalive_probes)
		f->keepalive_probes = READ(net, ipv4.sysctl_tcp_keepalive_probes);
}

static __always_inline void read_limits(struct sock_facts *f, const struct inet_connection_sock *ic,
					const struct net *net)
{
	f->syn_retries = READ(ic, icsk_syn_retries);
	if (!f->syn_retries)
		f->syn_retries = READ(net, ipv4.sysctl_tcp_syn_retries);
	f->retries2 = READ(net, ipv4.sysctl_tcp_retries2);
	f->abort_on_overflow = READ(net, ipv4.sysctl_tcp_abort_on_overflow);
	f->fin_timeout_jiffies = READ(net, ipv4.sysctl_tcp_fin_timeout);
}

static __always_inline void read_timers(struct sock_facts *f, const struct inet_connection_sock *ic)
{
	f->rto_jiffies = READ(ic, icsk_rto);
	f->lrcv_jiffies = READ(ic, icsk_ack.lrcvtime);
	f->user_timeout_ms = READ(ic, icsk_user_timeout);
	f->retransmits = READ(ic, icsk_retransmits);
	f->probes_out = READ(ic, icsk_probes_out);
	f->backoff = READ(ic, icsk_backoff);
}

static __always_inline void read_holder(struct sock_facts *f, const struct sock *sk)
{
	const struct socket_alloc *socket = TYPED(socket_alloc, READ(sk, sk_socket));

	if (socket)
		f->inode = READ(socket, vfs_inode.i_ino);
	f->cgroup = sock_cgroup(sk);
	f->uid = READ(sk, sk_uid.val);
}

static __always_inline void read_sock(struct sock_facts *f, const struct sock *sk)
{
	const struct tcp_sock *tp = TYPED(tcp_sock, sk);
	const struct inet_connection_sock *ic = TYPED(inet_connection_sock, sk);
	const struct net *net = READ(sk, __sk_common.skc_net.net);

	f->bits = sock_bits(sk);
	f->cookie = READ(sk, __sk_common.skc_cookie.counter);
	f->err = READ(sk, sk_err);
	f->err_soft = READ(sk, sk_err_soft);
	f->shutdown = READ(sk, sk_shutdown);
	f->backlog = READ(sk, sk_ack_backlog);
	f->max_backlog = READ(sk, sk_max_ack_backlog);
	f->linger_jiffies = READ(sk, sk_lingertime);
	read_holder(f, sk);
	read_timers(f, ic);
	read_limits(f, ic, net);
	read_counters(f, tp);
	if (f->bits & SOCK_BIT_KEEPOPEN)
		read_keepalive(f, tp, net);
}

static __always_inline void read_timewait(struct sock_facts *f, const struct sock *sk)
{
	const struct tcp_timewait_sock *tw = TYPED(tcp_timewait_sock, sk);
	const struct net *net = READ(sk, __sk_common.skc_net.net);

	f->tw_substate = READ(tw, tw_sk.tw_substate);
	f->rcv_nxt = READ(sk, __sk_common.skc_tw_rcv_nxt);
	f->rcv_wnd = READ(tw, tw_rcv_wnd);
	if (READ(net, ipv4.sysctl_tcp_rfc1337))
		f->bits |= SOCK_BIT_RFC1337;
}

#endif
