/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What follows from the raw facts of a record by arithmetic alone. Pure. A function that returns
 * a double returns seconds, or a negative number when they are not known.
 */
#ifndef RSTWHY_FACTS_H
#define RSTWHY_FACTS_H

#include "record.h"

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16, TCP_URG = 32 };

/* All bits of enum have. */
static inline bool has(const struct record *r, unsigned have)
{
	return (r->e.have & have) == have;
}

/* All bits of enum sock_bits. */
static inline bool sock_is(const struct record *r, unsigned bits)
{
	return has(r, HAVE_SOCK) && (r->e.sock.bits & bits) == bits;
}

/* The state before the reset closed the socket; STATE_UNKNOWN: no socket, or not known. */
enum tcp_state state_before(const struct record *r);
bool is_ipv4(const struct flow *flow);

/*
 * Bytes the application never read: rcv_nxt - copied_seq, less one when the peer's FIN was
 * received (it takes a sequence number). The queue itself is purged before the reset is sent.
 */
uint32_t unread_bytes(const struct record *r);
/* What applications were sent and wrote: the kernel also counts the peer's FIN, and what was repeated. */
uint64_t payload_received(const struct record *r);
uint64_t payload_sent(const struct record *r);
uint32_t unacked_bytes(const struct record *r); /* sent, not acknowledged */
uint32_t unsent_bytes(const struct record *r); /* written, never sent */

double jiffies_to_seconds(const struct record *r, uint32_t jiffies);
double seconds_since(const struct record *r, uint32_t jiffies); /* a stamp of the kernel's */
double seconds_between(uint64_t from_ns, uint64_t to_ns); /* 0: not known */

double idle_seconds(const struct record *r); /* since data went either way */
double silence_seconds(const struct record *r); /* since anything came from the peer */
double age_seconds(const struct record *r); /* of the connection */

/* A TCP option of the segment: kind, length, at least one byte. NULL: none, or malformed. */
const uint8_t *segment_option(const struct record *r, uint8_t kind);

/* The segment's TCP timestamp option; false: none. */
bool segment_timestamp(const struct record *r, uint32_t *tsval, uint32_t *tsecr);

/*
 * The first frame, from the innermost, that is one of `names` (NULL ends them); NULL: none. Never
 * look for one name in the whole stack: on loopback unrelated calls lie beneath. Compiler suffixes
 * (.part.0, .cold, .llvm.1) are ignored.
 */
const char *decisive_frame(const struct record *r, const char *const names[]);
bool frame_is(const char *frame, const char *name);

#endif
