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
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "container.h"
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

/* A longer path is not told. Kubernetes within a container of systemd takes more than 300. */
#define CGROUP_LEN 512
#define EXECUTABLE_LEN 256
#define EVENT_ID_LEN 17
#define COMMUNITY_ID_LEN 32 /* "1:" and 28 of base64 */

/* A received reset that an earlier record told of. */
struct reset_seen {
	uint64_t time_ns;
	uint32_t seq;
	uint16_t window;
	uint16_t ip_id;
	uint8_t flags;
	uint8_t ttl;
	uint8_t dont_fragment;
	bool seq_known;
	bool visible; /* its header; else only time and, if known, seq count */
};

/* What earlier records say about this one (user/trace/history.c). All zero: nothing. */
struct history_facts {
	/* Different local ports this peer tried within SCAN_WINDOW_NS, this record's included, if it
	 * is of that kind: closed ones, and those where it reset a half-open connection. */
	uint8_t closed_ports;
	uint8_t half_open_ports;
	/* The TTLs of this peer's earlier segments that were no resets. */
	bool ttl_known;
	uint8_t ttl_low;
	uint8_t ttl_high;
	/* Received on this flow within FORGERY_WINDOW_NS each: of a received reset those before it,
	 * of a sent one those that the peer did not know of when it sent the segment answered here. */
	uint16_t resets_before;
	bool seq_shifted; /* one of them was beyond the other, and beyond all this host had received */
	bool peer_talks; /* this sent reset answers a segment that came after a received reset: */
	struct reset_seen reset;
	/* How often in a row this peer opened connections to this port and reset them empty. */
	uint16_t visits;
	double period_s; /* from one to the next, if visits > 1 */
};

struct record {
	struct event e;
	uint64_t time_ns; /* of the wall clock, since 1970 */
	uint64_t suppressed; /* not 0: this stands for so many that were only counted */
	unsigned hz; /* jiffies a second, 0: not known */
	enum reason reason;
	const char *reason_name; /* without SK_RST_REASON_; NULL: none */
	const char *drop_reason; /* of a dropped RST, without SKB_DROP_REASON_; NULL: none */
	const char *location; /* the function that dropped it; NULL: not known */
	const char *host; /* whose TCP it was; NULL: not known */
	struct task owner; /* who holds the socket's file descriptor; pid 0: not known */
	char id[EVENT_ID_LEN];
	char community_id[COMMUNITY_ID_LEN];
	/* The same reset at its other end, when that is on this host, too. */
	char pair[EVENT_ID_LEN]; /* its event's id; "": none */
	char pair_name[32]; /* whose end it is; "": not known */
	bool pair_answers; /* it answered a segment; else a live socket aborted */
	const char *pair_cause; /* id of its cause */
	struct history_facts history;
	unsigned executable_pid; /* the process that `executable` is the program of */
	unsigned stack_len;
	const char *stack[STACK_DEPTH]; /* innermost first, from the function that resets */
	/* Of the socket, or of who holds it. "": not known. */
	char cgroup[CGROUP_LEN];
	struct container container; /* what the cgroup's path tells */
	char executable[EXECUTABLE_LEN]; /* path; "": not known */
	char limits[160]; /* of the whole host, where they matter: "net.ipv4.tcp_mem is ..." */
};

/* Of an event and nothing else. The long arrays, most of a record, are empty but not zeroed. */
static inline void record_begin(struct record *r, const struct event *e)
{
	r->e = *e;
	memset(&r->time_ns, 0, offsetof(struct record, stack) - offsetof(struct record, time_ns));
	r->cgroup[0] = '\0';
	container_clear(&r->container);
	r->executable[0] = '\0';
	r->limits[0] = '\0';
}

#endif
