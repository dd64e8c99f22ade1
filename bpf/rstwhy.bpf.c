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
#include "segment.bpf.h"
#include "sock.bpf.h"
#include "task.bpf.h"

char LICENSE[] SEC("license") = "GPL";

#define TCP_FLAG_RST 0x04
#define S_IFMT 00170000
#define S_IFSOCK 0140000
#define RCV_SHUTDOWN 1
#define ECONNABORTED 103
/* A reset mark older than this belongs to another life of the address. */
#define MARK_MAX_NS 1000000000ULL

/* What a hook knows before anything is collected. */
struct sighting {
	void *ctx;
	const struct sock *sk; /* NULL: none */
	const struct sk_buff *skb; /* NULL: none */
	__u64 now;
	__u32 reason;
	__u32 bits; /* enum sock_bits the hook adds */
	__u8 hook;
	__u8 direction;
	__u8 state;
	__u64 location; /* kfree_skb only */
	__u16 have; /* HAVE_REASON or HAVE_DROP_REASON */
};

static __always_inline bool stack_wanted(const struct sighting *s)
{
	if (config.stack)
		return true;
	if (s->direction != DIRECTION_SENT)
		return false;
	if (!(s->have & HAVE_REASON))
		return !s->skb;
	return s->reason > 63 || !(config.plain_reasons & (1ULL << s->reason));
}

/* The life of the socket itself, or of an earlier one on the same flow. */
static __always_inline void fill_life(struct event *e, const struct sighting *s)
{
	struct life *life = 0;
	struct listener *listener;

	/* At a listener it is the segment's connection that matters. */
	if (s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN) {
		life = life_of(s->sk);
		if (life)
			e->have |= HAVE_LIFE;
	}
	if (!life) {
		life = bpf_map_lookup_elem(&ended, &e->flow);
		if (life) {
			bool same = life->sk == e->sk || s->state == STATE_TIME_WAIT;

			e->have |= same ? HAVE_LIFE : HAVE_ENDED;
		}
	}
	if (life)
		e->life = *life;
	listener = listener_of(&e->flow);
	if (listener) {
		e->listener = listener->task;
		e->have |= HAVE_LISTENER;
	}
}

static __always_inline void fill_sock(struct event *e, const struct sighting *s)
{
	const struct sock *sk = s->sk; /* CO-RE would relocate s->sk itself */

	e->sk = (unsigned long)sk;
	e->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (sock_is_full(s->state)) {
		read_sock(&e->sock, sk);
		e->sock.bits |= s->bits;
		e->have |= HAVE_SOCK;
	} else {
		e->mini = true;
		e->sock.cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
		if (s->state == STATE_TIME_WAIT) {
			e->sock.tw_substate =
				BPF_CORE_READ((const struct inet_timewait_sock *)sk, tw_substate);
			e->have |= HAVE_TIMEWAIT;
		}
	}
}

/* h: the headers of s->skb, NULL if there is none. */
static __always_inline void fill_event(struct event *e, const struct sighting *s,
				       const struct flow *flow, const struct headers *h)
{
	__builtin_memset(e, 0, sizeof(*e));
	e->time_ns = s->now;
	e->jiffies = bpf_jiffies64();
	e->hook = s->hook;
	e->direction = s->direction;
	e->state = s->state;
	e->flow = *flow;
	e->reason = s->reason;
	e->location = s->location;
	e->have = s->have;
	if (s->sk)
		fill_sock(e, s);
	if (h) {
		fill_segment(&e->segment, h);
		e->have |= HAVE_SEGMENT;
	}
	read_task(&e->task);
	e->have |= HAVE_TASK;
	fill_life(e, s);
}

static __always_inline void submit(const struct sighting *s, const struct flow *flow,
				   const struct headers *h)
{
	struct event *e;

	if (stack_wanted(s)) {
		struct event_with_stack *es =
			bpf_ringbuf_reserve(&events, sizeof(struct event_with_stack), 0);
		long len;

		if (!es) {
			count(COUNT_LOST);
			return;
		}
		fill_event(&es->event, s, flow, h);
		len = bpf_get_stack(s->ctx, es->stack, sizeof(es->stack), 0);
		es->event.stack_len = len > 0 ? len / sizeof(es->stack[0]) : 0;
		bpf_ringbuf_submit(es, 0);
		return;
	}
	e = bpf_ringbuf_reserve(&events, sizeof(struct event), 0);
	if (!e) {
		count(COUNT_LOST);
		return;
	}
	fill_event(e, s, flow, h);
	bpf_ringbuf_submit(e, 0);
}

static __always_inline void report(const struct sighting *s)
{
	/* Only a full socket that is no listener knows its peer; else the segment does. */
	bool sock_knows = s->sk && sock_is_full(s->state) && s->state != STATE_LISTEN;
	struct headers headers;
	bool has_headers = s->skb && read_headers(&headers, s->skb);
	struct flow flow;

	__builtin_memset(&flow, 0, sizeof(flow));
	if (sock_knows) {
		flow_from_sock(&flow, s->sk);
	} else if (has_headers) {
		flow_from_headers(&flow, &headers);
		flow.netns = s->sk ? sock_netns(s->sk) : skb_netns(s->skb);
	}
	if (!flow_wanted(&flow))
		return;
	count(s->direction == DIRECTION_SENT       ? COUNT_SENT
	      : s->direction == DIRECTION_RECEIVED ? COUNT_RECEIVED
						   : COUNT_SILENT);
	submit(s, &flow, has_headers ? &headers : 0);
}

/*
 * tcp_reset() also runs when DATA comes after close() or shutdown() (kernel site r9): it kills
 * the socket, and the RST is sent a moment later by the caller. That is no received reset. Where
 * only the tracepoint is there the segment cannot be looked at: the report is marked PHANTOM, and
 * taken back (AFTER_RESET) when a reset is sent from the same socket for the same segment.
 */
static __always_inline void reset_mark_set(const struct sock *sk, __u64 now, bool counted)
{
	__u64 key = (unsigned long)sk;
	struct reset_mark mark = {
		.time_ns = now,
		.local_port = BPF_CORE_READ((const struct inet_sock *)sk, inet_sport),
		.peer_port = BPF_CORE_READ(sk, __sk_common.skc_dport),
		.counted = counted,
	};

	bpf_map_update_elem(&reset_marks, &key, &mark, BPF_ANY);
}

static __always_inline bool reset_mark_take(const struct sock *sk, __u64 now)
{
	__u64 key = (unsigned long)sk;
	struct reset_mark *mark = bpf_map_lookup_elem(&reset_marks, &key);
	bool valid;

	if (!mark)
		return false;
	valid = now - mark->time_ns < MARK_MAX_NS &&
		mark->local_port == BPF_CORE_READ((const struct inet_sock *)sk, inet_sport) &&
		mark->peer_port == BPF_CORE_READ(sk, __sk_common.skc_dport);
	if (valid && mark->counted)
		count(COUNT_PHANTOM);
	bpf_map_delete_elem(&reset_marks, &key);
	return valid;
}

static __always_inline bool may_be_phantom(const struct sock *sk, __u8 state)
{
	if (!(BPF_CORE_READ(sk, sk_shutdown) & RCV_SHUTDOWN))
		return false;
	return state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 || state == STATE_CLOSE_WAIT ||
	       state == STATE_CLOSING || state == STATE_LAST_ACK;
}

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

static __always_inline void sent(struct sighting *s)
{
	s->direction = DIRECTION_SENT;
	s->state = s->sk ? sock_state(s->sk) : STATE_UNKNOWN;
	if (s->sk && s->skb && s->state == STATE_CLOSE && reset_mark_take(s->sk, s->now))
		s->bits |= SOCK_BIT_AFTER_RESET;
	if (config.sent)
		report(s);
	else if (s->bits & SOCK_BIT_AFTER_RESET && config.received)
		report(s); /* user space takes the phantom back, and shows nothing */
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

	/* 6.10, commit 19822a980e19 "trace: tcp: fully support trace_tcp_send_reset" and others:
	 * a third argument, and resets without a full socket as well. */
	if (config.reason_arg) {
		s.reason = ctx->args[2];
		s.have = HAVE_REASON;
	}
	sent(&s);
	return 0;
}

/* Before 6.10 the tracepoint shows full sockets only; the rest comes from the functions. */
static __always_inline void sent_by_function(void *ctx, const struct sock *sk,
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

	if (sk && sock_is_full(sock_state(sk)))
		return;
	/* A RST is never answered: the function returns at once, and nothing is sent. */
	if (!read_headers(&headers, skb) || headers.tcp.flags & TCP_FLAG_RST)
		return;
	sent(&s);
}

SEC("fentry/tcp_v4_send_reset")
int BPF_PROG(v4_send_reset_fentry, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V4_SEND_RESET_FENTRY);
	return 0;
}

SEC("fentry/tcp_v6_send_reset")
int BPF_PROG(v6_send_reset_fentry, const struct sock *sk, struct sk_buff *skb)
{
	sent_by_function(ctx, sk, skb, HOOK_V6_SEND_RESET_FENTRY);
	return 0;
}

static __always_inline void received(struct sighting *s)
{
	bool phantom = s->bits & SOCK_BIT_PHANTOM;

	s->direction = DIRECTION_RECEIVED;
	s->state = sock_state(s->sk);
	if (phantom)
		reset_mark_set(s->sk, s->now, config.received);
	life_set_end(s->sk, END_RESET_RECEIVED);
	if (config.received)
		report(s);
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
	received(&s);
	return 0;
}

/* With the segment at hand there is nothing to guess. */
SEC("fentry/tcp_reset")
int BPF_PROG(reset_fentry, struct sock *sk, struct sk_buff *skb)
{
	struct sighting s = {
		.ctx = ctx,
		.sk = sk,
		.skb = skb,
		.now = bpf_ktime_get_ns(),
		.hook = HOOK_RESET_FENTRY,
	};
	struct headers headers;

	if (read_headers(&headers, skb) && !(headers.tcp.flags & TCP_FLAG_RST)) {
		reset_mark_set(sk, s.now, false);
		return 0;
	}
	received(&s);
	return 0;
}

/*
 * Resets that no tracepoint of TCP shows, because the segment is dropped: those not obeyed, and
 * those that end a request socket or a TIME_WAIT socket. kfree_skb runs for every dropped packet
 * of the host, so the drop reason is looked at first.
 */
static __always_inline bool drop_wanted(__u32 reason)
{
	__u64 index = reason;

	/* The verifier must see the very register checked that is the index. */
	barrier_var(index);
	if (index >= DROP_REASONS)
		return false;
	return config.drop_reasons[index];
}

static __always_inline bool is_reset(const struct headers *h)
{
	return (h->v6 ? h->ip.v6.nexthdr : h->ip.v4.protocol) == IPPROTO_TCP &&
	       h->tcp.flags & TCP_FLAG_RST;
}

SEC("raw_tp/kfree_skb")
int kfree_skb_tp(struct bpf_raw_tracepoint_args *ctx)
{
	struct sighting s = {
		.ctx = ctx,
		.skb = (const struct sk_buff *)ctx->args[0],
		.location = ctx->args[1],
		.hook = HOOK_KFREE_SKB_TP,
		.direction = DIRECTION_RECEIVED,
		.have = HAVE_DROP_REASON,
	};
	const struct sk_buff *skb = s.skb;
	struct headers headers;

	s.reason = ctx->args[2];
	if (!drop_wanted(s.reason))
		return 0;
	if (!BPF_CORE_READ(skb, skb_iif) || !read_headers(&headers, s.skb) || !is_reset(&headers))
		return 0;
	s.sk = (const struct sock *)ctx->args[3];
	s.state = s.sk ? sock_state(s.sk) : STATE_UNKNOWN;
	/* CLOSE: tcp_reset() has just obeyed it. */
	if (s.state == STATE_CLOSE)
		return 0;
	if (!config.ignored && s.state != STATE_LISTEN && s.state != STATE_TIME_WAIT)
		return 0;
	s.now = bpf_ktime_get_ns();
	report(&s);
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

	if (life->end == END_ERROR && life->err != ECONNABORTED)
		report(&s);
}

static __always_inline void to_close(void *ctx, const struct sock *sk, __u8 old)
{
	struct flow flow;
	struct life *life;

	if (old == STATE_LISTEN) {
		listener_remove(sk);
		life_forget(sk);
		return;
	}
	__builtin_memset(&flow, 0, sizeof(flow));
	life = life_end(sk, old, bpf_ktime_get_ns(), &flow);
	if (life && config.silent)
		died(ctx, sk, life);
	life_forget(sk);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(set_state_tp, const struct sock *sk, int old, int new)
{
	struct life *life;

	if (!is_tcp(sk))
		return 0;
	switch (new) {
	case STATE_SYN_SENT:
	case STATE_LISTEN:
		life = life_new(sk);
		if (!life)
			break;
		life->born_ns = bpf_ktime_get_ns();
		read_task(&life->opener);
		if (new == STATE_LISTEN)
			listener_add(sk, &life->opener);
		break;
	case STATE_ESTABLISHED:
		if (old != STATE_SYN_RECV)
			break;
		life = life_of_or_new(sk);
		if (life && !life->born_ns)
			life->born_ns = bpf_ktime_get_ns();
		break;
	case STATE_FIN_WAIT1:
	case STATE_LAST_ACK:
		life = life_of_or_new(sk);
		if (life)
			life_closing(life, bpf_ktime_get_ns());
		break;
	case STATE_CLOSE:
		to_close(ctx, sk, old);
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
	if (!sk || !is_tcp(sk))
		return 0;
	fact.inode = BPF_CORE_READ((struct socket_alloc *)socket, vfs_inode.i_ino);
	fact.task.pid = BPF_CORE_READ(task, tgid);
	BPF_CORE_READ_STR_INTO(&fact.task.comm, task, group_leader, comm);
	if (sock_state(sk) == STATE_LISTEN)
		listener_add(sk, &fact.task);
	bpf_seq_write(ctx->meta->seq, &fact, sizeof(fact));
	return 0;
}
