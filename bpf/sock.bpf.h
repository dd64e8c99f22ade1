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

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_MPTCP 262
#define RCV_SHUTDOWN 1
#define SHUTDOWN_MASK 3

static __always_inline __u8 sock_state(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_state);
}

static __always_inline bool sock_is_full(__u8 state)
{
	return state != STATE_TIME_WAIT && state != STATE_NEW_SYN_RECV;
}

static __always_inline bool is_tcp(const struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	return (family == AF_INET || family == AF_INET6) &&
	       BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP;
}

static __always_inline bool is_mptcp(const struct sock *sk)
{
	return BPF_CORE_READ(sk, sk_protocol) == IPPROTO_MPTCP;
}

/*
 * The first TCP socket of an MPTCP one, which is what a program holds. They all share its struct
 * socket, and the first is the one that listens.
 */
static __always_inline const struct sock *mptcp_first(const struct sock *sk)
{
	const struct mptcp_sock *msk = (const struct mptcp_sock *)sk;

	return bpf_core_field_exists(msk->first) ? BPF_CORE_READ(msk, first) : 0;
}

static __always_inline __u32 sock_netns(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

static __always_inline void map_v4(__u8 to[16], __be32 address)
{
	__builtin_memset(to, 0, 10);
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, &address, 4);
}

/*
 * The flow of a full socket that is no listener. The local port is inet_sport: skc_num is zeroed
 * as soon as the socket goes to CLOSE (inet_put_port), before any reset of a close() is sent.
 */
static __always_inline void flow_from_sock(struct flow *flow, const struct sock *sk)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET) {
		map_v4(flow->local, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		map_v4(flow->peer, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	} else if (bpf_core_field_exists(sk->__sk_common.skc_v6_daddr)) {
		BPF_CORE_READ_INTO(&flow->local, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&flow->peer, sk, __sk_common.skc_v6_daddr);
	}
	flow->local_port = bpf_ntohs(BPF_CORE_READ((const struct inet_sock *)sk, inet_sport));
	flow->peer_port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	flow->netns = sock_netns(sk);
}

static __always_inline __u32 sock_bits(const struct tcp_sock *tp)
{
	const struct sock *sk = (const struct sock *)tp;
	unsigned long flags = BPF_CORE_READ(sk, __sk_common.skc_flags);
	__u32 bits = 0;

	if (flags & (1 << SOCK_DEAD))
		bits |= SOCK_BIT_DEAD;
	if (flags & (1 << SOCK_DONE))
		bits |= SOCK_BIT_DONE;
	if (flags & (1 << SOCK_KEEPOPEN))
		bits |= SOCK_BIT_KEEPOPEN;
	if (flags & (1 << SOCK_LINGER))
		bits |= SOCK_BIT_LINGER;
	if (BPF_CORE_READ(sk, sk_socket))
		bits |= SOCK_BIT_SOCKET;
	if (BPF_CORE_READ(sk, sk_lock.owned))
		bits |= SOCK_BIT_OWNED;
	if (bpf_core_field_exists(tp->is_mptcp) && BPF_CORE_READ(tp, is_mptcp))
		bits |= SOCK_BIT_MPTCP;
	if (BPF_CORE_READ_BITFIELD_PROBED(tp, repair))
		bits |= SOCK_BIT_REPAIR;
	if (BPF_CORE_READ_BITFIELD_PROBED(tp, rx_opt.tstamp_ok))
		bits |= SOCK_BIT_TSTAMP_OK;
	if (BPF_CORE_READ_BITFIELD_PROBED(tp, rx_opt.saw_tstamp))
		bits |= SOCK_BIT_SAW_TSTAMP;
	if (BPF_CORE_READ_BITFIELD_PROBED(tp, syn_fastopen))
		bits |= SOCK_BIT_FASTOPEN;
	return bits;
}

static __always_inline void read_counters(struct sock_facts *f, const struct tcp_sock *tp)
{
	f->bytes_received = BPF_CORE_READ(tp, bytes_received);
	f->bytes_acked = BPF_CORE_READ(tp, bytes_acked);
	f->bytes_sent = BPF_CORE_READ(tp, bytes_sent);
	f->bytes_retrans = BPF_CORE_READ(tp, bytes_retrans);
	f->rcv_nxt = BPF_CORE_READ(tp, rcv_nxt);
	f->copied_seq = BPF_CORE_READ(tp, copied_seq);
	f->snd_una = BPF_CORE_READ(tp, snd_una);
	f->snd_nxt = BPF_CORE_READ(tp, snd_nxt);
	f->write_seq = BPF_CORE_READ(tp, write_seq);
	f->snd_wnd = BPF_CORE_READ(tp, snd_wnd);
	f->rcv_wnd = BPF_CORE_READ(tp, rcv_wnd);
	f->packets_out = BPF_CORE_READ(tp, packets_out);
	f->segs_in = BPF_CORE_READ(tp, segs_in);
	f->segs_out = BPF_CORE_READ(tp, segs_out);
	f->data_segs_in = BPF_CORE_READ(tp, data_segs_in);
	f->data_segs_out = BPF_CORE_READ(tp, data_segs_out);
	f->total_retrans = BPF_CORE_READ(tp, total_retrans);
	f->srtt_us8 = BPF_CORE_READ(tp, srtt_us);
	f->lsnd_jiffies = BPF_CORE_READ(tp, lsndtime);
	f->rcv_jiffies = BPF_CORE_READ(tp, rcv_tstamp);
	f->linger2_jiffies = BPF_CORE_READ(tp, linger2);
}

/* The socket's own keepalive settings, or the namespace's where it has none (0). */
static __always_inline void read_keepalive(struct sock_facts *f, const struct tcp_sock *tp)
{
	const struct net *net = BPF_CORE_READ((const struct sock *)tp, __sk_common.skc_net.net);

	f->keepalive_time_jiffies = BPF_CORE_READ(tp, keepalive_time);
	if (!f->keepalive_time_jiffies)
		f->keepalive_time_jiffies = BPF_CORE_READ(net, ipv4.sysctl_tcp_keepalive_time);
	f->keepalive_intvl_jiffies = BPF_CORE_READ(tp, keepalive_intvl);
	if (!f->keepalive_intvl_jiffies)
		f->keepalive_intvl_jiffies = BPF_CORE_READ(net, ipv4.sysctl_tcp_keepalive_intvl);
	f->keepalive_probes = BPF_CORE_READ(tp, keepalive_probes);
	/* An int before 5.19 and a u8 since; never above 255, so the low byte will do. */
	if (!f->keepalive_probes)
		f->keepalive_probes = BPF_CORE_READ(net, ipv4.sysctl_tcp_keepalive_probes);
}

static __always_inline void read_limits(struct sock_facts *f, const struct inet_connection_sock *ic)
{
	const struct net *net = BPF_CORE_READ((const struct sock *)ic, __sk_common.skc_net.net);

	f->syn_retries = BPF_CORE_READ(ic, icsk_syn_retries);
	if (!f->syn_retries)
		f->syn_retries = BPF_CORE_READ(net, ipv4.sysctl_tcp_syn_retries);
	f->retries2 = BPF_CORE_READ(net, ipv4.sysctl_tcp_retries2);
	f->abort_on_overflow = BPF_CORE_READ(net, ipv4.sysctl_tcp_abort_on_overflow);
	f->fin_timeout_jiffies = BPF_CORE_READ(net, ipv4.sysctl_tcp_fin_timeout);
}

static __always_inline void read_timers(struct sock_facts *f, const struct inet_connection_sock *ic)
{
	f->rto_jiffies = BPF_CORE_READ(ic, icsk_rto);
	f->lrcv_jiffies = BPF_CORE_READ(ic, icsk_ack.lrcvtime);
	f->user_timeout_ms = BPF_CORE_READ(ic, icsk_user_timeout);
	f->retransmits = BPF_CORE_READ(ic, icsk_retransmits);
	f->probes_out = BPF_CORE_READ(ic, icsk_probes_out);
	f->backoff = BPF_CORE_READ(ic, icsk_backoff);
}

static __always_inline void read_holder(struct sock_facts *f, const struct sock *sk)
{
	struct socket *socket = BPF_CORE_READ(sk, sk_socket);

	if (socket)
		f->inode = BPF_CORE_READ((struct socket_alloc *)socket, vfs_inode.i_ino);
	f->cgroup = sock_cgroup(sk);
	f->uid = BPF_CORE_READ(sk, sk_uid.val);
}

static __always_inline void read_sock(struct sock_facts *f, const struct sock *sk)
{
	const struct tcp_sock *tp = (const struct tcp_sock *)sk;

	f->bits = sock_bits(tp);
	f->cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	f->err = BPF_CORE_READ(sk, sk_err);
	f->err_soft = BPF_CORE_READ(sk, sk_err_soft);
	f->shutdown = BPF_CORE_READ(sk, sk_shutdown);
	f->backlog = BPF_CORE_READ(sk, sk_ack_backlog);
	f->max_backlog = BPF_CORE_READ(sk, sk_max_ack_backlog);
	f->linger_jiffies = BPF_CORE_READ(sk, sk_lingertime);
	read_holder(f, sk);
	read_timers(f, (const struct inet_connection_sock *)sk);
	read_limits(f, (const struct inet_connection_sock *)sk);
	read_counters(f, tp);
	if (f->bits & SOCK_BIT_KEEPOPEN)
		read_keepalive(f, tp);
}

static __always_inline void read_timewait(struct sock_facts *f, const struct tcp_timewait_sock *tw)
{
	const struct sock *sk = (const struct sock *)tw;

	f->tw_substate = BPF_CORE_READ(tw, tw_sk.tw_substate);
	f->rcv_nxt = BPF_CORE_READ(sk, __sk_common.skc_tw_rcv_nxt);
	f->rcv_wnd = BPF_CORE_READ(tw, tw_rcv_wnd);
	if (BPF_CORE_READ(sk, __sk_common.skc_net.net, ipv4.sysctl_tcp_rfc1337))
		f->bits |= SOCK_BIT_RFC1337;
}

#endif
