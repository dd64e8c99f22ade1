// SPDX-License-Identifier: GPL-2.0
/*
 * The programs: one function per hook, as thin as possible. They collect facts and decide
 * nothing, except what is not a reset at all and what the user filtered out.
 *
 * enum hook in event.h is the list; a program and its row have the same name in lower case.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "filter.bpf.h"
#include "life.bpf.h"
#include "maps.bpf.h"
#include "pending.bpf.h"
#include "phantom.bpf.h"
#include "report.bpf.h"
#include "segment.bpf.h"
#include "sock.bpf.h"
#include "task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define S_IFMT 00170000
#define S_IFSOCK 0140000
#define ECONNABORTED 103

/* The memory learns that this connection was reset by us. */
static __always_inline void remember_sent(const struct sock *sk, __u8 state)
{
	struct flow flow;
	struct life *life;

	if (state != STATE_CLOSE) {
		life_set_end(sk, END_RESET_SENT);
		return;
	}
	__builtin_memset(&flow, 0, sizeof(flow));
	flow_from_sock(&flow, sk);
	life = bpf_map_lookup_elem(&ended, &flow);
	if (life && life->sk == (unsigned long)sk)
		life->end = END_RESET_SENT;
}

/* h: the headers of s->skb; NULL: none. */
static __always_inline void sent(struct sighting *s, const struct headers *h)
{
	s->direction = DIRECTION_SENT;
	s->state = s->sk ? sock_state(s->sk) : STATE_UNKNOWN;
	if (s->sk && s->skb && s->state == STATE_CLOSE &&
	    reset_mark_take(s->sk, s->now, &s->must_show))
		s->bits |= SOCK_BIT_AFTER_RESET;
	/* If only received ones are wanted, user space still needs it to take the phantom back. */
	if (config.sent || s->must_show)
		report(s, h);
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN &&
	    s->state != STATE_SYN_SENT && s->state != STATE_SYN_RECV)
		remember_sent(s->sk, s->state);
}

SEC("raw_tp/tcp_send_reset")
int send_reset_tp(struct bpf_raw_tracepoint_args *ctx)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = (const struct sock *)ctx->args[0],
		.skb = (const struct sk_buff *)ctx->args[1],
		.now = bpf_ktime_get_ns(),
		.hook = HOOK_SEND_RESET_TP,
	};
	struct headers headers;

	/* 6.10, commit 19822a980e19 "trace: tcp: fully support trace_tcp_send_reset" and others:
	 * a third argument, and resets without a full socket as well. */
	if (config.reason_arg) {
		s.reason = ctx->args[2];
		s.have = HAVE_REASON;
	}
	sent(&s, s.skb && read_headers(&headers, s.skb) ? &headers : 0);
	return 0;
}

/*
 * Before 6.10 the tracepoint shows full sockets only; the rest comes from the functions. A RST is
 * never answered: the function returns at once, and nothing is sent. For the other reasons not to
 * send (a wrong MD5 signature, a multicast address) the reply is waited for where it can be seen.
 */
static __always_inline void sent_by_function(void *ctx, const struct sock *sk,
					     const struct sk_buff *skb, __u8 hook,
					     enum pending_kind kind, bool confirm)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = sk,
		.skb = skb,
		.now = bpf_ktime_get_ns(),
		.hook = hook,
	};
	struct headers headers;

	if (sk && sock_is_full(sock_state(sk)))
		return;
	if (!read_headers(&headers, skb) || headers.tcp.flags & TCP_FLAG_RST)
		return;
	if (confirm)
		pending_set(kind, skb, sk, skb, hook);
	else
		sent(&s, &headers);
}

SEC("fentry/tcp_v4_send_reset")
int BPF_PROG(v4_send_reset_fentry, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V4_SEND_RESET_FENTRY, PENDING_V4, config.confirm_v4);
	return 0;
}

SEC("kprobe/tcp_v4_send_reset")
int BPF_KPROBE(v4_send_reset_kprobe, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V4_SEND_RESET_KPROBE, PENDING_V4, config.confirm_v4);
	return 0;
}

SEC("fentry/tcp_v6_send_reset")
int BPF_PROG(v6_send_reset_fentry, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V6_SEND_RESET_FENTRY, PENDING_V6, config.confirm_v6);
	return 0;
}

SEC("kprobe/tcp_v6_send_reset")
int BPF_KPROBE(v6_send_reset_kprobe, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V6_SEND_RESET_KPROBE, PENDING_V6, config.confirm_v6);
	return 0;
}

/* Both functions also send ACKs: the skb tells. */
static __always_inline void reply_leaves(void *ctx, enum pending_kind kind,
					 const struct sk_buff *skb)
{
	struct pending p;
	struct sighting s = {.ctx = ctx, .now = bpf_ktime_get_ns()};
	struct headers headers;

	if (!pending_take(kind, skb, &p) || !read_headers(&headers, p.skb))
		return;
	s.sk = p.sk;
	s.skb = p.skb;
	s.hook = p.hook;
	sent(&s, &headers);
}

SEC("kprobe/ip_send_unicast_reply")
int BPF_KPROBE(v4_reply_kprobe, struct sock *ctl_sk, struct sk_buff *skb)
{
	reply_leaves(ctx, PENDING_V4, skb);
	return 0;
}

SEC("kprobe/tcp_v6_send_response")
int BPF_KPROBE(v6_reply_kprobe, const struct sock *sk, struct sk_buff *skb)
{
	reply_leaves(ctx, PENDING_V6, skb);
	return 0;
}

/*
 * REJECT with tcp-reset. The rejected packet is the trigger: the reset goes from its destination
 * to its source, whoever that is. A RST or a fragment is not answered.
 */
static __always_inline void rejected(void *ctx, const struct net *net, const struct sk_buff *skb,
				     int nf_hook, __u8 hook)
{
	struct sighting s = {
		.ctx = ctx,
		.skb = skb,
		.now = bpf_ktime_get_ns(),
		.hook = hook,
		.direction = DIRECTION_SENT,
		.nf_hook = nf_hook + 1,
	};
	struct headers headers;

	if (!config.sent || !read_headers_from_network(&headers, skb) ||
	    headers.tcp.flags & TCP_FLAG_RST)
		return;
	report_headers(&s, &headers, BPF_CORE_READ(net, ns.inum));
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

static __always_inline void received(struct sighting *s, const struct headers *h)
{
	bool phantom = s->bits & SOCK_BIT_PHANTOM;

	s->direction = DIRECTION_RECEIVED;
	s->state = sock_state(s->sk);
	if (config.received)
		report(s, h);
	if (phantom)
		reset_mark_set(s->sk, s->now, s->outcome, &s->kind);
	life_set_end(s->sk, END_RESET_RECEIVED);
}

SEC("raw_tp/tcp_receive_reset")
int receive_reset_tp(struct bpf_raw_tracepoint_args *ctx)
{
	const struct sock *sk = (const struct sock *)ctx->args[0];
	struct sighting s = {
		.ctx = ctx,
		.sk = sk,
		.now = bpf_ktime_get_ns(),
		.hook = HOOK_RECEIVE_RESET_TP,
	};

	if (may_be_phantom(sk, sock_state(sk)))
		s.bits |= SOCK_BIT_PHANTOM;
	received(&s, 0);
	return 0;
}

/* With the segment at hand there is nothing to guess. */
static __always_inline void reset_with_segment(void *ctx, const struct sock *sk,
					       const struct sk_buff *skb, __u8 hook)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = sk,
		.skb = skb,
		.now = bpf_ktime_get_ns(),
		.hook = hook,
	};
	struct headers headers;

	if (!read_headers(&headers, skb))
		return;
	if (!(headers.tcp.flags & TCP_FLAG_RST)) {
		reset_mark_set(sk, s.now, OUTCOME_NONE, &s.kind);
		life_set_end(sk, END_RESET_SENT);
		return;
	}
	received(&s, &headers);
}

SEC("fentry/tcp_reset")
int BPF_PROG(reset_fentry, struct sock *sk, struct sk_buff *skb)
{
	reset_with_segment(ctx, sk, skb, HOOK_RESET_FENTRY);
	return 0;
}

SEC("kprobe/tcp_reset")
int BPF_KPROBE(reset_kprobe, struct sock *sk, struct sk_buff *skb)
{
	reset_with_segment(ctx, sk, skb, HOOK_RESET_KPROBE);
	return 0;
}

/* A request socket obeys a RST by being dropped; tcp_reset() is not called. */
static __always_inline void request_checked(const struct sock *sk, const struct sk_buff *skb,
					    const struct request_sock *req, __u8 hook)
{
	struct headers headers;

	if (read_headers(&headers, skb) && headers.tcp.flags & TCP_FLAG_RST)
		pending_set(PENDING_REQUEST, req, sk, skb, hook);
}

static __always_inline void mini_sock_dies(void *ctx, enum pending_kind kind, const void *of,
					   __u8 state)
{
	struct pending p;
	struct sighting s = {
		.ctx = ctx,
		.now = bpf_ktime_get_ns(),
		.direction = DIRECTION_RECEIVED,
		.state = state,
	};
	struct headers headers;

	if (!pending_take(kind, of, &p) || !config.received || !read_headers(&headers, p.skb))
		return;
	s.sk = p.sk;
	s.skb = p.skb;
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

	if (read_headers(&headers, skb) && headers.tcp.flags & TCP_FLAG_RST)
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

/*
 * Resets that no tracepoint of TCP shows, because the segment is dropped: those not obeyed, and
 * those that end a request socket or a TIME_WAIT socket. kfree_skb runs for every dropped packet
 * of the host, so the drop reason is looked at first.
 */
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
	const struct sk_buff *skb = (const struct sk_buff *)ctx->args[0];
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

	if (wanted == DROP_OTHER || !BPF_CORE_READ(skb, skb_iif))
		return 0;
	if (!read_headers(&headers, skb) || !is_reset(&headers))
		return 0;
	if (config.drop_sk_arg)
		s.sk = (const struct sock *)ctx->args[3];
	s.state = s.sk ? sock_state(s.sk) : STATE_UNKNOWN;
	/* tcp_reset() has just obeyed it; before 6.11 an obeyed RST is freed without this hook. */
	if (s.state == STATE_CLOSE)
		return 0;
	if (wanted == DROP_UNSPECIFIED && !is_mini_drop(s.state))
		return 0;
	s.now = bpf_ktime_get_ns();
	report(&s, &headers);
	return 0;
}

/* A module may bring a function to hook: user space attaches what was missing. */
SEC("raw_tp/module_load")
int module_load_tp(struct bpf_raw_tracepoint_args *ctx)
{
	const struct module *module = (const struct module *)ctx->args[0];
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	__builtin_memset(e, 0, sizeof(*e));
	e->hook = HOOK_MODULE_LOAD_TP;
	bpf_probe_read_kernel_str(e->task.comm, sizeof(e->task.comm), &module->name);
	bpf_ringbuf_submit(e, BPF_RB_FORCE_WAKEUP);
	return 0;
}

/* A socket goes to CLOSE with an error that no reset brought: it timed out, or is unreachable. */
static __always_inline void died(void *ctx, const struct sock *sk, const struct life *life)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = sk,
		.now = life->ended_ns,
		.hook = HOOK_SET_STATE_TP,
		.direction = DIRECTION_NONE,
		.state = life->last_state,
	};

	if (life->end != END_ERROR || life->err == ECONNABORTED)
		return;
	/* Its namespace is taken down with it: nobody misses the connection. */
	if (netns_is_dying(BPF_CORE_READ(sk, __sk_common.skc_net.net)))
		return;
	life_put(sk, life);
	report(&s, 0);
	life_forget(sk);
}

/*
 * The ended connection is remembered, but not one that was refused: nothing more will come of it,
 * and a scan would push everything else out of the memory.
 */
static __always_inline void to_close(void *ctx, const struct sock *sk, const struct tcp_sock *tp,
				     __u8 old)
{
	const struct life *known = life_of(sk);
	struct life life = {};
	struct flow flow;

	if (old == STATE_LISTEN) {
		listener_remove(sk);
		life_forget(sk);
		return;
	}
	if (known)
		life = *known;
	if (old == STATE_SYN_SENT && life.end == END_RESET_RECEIVED) {
		life_forget(sk);
		return;
	}
	life_end(&life, tp, old);
	flow_from_tcp(&flow, tp);
	bpf_map_update_elem(&ended, &flow, &life, BPF_ANY);
	if (config.silent)
		died(ctx, sk, &life);
	if (known)
		life_forget(sk);
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
	struct life life = {.born_ns = bpf_ktime_get_ns()};

	read_task(&life.opener);
	life_put(sk, &life);
	if (state == STATE_LISTEN)
		listener_add(sk, &life.opener);
	else
		make_cookie(sk);
}

/* A connection that a listener got. */
static __always_inline void accepted(const struct sock *sk)
{
	struct life life = {.born_ns = bpf_ktime_get_ns()};

	make_cookie(sk);
	/* A simultaneous open has a life already. */
	if (!life_of(sk))
		life_put(sk, &life);
}

/* close() or shutdown() sends the FIN. */
static __always_inline void closing(const struct sock *sk)
{
	struct life *life = life_of(sk);
	struct life new = {};

	if (life) {
		life_closing(life, bpf_ktime_get_ns());
	} else {
		life_closing(&new, bpf_ktime_get_ns());
		life_put(sk, &new);
	}
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(set_state_tp, const struct sock *sk, int old, int new)
{
	const struct tcp_sock *tp = bpf_skc_to_tcp_sock((void *)sk);

	if (!tp)
		return 0;
	switch (new) {
	case STATE_SYN_SENT:
	case STATE_LISTEN:
		opened(sk, new);
		break;
	case STATE_ESTABLISHED:
		if (old == STATE_SYN_RECV)
			accepted(sk);
		break;
	case STATE_FIN_WAIT1:
	case STATE_LAST_ACK:
		closing(sk);
		break;
	case STATE_CLOSE:
		to_close(ctx, sk, tp, old);
		break;
	}
	return 0;
}

/*
 * Who holds which TCP socket: run once at the start and when an unknown inode turns up. It also
 * finds the listeners that were there before the tracer.
 */
SEC("iter/task_file")
int owners(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct owner_fact fact = {};
	const struct socket *socket;
	const struct sock *sk;

	if (!task || !file)
		return 0;
	/* Of a socket's file private_data is the struct socket, embedded before its inode. */
	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (!sk)
		return 0;
	if (is_mptcp(sk))
		sk = mptcp_first(sk);
	if (!sk || !is_tcp(sk))
		return 0;
	fact.inode = BPF_CORE_READ((struct socket_alloc *)socket, vfs_inode.i_ino);
	fact.fd = ctx->fd;
	fact.task.pid = BPF_CORE_READ(task, tgid);
	BPF_CORE_READ_STR_INTO(&fact.task.comm, task, group_leader, comm);
	if (sock_state(sk) == STATE_LISTEN)
		listener_add(sk, &fact.task);
	bpf_seq_write(ctx->meta->seq, &fact, sizeof(fact));
	return 0;
}
