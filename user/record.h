/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One reset on its way through user space: the facts BPF collected, and what this host adds to
 * them before anybody judges: the wall clock, the kernel's names, the socket's owner.
 *
 * A record owns nothing: names point into tables that live as long as the run.
 */
#ifndef RSTWHY_RECORD_H
#define RSTWHY_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

/*
 * The kernel's enum sk_rst_reason (include/net/rstreason.h, 6.10), by name: its numbers move
 * between versions. REASON_NONE: this kernel gave none. REASON_OTHER: a name not in the list.
 */
#define REASONS(REASON)                  \
	REASON(NOT_SPECIFIED)            \
	REASON(NO_SOCKET)                \
	REASON(TCP_INVALID_ACK_SEQUENCE) \
	REASON(TCP_RFC7323_PAWS)         \
	REASON(TCP_TOO_OLD_ACK)          \
	REASON(TCP_ACK_UNSENT_DATA)      \
	REASON(TCP_FLAGS)                \
	REASON(TCP_OLD_ACK)              \
	REASON(TCP_ABORT_ON_DATA)        \
	REASON(TCP_TIMEWAIT_SOCKET)      \
	REASON(INVALID_SYN)              \
	REASON(TCP_ABORT_ON_CLOSE)       \
	REASON(TCP_ABORT_ON_LINGER)      \
	REASON(TCP_ABORT_ON_MEMORY)      \
	REASON(TCP_STATE)                \
	REASON(TCP_KEEPALIVE_TIMEOUT)    \
	REASON(TCP_DISCONNECT_WITH_DATA) \
	REASON(MPTCP_RST_EUNSPEC)        \
	REASON(MPTCP_RST_EMPTCP)         \
	REASON(MPTCP_RST_ERESOURCE)      \
	REASON(MPTCP_RST_EPROHIBIT)      \
	REASON(MPTCP_RST_EWQ2BIG)        \
	REASON(MPTCP_RST_EBADPERF)       \
	REASON(MPTCP_RST_EMIDDLEBOX)     \
	REASON(ERROR)

#define REASON_ENUM(name) REASON_##name,
enum reason { REASON_NONE, REASONS(REASON_ENUM) REASON_OTHER, REASON_MAX };
#undef REASON_ENUM

#define CGROUP_LEN 256
#define EVENT_ID_LEN 17
#define COMMUNITY_ID_LEN 32 /* "1:" and 28 of base64 */

struct record {
	struct event e;
	uint64_t time_ns; /* of the wall clock, since 1970 */
	unsigned hz; /* jiffies a second, 0: not known */
	enum reason reason;
	const char *reason_name; /* without SK_RST_REASON_; NULL: none */
	const char *drop_reason; /* of a dropped RST, without SKB_DROP_REASON_; NULL: none */
	const char *location; /* the function that dropped it; NULL: not known */
	const char *stack[STACK_DEPTH]; /* innermost first, from the function that resets */
	unsigned stack_len;
	struct task owner; /* who holds the socket's file descriptor; pid 0: not known */
	char cgroup[CGROUP_LEN]; /* path of the socket's cgroup; "": not known */
	char id[EVENT_ID_LEN];
	/* The same reset at its other end, when that is on this host, too. */
	char pair[EVENT_ID_LEN]; /* its event's id; "": none */
	const char *pair_cause; /* id of its cause */
	char pair_name[32]; /* whose end it is */
	bool pair_answers; /* it answered a segment; else a live socket aborted */
	char community_id[COMMUNITY_ID_LEN];
};

#endif
