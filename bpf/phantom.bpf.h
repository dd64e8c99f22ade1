/* SPDX-License-Identifier: GPL-2.0 */
/*
 * tcp_reset() also runs when DATA comes after close() or shutdown() (kernel site r9): it kills
 * the socket, and the RST is sent a moment later by the caller. That is no received reset. Where
 * only the tracepoint is there the segment cannot be looked at: the report is marked PHANTOM, and
 * taken back (AFTER_RESET) when a reset is sent from the same socket for the same segment; by a
 * retraction if there is no room in the ring buffer for the event that says so.
 */
#ifndef RSTWHY_PHANTOM_BPF_H
#define RSTWHY_PHANTOM_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "kind.bpf.h"
#include "maps.bpf.h"

/* A reset mark older than this belongs to another life of the address. */
#define MARK_MAX_NS 1000000000ULL

/* `outcome` and `kind`: of the received reset that was reported; OUTCOME_NONE: none was. */
static __always_inline void reset_mark_set(const struct sock *sk, __u64 time_ns,
					   enum outcome outcome, const struct kind *kind)
{
	__u64 key = (unsigned long)sk;
	struct reset_mark mark = {
		.time_ns = time_ns,
		.local_port = sock_local_port(sk),
		.peer_port = READ(sk, __sk_common.skc_dport),
		.outcome = outcome,
		.kind = *kind,
	};

	bpf_map_update_elem(&reset_marks, &key, &mark, BPF_ANY);
}

/* The counts as if the phantom had never been; user space takes back what it was given. */
static __always_inline void phantom_uncount(const struct reset_mark *mark)
{
	struct kind kind = mark->kind;
	struct kind_counts *counts = kind_counts_of(&kind);

	if (!counts)
		return;
	counts->phantom++;
	if (mark->outcome == OUTCOME_SUPPRESSED)
		counts->suppressed--;
	else if (mark->outcome == OUTCOME_LOST)
		counts->lost--;
}

/* A mark for this very call was there. *shown_ns: when user space got a phantom to take back; 0: none. */
static __always_inline bool reset_mark_take(const struct sock *sk, __u64 *shown_ns)
{
	__u64 key = (unsigned long)sk;
	struct reset_mark *mark = bpf_map_lookup_elem(&reset_marks, &key);
	bool valid;

	if (!mark)
		return false;
	valid = bpf_ktime_get_ns() - mark->time_ns < MARK_MAX_NS &&
		mark->local_port == sock_local_port(sk) &&
		mark->peer_port == READ(sk, __sk_common.skc_dport);
	if (valid && mark->outcome != OUTCOME_NONE)
		phantom_uncount(mark);
	*shown_ns = valid && mark->outcome == OUTCOME_SUBMITTED ? mark->time_ns : 0;
	bpf_map_delete_elem(&reset_marks, &key);
	return valid;
}

/* A function of its own: before 5.13 the stack of the caller would not do. */
static __noinline void retract(const struct sock *sk, __u64 time_ns)
{
	struct retraction retraction = {.sk = (unsigned long)sk, .time_ns = time_ns};
	__u8 yes = 1;

	bpf_map_update_elem(&retractions, &retraction, &yes, BPF_ANY);
}

static __always_inline bool may_be_phantom(const struct sock *sk, __u8 state)
{
	if (!(READ(sk, sk_shutdown) & RCV_SHUTDOWN))
		return false;
	return state == STATE_FIN_WAIT1 || state == STATE_FIN_WAIT2 || state == STATE_CLOSE_WAIT ||
	       state == STATE_CLOSING || state == STATE_LAST_ACK;
}

#endif
