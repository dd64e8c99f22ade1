/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events as a section of a pcapng file: each segment a packet, the verdict its comment. Pure: it
 * writes to a struct out.
 *
 * Every network namespace is an interface of its own, because namespaces use the same addresses;
 * interface 0 is all of them: of it are the statistics, and what comes when there is no room for
 * another one.
 */
#ifndef RSTWHY_PCAPNG_H
#define RSTWHY_PCAPNG_H

#include <sys/utsname.h>

#include "out.h"
#include "verdict.h"

#define PCAPNG_INTERFACES 256 /* interface 0 not counted */

/* Of the section: what it has said so far. */
struct pcapng {
	const char *host; /* whose packets they are, unless the comment says so; NULL: not known */
	unsigned netns_len;
	uint32_t netns[PCAPNG_INTERFACES]; /* of interface 1, 2, ... */
	uint64_t packets;
};

/* What happened since the section began. */
struct pcapng_statistics {
	uint64_t begin_ns, end_ns; /* of the wall clock */
	uint64_t counted; /* by the kernel side, whether or not they were shown */
	uint64_t suppressed; /* only counted, for --rate */
	uint64_t lost;
};

/*
 * A new section, whose interfaces are not known yet: of packets of `host` (NULL: not known), which
 * outlives it, written on this machine.
 */
void pcapng_begin(struct pcapng *p, struct out *o, const char *host, const struct utsname *machine);

/* Does nothing for a record that has no packet: see packet_of(). */
void pcapng_put(struct pcapng *p, struct out *o, const struct record *r, const struct verdict *v);

void pcapng_statistics(const struct pcapng *p, struct out *o, const struct pcapng_statistics *s);

#endif
