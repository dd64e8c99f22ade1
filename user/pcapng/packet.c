// SPDX-License-Identifier: GPL-2.0
/* The segment of a record as an IP packet. */
#include "packet.h"

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>

#include "facts.h"

#define TTL_DEFAULT 64 /* of Linux; what a header that nobody saw gets */
#define NF_LOCAL_OUT 3 /* NF_INET_LOCAL_OUT (include/uapi/linux/netfilter.h) */
#define LENGTH_MAX 65535 /* of an IPv4 packet */

/* The payload is cut where a length field would overflow: segments are merged before we see them. */
static unsigned payload_on_wire(const struct segment *s)
{
	unsigned max = LENGTH_MAX - sizeof(struct iphdr) - sizeof(struct tcphdr) - s->options_len;

	return s->length < max ? s->length : max;
}

/* RFC 1071; `len` is even but at the end of what is summed up. */
static uint32_t sum(uint32_t start, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (; len > 1; p += 2, len -= 2)
		start += p[0] << 8 | p[1];
	return len ? start + (p[0] << 8) : start;
}

static uint16_t checksum(uint32_t total)
{
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return htons(~total);
}

static void put(struct packet *p, const void *data, size_t len)
{
	memcpy(p->bytes + p->len, data, len);
	p->len += len;
}

/* A segment always travels from the peer, but for a reset of ours. */
struct ends {
	const uint8_t *from, *to; /* 16 bytes */
	uint16_t from_port, to_port;
	bool is_ipv4;
};

static void put_ipv4(struct packet *p, const struct ends *ends, const struct segment *s,
		     unsigned len)
{
	unsigned begin = p->len;
	struct iphdr ip = {
		.version = 4,
		.ihl = sizeof(ip) / 4,
		.tos = s->tos,
		.tot_len = htons(sizeof(ip) + len),
		.id = htons(s->ip_id),
		.frag_off = htons(s->dont_fragment ? IP_DF : 0),
		.ttl = s->ttl,
		.protocol = IPPROTO_TCP,
	};

	memcpy(&ip.saddr, ends->from + 12, sizeof(ip.saddr));
	memcpy(&ip.daddr, ends->to + 12, sizeof(ip.daddr));
	put(p, &ip, sizeof(ip));
	ip.check = checksum(sum(0, p->bytes + begin, sizeof(ip)));
	memcpy(p->bytes + begin, &ip, sizeof(ip));
}

static void put_ipv6(struct packet *p, const struct ends *ends, const struct segment *s,
		     unsigned len)
{
	struct ip6_hdr ip = {
		.ip6_flow = htonl(6u << 28 | (uint32_t)s->tos << 20),
		.ip6_plen = htons(len),
		.ip6_nxt = IPPROTO_TCP,
		.ip6_hlim = s->ttl,
	};

	memcpy(&ip.ip6_src, ends->from, sizeof(ip.ip6_src));
	memcpy(&ip.ip6_dst, ends->to, sizeof(ip.ip6_dst));
	put(p, &ip, sizeof(ip));
}

/* len: of the segment, with all of its payload. */
static uint32_t pseudo_header(const struct ends *ends, unsigned len)
{
	unsigned skip = ends->is_ipv4 ? 12 : 0;
	uint32_t total = sum(IPPROTO_TCP + len, ends->from + skip, 16 - skip);

	return sum(total, ends->to + skip, 16 - skip);
}

static void put_tcp(struct packet *p, const struct ends *ends, const struct segment *s,
		    unsigned len)
{
	unsigned begin = p->len;
	struct tcphdr tcp = {
		.th_sport = htons(ends->from_port),
		.th_dport = htons(ends->to_port),
		.th_seq = htonl(s->seq),
		.th_ack = htonl(s->ack),
		.th_off = (sizeof(tcp) + s->options_len) / 4,
		.th_flags = s->flags,
		.th_win = htons(s->window),
	};

	put(p, &tcp, sizeof(tcp));
	put(p, s->options, s->options_len);
	put(p, s->payload, s->payload_len);
	tcp.th_sum = checksum(sum(pseudo_header(ends, len), p->bytes + begin, p->len - begin));
	memcpy(p->bytes + begin, &tcp, sizeof(tcp));
}

static void build(struct packet *p, const struct ends *ends, const struct segment *s)
{
	unsigned len = sizeof(struct tcphdr) + s->options_len + payload_on_wire(s);

	p->len = 0;
	if (ends->is_ipv4)
		put_ipv4(p, ends, s, len);
	else
		put_ipv6(p, ends, s, len);
	p->wire_len = p->len + len;
	put_tcp(p, ends, s, len);
}

static struct ends ends_of(const struct flow *flow, bool from_peer)
{
	struct ends ends = {flow->local, flow->peer, flow->local_port, flow->peer_port,
			    is_ipv4(flow)};
	struct ends back = {ends.to, ends.from, ends.to_port, ends.from_port, ends.is_ipv4};

	return from_peer ? back : ends;
}

/* Not beyond what the peer can take (tcp_acceptable_seq() in net/ipv4/tcp_output.c). */
static uint32_t acceptable_seq(const struct sock_facts *s)
{
	uint32_t end = s->snd_una + s->snd_wnd;

	return (int32_t)(end - s->snd_nxt) < 0 ? end : s->snd_nxt;
}

/* As tcp_send_active_reset() makes it. */
static struct segment sent_reset(const struct record *r)
{
	return (struct segment){
		.flags = TCP_RST | TCP_ACK,
		.seq = acceptable_seq(&r->e.sock),
		.ack = r->e.sock.rcv_nxt,
		.ttl = TTL_DEFAULT,
		.dont_fragment = true,
	};
}

/* What made the socket obey: the next number it waits for, or the ACK of its SYN (RFC 9293,
 * 3.10.7). Whether an ACK came with the former is not known. */
static struct segment received_reset(const struct record *r)
{
	bool answers_syn = r->e.state == STATE_SYN_SENT;

	return (struct segment){
		.flags = answers_syn ? TCP_RST | TCP_ACK : TCP_RST,
		.seq = answers_syn ? 0 : r->e.sock.rcv_nxt,
		.ack = answers_syn ? r->e.sock.snd_nxt : 0,
		.ttl = TTL_DEFAULT,
		.dont_fragment = true,
	};
}

static void rebuild(const struct record *r, struct packet *p)
{
	bool received = r->e.direction == DIRECTION_RECEIVED;
	struct segment s = received ? received_reset(r) : sent_reset(r);
	struct ends ends = ends_of(&r->e.flow, received);

	p->role = PACKET_REBUILT;
	p->is_outbound = !received;
	p->has_numbers = has(r, HAVE_SOCK);
	build(p, &ends, &s);
}

bool packet_of(const struct record *r, struct packet *ret)
{
	struct ends ends = ends_of(&r->e.flow, true);

	if (r->suppressed || r->e.direction == DIRECTION_NONE)
		return false;
	if (!has(r, HAVE_SEGMENT)) {
		rebuild(r, ret);
		return true;
	}
	ret->role = r->e.direction == DIRECTION_SENT ? PACKET_TRIGGER : PACKET_RESET;
	ret->is_outbound = r->e.nf_hook == 1 + NF_LOCAL_OUT;
	ret->has_numbers = true;
	build(ret, &ends, &r->e.segment);
	return true;
}
