// SPDX-License-Identifier: GPL-2.0
/* Events as a section of a pcapng file (draft-ietf-opsawg-pcapng). */
#include "pcapng.h"

#include <stdlib.h>
#include <string.h>

#include "block.h"
#include "causes.h"
#include "hints.h"
#include "names.h"
#include "packet.h"
#include "print.h"

#ifndef VERSION
#define VERSION "0"
#endif

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define LINKTYPE_RAW 101 /* begins with the IP header */
#define HOST_MAX 253 /* bytes that are shown; a recorded name may be of any length */
#define NANOSECONDS 9 /* if_tsresol: a negative power of ten */

enum section_option { SECTION_HARDWARE = 2, SECTION_OS = 3, SECTION_APPLICATION = 4 };
enum interface_option { INTERFACE_NAME = 2, INTERFACE_DESCRIPTION = 3, INTERFACE_RESOLUTION = 9 };
enum packet_option { PACKET_FLAGS = 2, PACKET_ID = 5, PACKET_PROCESS = 8 };
enum packet_flags { FLAGS_INBOUND = 1, FLAGS_OUTBOUND = 2 };
enum statistics_option {
	STATISTICS_BEGIN = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_DROPPED = 5, /* by the interface: it had no resources */
	STATISTICS_OS_DROPPED = 7,
	STATISTICS_DELIVERED = 8,
};

static void put_section(struct out *o, const char *host, const struct utsname *machine)
{
	struct block b;
	char os[sizeof(machine->sysname) + sizeof(machine->release)];

	print_text(os, sizeof(os), "%s %s", machine->sysname, machine->release);
	block_begin(&b, BLOCK_SECTION);
	block_u32(&b, BYTE_ORDER_MAGIC);
	block_u16(&b, 1); /* major and minor version of the format */
	block_u16(&b, 0);
	block_time(&b, UINT64_MAX); /* the section's length: not known yet */
	block_text_begin(&b, BLOCK_COMMENT);
	block_text(&b, "TCP resets", SIZE_MAX);
	if (host) {
		block_text(&b, " of host ", SIZE_MAX);
		block_text(&b, host, HOST_MAX);
	}
	block_text(&b, "; the comment of a packet says why", SIZE_MAX);
	block_text_end(&b);
	block_option_string(&b, SECTION_HARDWARE, machine->machine);
	block_option_string(&b, SECTION_OS, os);
	block_option_string(&b, SECTION_APPLICATION, "rstwhy " VERSION);
	block_end(&b, o);
}

static void put_interface(struct out *o, const char *name, const char *description)
{
	static const uint8_t resolution = NANOSECONDS;
	struct block b;

	block_begin(&b, BLOCK_INTERFACE);
	block_u16(&b, LINKTYPE_RAW);
	block_u16(&b, 0);
	block_u32(&b, PACKET_MAX);
	block_option_string(&b, INTERFACE_NAME, name);
	block_option_string(&b, INTERFACE_DESCRIPTION, description);
	block_option(&b, INTERFACE_RESOLUTION, &resolution, sizeof(resolution));
	block_end(&b, o);
}

void pcapng_begin(struct pcapng *p, struct out *o, const char *host, const struct utsname *machine)
{
	p->host = host;
	p->netns_len = 0;
	p->packets = 0;
	put_section(o, host, machine);
	put_interface(o, "rstwhy", "all network namespaces");
}

/* The number of its interface, which is introduced if it is new. */
static uint32_t interface_of(struct pcapng *p, struct out *o, uint32_t netns)
{
	char name[32];

	if (!netns)
		return 0;
	for (unsigned i = 0; i < p->netns_len; i++)
		if (p->netns[i] == netns)
			return i + 1;
	if (p->netns_len == PCAPNG_INTERFACES)
		return 0;
	print_text(name, sizeof(name), "netns %u", netns);
	put_interface(o, name, "network namespace, by its inode");
	p->netns[p->netns_len++] = netns;
	return p->netns_len;
}

static void put_verdict(struct block *b, const struct verdict *v)
{
	block_format(b, "%s [%s]: ", v->cause->id, confidence_name(v->confidence));
	block_text(b, v->summary, sizeof(v->summary));
	for (unsigned i = 0; i < v->hints_len; i++) {
		block_line_end(b);
		block_format(b, "%s: ", v->hints[i].hint->id);
		block_text(b, v->hints[i].text, sizeof(v->hints[i].text));
	}
	for (unsigned i = 0; i < v->evidence_len; i++) {
		block_line_end(b);
		block_text(b, "- ", SIZE_MAX);
		block_text(b, v->evidence[i], sizeof(v->evidence[i]));
	}
}

static void put_process(struct block *b, const struct record *r, const struct verdict *v)
{
	if (!v->who)
		return;
	block_line_end(b);
	block_text(b, "process: ", SIZE_MAX);
	block_text(b, v->who->comm, COMM_LEN);
	block_format(b, " (%u), %s", v->who->pid, role_name(v->role));
	/* These are the socket's, and a killer is a stranger to it. */
	if (v->role == ROLE_KILLER)
		return;
	if (r->container.id[0])
		block_format(b, ", container %.*s", CONTAINER_SHORT_LEN, r->container.id);
	if (r->container.unit[0])
		block_format(b, ", unit %s", r->container.unit);
}

/* A recording may be of several hosts. */
static void put_host(struct block *b, const struct pcapng *section, const struct record *r)
{
	if (!r->host || !*r->host || (section->host && !strcmp(r->host, section->host)))
		return;
	block_line_end(b);
	block_text(b, "host: ", SIZE_MAX);
	block_text(b, r->host, HOST_MAX);
}

/* What the packet is, and what of it is not to be believed. */
static void put_role(struct block *b, const struct packet *p)
{
	static const char *const words[] = {
		[PACKET_TRIGGER] = "this segment was answered with a reset",
		[PACKET_RESET] = "this is the reset",
		[PACKET_REBUILT] = "this is the reset, reconstructed from what its socket knew: ",
	};

	block_line_end(b);
	block_text(b, words[p->role], SIZE_MAX);
	if (p->role != PACKET_REBUILT)
		return;
	if (!p->has_numbers)
		block_text(b, "sequence numbers, ", SIZE_MAX);
	if (!p->is_outbound)
		block_text(b, "flags but RST, ", SIZE_MAX);
	block_text(b, "window, options, TTL and IP id were not seen", SIZE_MAX);
}

static void put_comment(struct block *b, const struct pcapng *section, const struct packet *p,
			const struct record *r, const struct verdict *v)
{
	block_text_begin(b, BLOCK_COMMENT);
	put_verdict(b, v);
	put_process(b, r, v);
	put_host(b, section, r);
	put_role(b, p);
	block_text_end(b);
}

/* The draft has no process for inbound packets: they are not its doing. */
static void put_options(struct block *b, const struct pcapng *section, const struct packet *p,
			const struct record *r, const struct verdict *v)
{
	uint32_t flags = p->is_outbound ? FLAGS_OUTBOUND : FLAGS_INBOUND;
	uint32_t process[] = {v->who ? v->who->pid : 0, 0}; /* and the thread, which is not known */

	put_comment(b, section, p, r, v);
	block_option(b, PACKET_FLAGS, &flags, sizeof(flags));
	block_option_u64(b, PACKET_ID, strtoull(r->id, NULL, 16));
	if (p->is_outbound && v->who)
		block_option(b, PACKET_PROCESS, process, sizeof(process));
}

void pcapng_put(struct pcapng *p, struct out *o, const struct record *r, const struct verdict *v)
{
	struct packet packet;
	struct block b;
	uint32_t interface;

	if (!packet_of(r, &packet))
		return;
	interface = interface_of(p, o, r->e.flow.netns);
	block_begin(&b, BLOCK_PACKET);
	block_u32(&b, interface);
	block_time(&b, r->time_ns);
	block_u32(&b, packet.len);
	block_u32(&b, packet.wire_len);
	block_bytes(&b, packet.bytes, packet.len);
	put_options(&b, p, &packet, r, v);
	block_end(&b, o);
	p->packets++;
}

static void put_sum(struct block *b, const struct pcapng *p, const struct pcapng_statistics *s)
{
	block_text_begin(b, BLOCK_COMMENT);
	block_format(b, "events in this section: %llu counted, %llu suppressed by --rate, ",
		     (unsigned long long)s->counted, (unsigned long long)s->suppressed);
	block_format(b, "%llu lost, %llu written", (unsigned long long)s->lost,
		     (unsigned long long)p->packets);
	block_text_end(b);
}

void pcapng_statistics(const struct pcapng *p, struct out *o, const struct pcapng_statistics *s)
{
	struct block b;

	block_begin(&b, BLOCK_STATISTICS);
	block_u32(&b, 0); /* the interface */
	block_time(&b, s->end_ns);
	put_sum(&b, p, s);
	block_option_time(&b, STATISTICS_BEGIN, s->begin_ns);
	block_option_time(&b, STATISTICS_END, s->end_ns);
	block_option_u64(&b, STATISTICS_RECEIVED, s->counted);
	block_option_u64(&b, STATISTICS_DROPPED, s->suppressed);
	block_option_u64(&b, STATISTICS_OS_DROPPED, s->lost);
	block_option_u64(&b, STATISTICS_DELIVERED, p->packets);
	block_end(&b, o);
}
