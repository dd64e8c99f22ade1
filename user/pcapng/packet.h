/* SPDX-License-Identifier: GPL-2.0 */
/* The segment of a record as an IP packet, as far as it is known. Pure. */
#ifndef RSTWHY_PACKET_H
#define RSTWHY_PACKET_H

#include "record.h"

#define PACKET_MAX 108 /* headers of IPv6 and TCP, a Diagnostic Payload */

enum packet_role {
	PACKET_TRIGGER, /* the segment that a reset of this host answers */
	PACKET_RESET, /* the reset that arrived */
	PACKET_REBUILT, /* a reset of which no hook shows the header, by what its socket knows */
};

struct packet {
	enum packet_role role;
	bool is_outbound; /* it left this host */
	bool has_numbers; /* PACKET_REBUILT: its sequence numbers are known */
	unsigned len; /* of bytes */
	unsigned wire_len; /* with the payload, of which no more than 8 bytes are known */
	uint8_t bytes[PACKET_MAX];
};

/*
 * Checksums are right for what is there; a payload that is not known counts as zeros. IP options
 * are not known and left out. false: the record has no packet, for it is of a connection that died
 * without a reset, or stands for suppressed events.
 */
bool packet_of(const struct record *r, struct packet *ret);

#endif
