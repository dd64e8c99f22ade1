/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What BPF tells user space: facts, no opinion. The one header both sides share.
 *
 * Units: *_ns nanoseconds of CLOCK_MONOTONIC; *_jiffies the kernel's ticks, to be read against
 * `jiffies` of the same event; ports in host order; addresses in network order, IPv4 as
 * ::ffff:a.b.c.d. A group of facts is valid when its HAVE_ bit is set in `have`, and zero
 * otherwise. No pointers, except kernel addresses as numbers that identify.
 */
#ifndef RSTWHY_EVENT_H
#define RSTWHY_EVENT_H

#ifndef __bpf__
#include <linux/types.h>
#endif

#define COMM_LEN 16
#define OPTIONS_LEN 40 /* of a TCP header, at most */
#define PAYLOAD_LEN 8 /* a reset's Diagnostic Payload (draft-ietf-tcpm-rst-diagnostic-payload) */
#define STACK_DEPTH 32
#define DROP_REASONS 256 /* of enum skb_drop_reason, at most */

/*
 * The programs, by what the user reads as `reset.hook`. Several can show the same thing: they are
 * grouped by the path they watch, best first (user/kernel/probe.c).
 */
#define HOOKS(HOOK)                                                        \
	HOOK(HOOK_SEND_RESET_TP, "raw_tp/tcp_send_reset")                  \
	HOOK(HOOK_V4_SEND_RESET_FENTRY, "fentry/tcp_v4_send_reset")        \
	HOOK(HOOK_V4_SEND_RESET_KPROBE, "kprobe/tcp_v4_send_reset")        \
	HOOK(HOOK_V6_SEND_RESET_FENTRY, "fentry/tcp_v6_send_reset")        \
	HOOK(HOOK_V6_SEND_RESET_KPROBE, "kprobe/tcp_v6_send_reset")        \
	HOOK(HOOK_V4_REPLY_KPROBE, "kprobe/ip_send_unicast_reply")         \
	HOOK(HOOK_V6_REPLY_KPROBE, "kprobe/tcp_v6_send_response")          \
	HOOK(HOOK_NF_V4_KPROBE, "kprobe/nf_send_reset")                    \
	HOOK(HOOK_NF_V4_FENTRY, "fentry/nf_send_reset")                    \
	HOOK(HOOK_NF_V6_KPROBE, "kprobe/nf_send_reset6")                   \
	HOOK(HOOK_NF_V6_FENTRY, "fentry/nf_send_reset6")                   \
	HOOK(HOOK_RESET_FENTRY, "fentry/tcp_reset")                        \
	HOOK(HOOK_RESET_KPROBE, "kprobe/tcp_reset")                        \
	HOOK(HOOK_RECEIVE_RESET_TP, "raw_tp/tcp_receive_reset")            \
	HOOK(HOOK_CHECK_REQ_FENTRY, "fentry/tcp_check_req")                \
	HOOK(HOOK_CHECK_REQ_KPROBE, "kprobe/tcp_check_req")                \
	HOOK(HOOK_REQ_DROP_FENTRY, "fentry/inet_csk_reqsk_queue_drop")     \
	HOOK(HOOK_REQ_DROP_KPROBE, "kprobe/inet_csk_reqsk_queue_drop")     \
	HOOK(HOOK_TIMEWAIT_FENTRY, "fentry/tcp_timewait_state_process")    \
	HOOK(HOOK_TIMEWAIT_KPROBE, "kprobe/tcp_timewait_state_process")    \
	HOOK(HOOK_TIMEWAIT_KILL_FENTRY, "fentry/inet_twsk_deschedule_put") \
	HOOK(HOOK_TIMEWAIT_KILL_KPROBE, "kprobe/inet_twsk_deschedule_put") \
	HOOK(HOOK_KFREE_SKB_TP, "raw_tp/kfree_skb")                        \
	HOOK(HOOK_MODULE_LOAD_TP, "raw_tp/module_load")                    \
	HOOK(HOOK_SET_STATE_TP, "tp_btf/inet_sock_set_state")

#define HOOK_ENUM(id, name) id,
enum hook { HOOKS(HOOK_ENUM) HOOK_MAX };
#undef HOOK_ENUM

enum direction {
	DIRECTION_NONE, /* a connection died without a reset */
	DIRECTION_SENT,
	DIRECTION_RECEIVED,
	DIRECTION_MAX,
};

/* include/net/tcp_states.h; the numbers are ABI (tcp_info). */
enum tcp_state {
	STATE_UNKNOWN,
	STATE_ESTABLISHED,
	STATE_SYN_SENT,
	STATE_SYN_RECV,
	STATE_FIN_WAIT1,
	STATE_FIN_WAIT2,
	STATE_TIME_WAIT,
	STATE_CLOSE,
	STATE_CLOSE_WAIT,
	STATE_LAST_ACK,
	STATE_LISTEN,
	STATE_CLOSING,
	STATE_NEW_SYN_RECV,
	STATE_MAX,
};

enum have {
	HAVE_SOCK = 1 << 0, /* `sock`: a full socket */
	HAVE_TIMEWAIT = 1 << 1, /* a TIME_WAIT mini-socket: sock.tw_substate, rcv_nxt, rcv_wnd */
	HAVE_SEGMENT = 1 << 2, /* `segment` */
	HAVE_TASK = 1 << 3, /* `task`: the running task; see SOCK_OWNED for when it matters */
	HAVE_LIFE = 1 << 4, /* `life` of this very socket */
	HAVE_ENDED = 1 << 5, /* `life` of an earlier socket on the same flow */
	HAVE_LISTENER = 1 << 6, /* `listener`: who listens on the local port */
	HAVE_REASON = 1 << 7, /* `reason`: the kernel's enum sk_rst_reason */
	HAVE_DROP_REASON = 1 << 8, /* `reason`: the kernel's enum skb_drop_reason */
};

/* One TCP connection seen from this host. Aligned: it is compared and hashed by words. */
struct flow {
	__u8 local[16];
	__u8 peer[16];
	__u16 local_port;
	__u16 peer_port;
	__u32 netns; /* inode */
} __attribute__((aligned(8)));

enum task_flags {
	TASK_EXITING = 1 << 0, /* PF_EXITING: closing its files because it dies */
	TASK_KERNEL = 1 << 1, /* PF_KTHREAD */
};

struct task {
	__u32 pid; /* of the process (tgid), in the initial pid namespace */
	__u8 flags; /* enum task_flags */
	__u8 exit_signal; /* the signal that kills it, 0: none */
	__u16 _pad;
	char comm[COMM_LEN]; /* of the process (thread group leader) */
};

/* How a socket reached CLOSE. */
enum end {
	END_UNKNOWN,
	END_CLOSED, /* an orderly close */
	END_RESET_SENT,
	END_RESET_RECEIVED,
	END_ERROR, /* sk_err: timed out, unreachable, ... */
	END_REPAIR, /* closed in TCP_REPAIR: silently taken away */
};

/*
 * The life of a socket, as inet_sock_set_state told it. opener: who called connect() or listen();
 * closer: who called close() or shutdown() for writing, or aborted. pid 0: not known.
 */
struct life {
	__u64 sk;
	__u64 born_ns; /* SYN_SENT, or ESTABLISHED of an accepted one; 0: before the tracer */
	__u64 closed_ns; /* the closer's act; 0: never */
	__u64 ended_ns; /* CLOSE; 0: alive */
	__u8 last_state; /* before CLOSE */
	__u8 end; /* enum end */
	__u16 err; /* sk_err at CLOSE */
	__u32 snd_nxt; /* at CLOSE: where the flow's sequence numbers stood */
	__u32 rcv_nxt;
	__u32 netns_cookie; /* of the namespace, low half */
	struct task opener;
	struct task closer;
};

enum sock_bits {
	SOCK_BIT_DEAD = 1 << 0, /* orphan: no process holds it any more */
	SOCK_BIT_DONE = 1 << 1, /* the peer's FIN was received */
	SOCK_BIT_KEEPOPEN = 1 << 2,
	SOCK_BIT_LINGER = 1 << 3,
	SOCK_BIT_SOCKET = 1 << 4, /* has a struct socket: accepted, not orphaned */
	SOCK_BIT_OWNED = 1 << 5, /* locked by a process, and that is `task` */
	SOCK_BIT_MPTCP = 1 << 6, /* an MPTCP subflow */
	SOCK_BIT_REPAIR = 1 << 7,
	SOCK_BIT_TSTAMP_OK = 1 << 8, /* timestamps were negotiated */
	SOCK_BIT_SAW_TSTAMP = 1 << 9, /* the last segment parsed carried one */
	SOCK_BIT_FASTOPEN = 1 << 10,
	SOCK_BIT_AFTER_RESET = 1 << 11, /* tcp_reset() ran for the very segment answered here */
	SOCK_BIT_RFC1337 = 1 << 13, /* TIME_WAIT: net.ipv4.tcp_rfc1337 is on */
	SOCK_BIT_PHANTOM = 1 << 12, /* tcp_reset() whose segment may be data: site r9 */
};

/* Facts of a full socket. Sequence numbers are raw; user space subtracts. */
struct sock_facts {
	__u64 cookie; /* 0: nobody asked for one yet */
	__u64 inode;
	__u64 cgroup; /* id of its cgroup v2 */
	__u64 bytes_received;
	__u64 bytes_acked;
	__u64 bytes_sent;
	__u64 bytes_retrans;
	__u64 linger_jiffies;
	__u32 bits; /* enum sock_bits */
	__u32 uid;
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 snd_una;
	__u32 snd_nxt;
	__u32 write_seq;
	__u32 snd_wnd;
	__u32 rcv_wnd;
	__u32 packets_out;
	__u32 segs_in;
	__u32 segs_out;
	__u32 data_segs_in;
	__u32 data_segs_out;
	__u32 total_retrans;
	__u32 srtt_us8; /* microseconds << 3 */
	__u32 rto_jiffies;
	__u32 lsnd_jiffies; /* last data sent */
	__u32 lrcv_jiffies; /* last data received */
	__u32 rcv_jiffies; /* last ACK received */
	__u32 user_timeout_ms;
	__s32 linger2_jiffies;
	__u32 keepalive_time_jiffies; /* effective: the socket's or the sysctl's */
	__u32 keepalive_intvl_jiffies;
	__u32 keepalive_probes;
	__u32 backlog;
	__u32 max_backlog;
	__u16 err;
	__u16 err_soft;
	__u8 retransmits;
	__u8 probes_out;
	__u8 backoff;
	__u8 shutdown; /* 1: receiving, 2: sending */
	__u8 tw_substate;
	/* What the namespace allows (net.ipv4.tcp_...), or the socket if it has its own. */
	__u8 syn_retries;
	__u8 retries2;
	__u8 abort_on_overflow;
	__u32 fin_timeout_jiffies;
};

/* What connection tracking thinks of a segment (include/uapi/linux/netfilter/nf_conntrack_common.h). */
enum conntrack {
	CONNTRACK_OFF, /* not known to be on in this namespace */
	CONNTRACK_VALID,
	CONNTRACK_UNTRACKED, /* by a rule */
	CONNTRACK_INVALID,
};

/* The segment that triggered a sent reset, or the received reset itself. */
struct segment {
	__u32 seq;
	__u32 ack;
	__u16 window; /* as in the header, not scaled */
	__u16 ip_id;
	__u16 length; /* payload bytes */
	__u8 flags; /* as in the header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32 */
	__u8 ttl;
	__u8 tos;
	__u8 dont_fragment;
	__u8 options_len;
	__u8 conntrack; /* enum conntrack */
	__u8 payload_len; /* of payload: 8 if the segment carries just 8 bytes, else 0 */
	__u8 _pad[3];
	__u8 payload[PAYLOAD_LEN];
	__u8 options[OPTIONS_LEN];
};

/* What the trigger was, as far as it decides a cause. */
enum trigger {
	TRIGGER_NONE,
	TRIGGER_SYN,
	TRIGGER_SYN_ACK,
	TRIGGER_DATA,
	TRIGGER_OTHER,
	TRIGGER_FIREWALL,
};

enum kind_bits {
	KIND_DEAD = 1 << 0,
	KIND_SOCKET = 1 << 1,
	KIND_LINGER_ZERO = 1 << 2,
	KIND_SHUTDOWN = 1 << 3, /* both directions */
	KIND_LINGER2 = 1 << 4, /* TCP_LINGER2 < 0 */
	KIND_AFTER_RESET = 1 << 5,
	KIND_MPTCP = 1 << 6,
	KIND_TSTAMP_OK = 1 << 7,
	KIND_SAW_TSTAMP = 1 << 8,
	KIND_ASKING = 1 << 9, /* probes or retransmissions are unanswered */
	KIND_USER_TIMEOUT = 1 << 10,
	KIND_REMEMBERED = 1 << 11, /* an earlier connection on the flow is known */
	KIND_DROPPED = 1 << 12, /* reason is a drop reason */
	KIND_ACK_AND_WINDOW = 1 << 13, /* a received reset has both, as of a live socket */
	KIND_MINE = 1 << 14, /* of a process that --pid and --comm ask for (bpf/mine.bpf.h) */
};

/*
 * The discrete facts that decide a cause: what is counted together, whether or not the details
 * are shown, and what shares one budget (--rate). A key of maps: no padding.
 */
struct kind {
	__u8 direction;
	__u8 state;
	__u8 prior; /* before CLOSE; of a dropped reset: which code dropped it, as a hash */
	__u8 reason; /* the kernel's; of a connection that died: sk_err */
	__u8 trigger; /* enum trigger */
	__u8 v6;
	__u16 bits; /* enum kind_bits */
} __attribute__((aligned(8)));

/*
 * Exact, whether or not an event was shown: counted = submitted + suppressed + lost. Per CPU: one
 * alone may go below zero, where a phantom is taken back on another CPU; the sum is right.
 */
struct kind_counts {
	__u64 counted; /* passed the filters */
	__u64 suppressed; /* over the budget of its kind */
	__u64 lost; /* no room in the ring buffer */
	__u64 phantom; /* of the counted: taken back, no reset had arrived */
	__u64 spent_jiffies; /* BPF's own: the tick in which the budget was found spent */
};

#define KINDS_MAX 512

struct event {
	__u64 time_ns;
	__u64 jiffies;
	__u64 sk; /* kernel address: tells apart, means nothing else; 0: no socket */
	__u16 have; /* enum have */
	__u8 hook; /* enum hook */
	__u8 direction; /* enum direction */
	__u8 state; /* of the socket when the hook ran */
	__u8 family; /* of the socket: 2 or 10; 0: no socket */
	__u8 stack_len; /* frames that follow the event in the ring buffer */
	__u8 mini; /* the socket was TIME_WAIT or NEW_SYN_RECV */
	__u8 nf_hook; /* firewall: 1 + NF_INET_LOCAL_IN (1), _FORWARD (2), _LOCAL_OUT (3); 0: none */
	__u8 _pad[3];
	__u32 reason; /* enum sk_rst_reason; of a dropped reset: enum skb_drop_reason */
	__u32 netns_cookie; /* of the namespace, low half: unlike its inode never used again; 0: unknown */
	__u64 location; /* of a dropped reset: the kernel code that dropped it */
	struct kind kind;
	struct flow flow;
	struct sock_facts sock;
	struct segment segment;
	struct task task;
	struct life life;
	struct task listener;
};

/*
 * A received reset that was a phantom (bpf/phantom.bpf.h), when there was no room in the ring buffer for
 * the event that takes it back: user space asks a map for it. By the phantom's own event.
 */
struct retraction {
	__u64 sk;
	__u64 time_ns;
};

struct event_with_stack {
	struct event event;
	__u64 stack[STACK_DEPTH];
};

/* One open TCP socket of one process, as the owners iterator writes it. */
struct owner_fact {
	__u64 inode;
	struct task task;
	__u32 fd;
};

/* What a drop reason means for a RST. */
enum drop {
	DROP_OTHER, /* not looked at */
	DROP_UNSPECIFIED, /* obeyed by a request or TIME_WAIT socket, if such a one dropped it */
	DROP_IGNORED,
};

/* What user space tells BPF before loading. 0 is "do not care" everywhere. */
struct config {
	__u8 address[16];
	__u8 address_mask[16];
	__u32 netns;
	__u32 rate; /* events of one kind a second, 0: no limit */
	char comm[COMM_LEN] __attribute__((aligned(8))); /* of these processes resets are wanted */
	__u32 pid;
	__u16 port;
	__u16 local_port;
	__u16 peer_port;
	__u8 sent; /* wanted directions */
	__u8 received;
	__u8 silent;
	__u8 stack; /* with every event */
	__u8 has_address;
	__u8 reason_arg; /* tcp_send_reset has its third argument (6.10) */
	__u8 confirm_v4; /* a reset is reported when the reply leaves, not when the function is entered */
	__u8 confirm_v6;
	__u8 has_request_hook; /* request and TIME_WAIT sockets are seen by their functions */
	__u8 has_timewait_hook;
	__u8 _pad;
	__u8 ignored; /* also resets that were not obeyed */
	__u8 drop_sk_arg; /* kfree_skb has its fourth argument (6.11) */
	__u8 make_cookie; /* the kernel lets us give every socket its cookie */
	__u8 _pad2[2];
	__u64 plain_reasons; /* bit n: kernel reason n needs no stack to be told */
	__u8 drop_reasons[DROP_REASONS]; /* enum drop, by enum skb_drop_reason */
};

/*
 * The filters that a flow alone decides: in BPF before anything is collected, in user space on
 * recorded events. Both sides must agree, so it stands here.
 */
#define FLOW_FILTER static inline __attribute__((always_inline))

FLOW_FILTER int address_wanted(const volatile struct config *c, const __u8 address[16])
{
	for (int i = 0; i < 16; i++)
		if ((address[i] & c->address_mask[i]) != c->address[i])
			return 0;
	return 1;
}

FLOW_FILTER int flow_wanted(const volatile struct config *c, const struct flow *flow)
{
	if (c->netns && c->netns != flow->netns)
		return 0;
	if (c->port && c->port != flow->local_port && c->port != flow->peer_port)
		return 0;
	if (c->local_port && c->local_port != flow->local_port)
		return 0;
	if (c->peer_port && c->peer_port != flow->peer_port)
		return 0;
	return !c->has_address || address_wanted(c, flow->local) || address_wanted(c, flow->peer);
}

#undef FLOW_FILTER

#endif
