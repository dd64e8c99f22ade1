/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records for the tests: a row states what matters, the rest is a healthy connection of
 * 10.0.0.1:80 with 10.0.0.2:41234 on a host that runs for 1000 s.
 *
 * The running task is in every record, as BPF collects it: in a softirq it is a bystander that
 * must never be named.
 */
#ifndef RSTWHY_TEST_GIVEN_H
#define RSTWHY_TEST_GIVEN_H

#include "verdict.h"

#define NOW_NS 1000000000000ULL
#define NOW_JIFFIES (4294967296ULL + 700 * HZ)
#define HZ 250

enum given_kind {
	ACTIVE, /* a reset sent from a live socket, no segment triggered it */
	ANSWER, /* a reset sent for a segment */
	RECEIVED,
	SILENT, /* a death without a reset */
};

/* The processes of the tests: each has a name and a pid of its own. */
enum person { NOBODY, RUNNER, OWNER, CLOSER, OPENER, LISTENER, PERSON_MAX };
#define KNOWS(person) (1u << (person))

struct given {
	enum given_kind kind;
	enum tcp_state state; /* when the hook ran; STATE_UNKNOWN: there is no socket */
	enum tcp_state was; /* before CLOSE, as the life of the socket tells */
	enum reason reason;
	const char *stack[5];

	unsigned bits; /* enum sock_bits */
	uint8_t shutdown;
	uint32_t unread; /* what copied_seq lags behind, less the FIN of SOCK_BIT_DONE */
	uint32_t linger_jiffies;
	int32_t linger2_jiffies;
	uint32_t backlog, max_backlog;
	uint32_t unacked;
	uint32_t user_timeout_ms;
	uint64_t bytes_sent, bytes_acked, bytes_received;
	uint32_t srtt_ms;
	/* How long ago; 0: 20, 15 and 12 s. */
	uint32_t sent_ago_ms, data_ago_ms, heard_ago_ms;
	uint8_t retransmits, probes_out;
	uint16_t err_soft;

	/* The segment. A received reset without flags is one whose packet no hook shows. */
	uint8_t flags;
	uint16_t length, window;
	uint32_t seq, ack;
	bool timestamp, join; /* it carries the option; of MPTCP: MP_JOIN */
	uint8_t ttl; /* 0: 64 */
	uint16_t ip_id;
	bool dont_fragment, conntrack_invalid;
	const char *payload; /* 8 bytes */
	const char *drop_reason, *location; /* the kernel threw it away */
	uint8_t nf_hook; /* a packet filter answered: 1 + enum nf_inet_hooks */
	bool paired; /* the other end's event of the same reset was seen, too */

	/* An earlier socket on the same flow; last_state STATE_UNKNOWN: none is remembered. */
	struct {
		enum tcp_state last_state;
		enum end end;
		uint32_t snd_nxt, rcv_nxt;
	} ended;
	uint16_t err; /* of the life: sk_err at CLOSE */

	struct history_facts history; /* what earlier records said */

	unsigned knows; /* KNOWS() of those whose names are known */
	uint8_t task_flags; /* enum task_flags of the running task */
	uint8_t task_signal;
};

struct record record_of(const struct given *g);

/* What a kernel before 6.10 tells of the same, and what remains when symbols are hidden. */
void take_reason(struct record *r);
void take_stack(struct record *r);

const char *person_name(enum person p); /* "closer (300)" */
unsigned person_pid(enum person p);

#endif
