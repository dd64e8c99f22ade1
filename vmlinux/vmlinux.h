/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel as rstwhy sees it: by hand, only the types and members that are read. CO-RE moves
 * every offset to the running kernel's at load time, so order and neighbours do not matter here.
 * Each block stands under the name of the kernel header it stems from. A member that some kernel
 * between 5.10 and 7.x lacks is read behind bpf_core_field_exists(); types that changed their
 * shape have flavours (___suffix) in bpf/compat.bpf.h.
 */
#ifndef RSTWHY_VMLINUX_H
#define RSTWHY_VMLINUX_H
#define __VMLINUX_H__ /* tells libbpf that struct pt_regs has the kernel's member names */

typedef signed char __s8;
typedef unsigned char __u8;
typedef short __s16;
typedef unsigned short __u16;
typedef int __s32;
typedef unsigned int __u32;
typedef long long __s64;
typedef unsigned long long __u64;

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __s32 s32;
typedef __u64 u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u16 __sum16;
typedef __u32 __wsum;
typedef _Bool bool;

enum { false = 0, true = 1 };

/* uapi/linux/bpf.h: what libbpf's helper declarations and our maps need */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
};

enum {
	BPF_RB_NO_WAKEUP = 1,
	BPF_RB_FORCE_WAKEUP = 2,
};

enum { BPF_RB_AVAIL_DATA = 0 };

struct bpf_raw_tracepoint_args {
	__u64 args[0];
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* asm/ptrace.h: only the argument registers, for kprobes */
#if defined(__TARGET_ARCH_x86)
struct pt_regs {
	unsigned long di;
	unsigned long si;
	unsigned long dx;
	unsigned long cx;
};
#elif defined(__TARGET_ARCH_arm64)
struct user_pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pc;
	__u64 pstate;
};

struct pt_regs {
	__u64 regs[31];
};
#endif

/* linux/sched.h, linux/sched/signal.h */
struct signal_struct {
	int group_exit_code;
	unsigned int flags;
};

struct task_struct {
	unsigned int flags;
	int tgid;
	int exit_code;
	char comm[16];
	struct task_struct *group_leader;
	struct signal_struct *signal;
};

/* linux/fs.h, linux/kernfs.h, linux/cgroup-defs.h */
struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

struct kernfs_node {
	u64 id;
};

struct cgroup {
	struct kernfs_node *kn;
};

/* net/net_namespace.h, net/netns/ipv4.h */
struct ns_common {
	unsigned int inum;
};

struct netns_ipv4 {
	int sysctl_tcp_keepalive_time; /* jiffies */
	int sysctl_tcp_keepalive_intvl; /* jiffies */
	u8 sysctl_tcp_keepalive_probes; /* an int before 5.19: its low byte */
	u8 sysctl_tcp_rfc1337; /* these were an int before 5.13 or so: the low byte */
	u8 sysctl_tcp_syn_retries;
	u8 sysctl_tcp_retries2;
	u8 sysctl_tcp_abort_on_overflow;
	int sysctl_tcp_fin_timeout; /* jiffies */
};

struct net {
	u64 net_cookie; /* an atomic64_t before 5.13: compat.bpf.h */
	struct ns_common ns;
	struct netns_ipv4 ipv4;
};

typedef struct {
	struct net *net;
} possible_net_t;

/* linux/netdevice.h, net/dst.h */
struct net_device {
	int ifindex;
	possible_net_t nd_net;
};

struct dst_entry {
	struct net_device *dev;
};

/* linux/skbuff.h */
struct sk_buff {
	struct net_device *dev;
	unsigned long _skb_refdst;
	unsigned long _nfct;
	unsigned int len;
	unsigned int data_len;
	int skb_iif;
	__u16 transport_header;
	__u16 network_header;
	unsigned char *head;
};

/* net/sock.h, linux/net.h */
struct in6_addr {
	union {
		__u8 u6_addr8[16];
	} in6_u;
};

typedef struct {
	__s64 counter;
} atomic64_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	__u32 val;
} kuid_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
	atomic64_t skc_cookie;
	unsigned long skc_flags;
	u32 skc_tw_rcv_nxt; /* of a TIME_WAIT socket */
};

typedef struct {
	int owned;
} socket_lock_t;

struct sock_cgroup_data {
	struct cgroup *cgroup;
};

struct sock {
	struct sock_common __sk_common;
	socket_lock_t sk_lock;
	struct socket *sk_socket;
	struct sock_cgroup_data sk_cgrp_data;
	kuid_t sk_uid;
	int sk_err;
	int sk_err_soft;
	u32 sk_ack_backlog;
	u32 sk_max_ack_backlog;
	u16 sk_protocol;
	u8 sk_shutdown;
	unsigned long sk_lingertime;
};

struct socket {
	struct sock *sk;
};

struct socket_alloc {
	struct socket socket;
	struct inode vfs_inode;
};

enum sock_flags {
	SOCK_DEAD,
	SOCK_DONE,
	SOCK_URGINLINE,
	SOCK_KEEPOPEN,
	SOCK_LINGER,
};

/* net/inet_sock.h, net/inet_connection_sock.h, linux/tcp.h */
struct inet_sock {
	struct sock sk;
	__be16 inet_sport;
};

struct inet_connection_sock {
	struct inet_sock icsk_inet;
	__u32 icsk_rto; /* jiffies */
	__u8 icsk_retransmits;
	__u8 icsk_pending; /* ICSK_TIME_...; 0: no timer runs */
	__u8 icsk_backoff;
	__u8 icsk_syn_retries;
	__u8 icsk_probes_out;
	u32 icsk_user_timeout; /* ms */
	struct {
		__u32 lrcvtime; /* jiffies */
	} icsk_ack;
};

struct tcp_options_received {
	u16 saw_tstamp : 1;
	u16 tstamp_ok : 1;
};

struct tcp_sock {
	struct inet_connection_sock inet_conn;
	u32 rcv_nxt;
	u32 copied_seq;
	u32 snd_una;
	u32 snd_nxt;
	u32 write_seq;
	u32 packets_out;
	u32 snd_wnd;
	u32 rcv_wnd;
	u32 srtt_us; /* << 3 */
	u32 lsndtime; /* jiffies */
	u32 rcv_tstamp; /* jiffies */
	u32 segs_in;
	u32 segs_out;
	u32 data_segs_in;
	u32 data_segs_out;
	u32 total_retrans;
	u64 bytes_received;
	u64 bytes_acked;
	u64 bytes_sent;
	u64 bytes_retrans;
	int linger2; /* jiffies, < 0: no FIN_WAIT2 */
	unsigned int keepalive_time; /* jiffies, 0: the sysctl's */
	unsigned int keepalive_intvl;
	u8 keepalive_probes;
	u8 repair : 1;
	u8 syn_fastopen : 1;
	bool is_mptcp;
	struct tcp_options_received rx_opt;
};

/* net/mptcp/protocol.h */
struct mptcp_sock {
	struct sock *first;
};

/* net/request_sock.h */
struct request_sock {
	struct sock_common __req_common;
	struct sock *rsk_listener;
};

struct inet_timewait_sock {
	struct sock_common __tw_common;
	unsigned char tw_substate;
	__be16 tw_sport;
};

struct tcp_timewait_sock {
	struct inet_timewait_sock tw_sk;
	u32 tw_rcv_wnd;
};

/* net/rstreason.h (6.10): only its presence and its names, both asked of BTF */
enum sk_rst_reason {
	SK_RST_REASON_NOT_SPECIFIED,
};

/* linux/module.h */
struct module {
	char name[56];
};

/* linux/bpf.h: iterators */
struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	u64 session_id;
	u64 seq_num;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
};

#pragma clang attribute pop

/* On the wire: never relocated. */

struct iphdr {
	__u8 version_ihl;
	__u8 tos;
	__be16 tot_len;
	__be16 id;
	__be16 frag_off;
	__u8 ttl;
	__u8 protocol;
	__sum16 check;
	__be32 saddr;
	__be32 daddr;
};

struct ipv6hdr {
	__be32 version_flow;
	__be16 payload_len;
	__u8 nexthdr;
	__u8 hop_limit;
	__u8 saddr[16];
	__u8 daddr[16];
};

struct tcphdr {
	__be16 source;
	__be16 dest;
	__be32 seq;
	__be32 ack_seq;
	__u8 doff_res;
	__u8 flags;
	__be16 window;
	__sum16 check;
	__be16 urg_ptr;
};

#endif
