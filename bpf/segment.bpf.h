/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Facts of a segment that came in: the trigger of a reset, or the reset itself. The network and
 * transport header offsets of the skb are set wherever TCP handles it.
 */
#ifndef RSTWHY_SEGMENT_BPF_H
#define RSTWHY_SEGMENT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "forget.bpf.h"
#include "sock.bpf.h"

#define TCP_FLAG_SYN 0x02
#define TCP_FLAG_RST 0x04
#define TCP_FLAG_PSH 0x08
#define TCP_FLAG_ACK 0x10
#define IP_DF 0x4000
#define IP_OFFSET 0x1fff
#define SKB_DST_PTRMASK (~1UL)

union ip_header {
	__u8 first;
	struct iphdr v4;
	struct {
		struct iphdr ip;
		struct tcphdr tcp;
	} v4_tcp;
	struct ipv6hdr v6;
};

/* The headers of one skb, copied out once. */
struct headers {
	union ip_header ip;
	struct tcphdr tcp;
	const unsigned char *transport; /* where the TCP header stands */
	union {
		struct {
			__u16 network_offset;
			__u16 transport_offset;
			bool v6;
		};
		__u64 forget;
	};
};

static __always_inline bool read_network(struct headers *h, const struct sk_buff *skb,
					 const unsigned char *head)
{
	h->network_offset = READ(skb, network_header);
	if (bpf_probe_read_kernel(&h->ip, sizeof(h->ip), head + h->network_offset))
		return false;
	h->v6 = h->ip.first >> 4 == 6;
	return true;
}

static __always_inline bool read_transport(struct headers *h, const unsigned char *head,
					   __u16 offset)
{
	h->transport_offset = offset;
	h->transport = head + offset;
	forget(&h->forget, 1);
	/* An IPv4 header without options is short: the TCP header was read along with it. */
	if (!h->v6 && offset - h->network_offset == sizeof(h->ip.v4)) {
		h->tcp = h->ip.v4_tcp.tcp;
		return true;
	}
	return !bpf_probe_read_kernel(&h->tcp, sizeof(h->tcp), h->transport);
}

static __always_inline bool read_headers(struct headers *h, const struct sk_buff *skb)
{
	const unsigned char *head = READ(skb, head);

	return read_network(h, skb, head) && read_transport(h, head, READ(skb, transport_header));
}

/* Where netfilter rejects, the transport header need not be set yet. */
static __always_inline bool read_headers_from_network(struct headers *h, const struct sk_buff *skb)
{
	const unsigned char *head = READ(skb, head);

	if (!read_network(h, skb, head))
		return false;
	if (!h->v6)
		return h->ip.v4.protocol == IPPROTO_TCP &&
		       !(bpf_ntohs(h->ip.v4.frag_off) & IP_OFFSET) &&
		       read_transport(h, head, h->network_offset + (h->ip.v4.version_ihl & 15) * 4);
	return h->ip.v6.nexthdr == IPPROTO_TCP &&
	       read_transport(h, head, h->network_offset + sizeof(struct ipv6hdr));
}

static __always_inline const struct net *skb_net(const struct sk_buff *skb)
{
	/* Without a socket dev is still set; else the route knows the device. */
	const struct net_device *dev = READ(skb, dev);

	if (!dev) {
		unsigned long refdst = READ(skb, _skb_refdst) & SKB_DST_PTRMASK;
		const struct dst_entry *dst = TYPED(dst_entry, (void *)refdst);

		dev = READ(dst, dev);
	}
	return READ(dev, nd_net.net);
}

static __always_inline __u32 skb_netns(const struct sk_buff *skb)
{
	const struct net *net = skb_net(skb);

	return READ(net, ns.inum);
}

/* This host's view: the segment came from the peer. netns is left to the caller. */
static __always_inline void flow_from_headers(struct flow *flow, const struct headers *h)
{
	if (h->v6) {
		__builtin_memcpy(flow->local, h->ip.v6.daddr, 16);
		__builtin_memcpy(flow->peer, h->ip.v6.saddr, 16);
	} else {
		map_v4(flow->local, h->ip.v4.daddr);
		map_v4(flow->peer, h->ip.v4.saddr);
	}
	flow->local_port = bpf_ntohs(h->tcp.dest);
	flow->peer_port = bpf_ntohs(h->tcp.source);
}

/* Namespaces in which some segment was tracked: there one without an entry is INVALID. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u8);
} tracked_netns SEC(".maps");

#define NFCT_INFOMASK 7UL
#define IP_CT_UNTRACKED 7

/* skb->_nfct: the entry's address and, in the low bits, how the segment relates to it. */
static __always_inline enum conntrack conntrack_of(const struct sk_buff *skb, __u32 netns)
{
	unsigned long nfct;
	__u8 yes = 1;

	if (!bpf_core_field_exists(skb->_nfct))
		return CONNTRACK_OFF;
	nfct = READ(skb, _nfct);
	if ((nfct & NFCT_INFOMASK) == IP_CT_UNTRACKED)
		return CONNTRACK_UNTRACKED;
	if (nfct) {
		bpf_map_update_elem(&tracked_netns, &netns, &yes, BPF_ANY);
		return CONNTRACK_VALID;
	}
	return bpf_map_lookup_elem(&tracked_netns, &netns) ? CONNTRACK_INVALID : CONNTRACK_OFF;
}

static __always_inline void fill_payload(struct segment *s, const struct headers *h, __u32 tcp_len)
{
	if (s->length == PAYLOAD_LEN &&
	    !bpf_probe_read_kernel(s->payload, PAYLOAD_LEN, h->transport + tcp_len))
		s->payload_len = PAYLOAD_LEN;
}

static __always_inline void fill_segment(struct segment *s, const struct headers *h)
{
	__u32 tcp_len = (h->tcp.doff_res >> 4) * 4;
	__u32 total;

	if (h->v6) {
		total = bpf_ntohs(h->ip.v6.payload_len) + sizeof(struct ipv6hdr);
		s->ttl = h->ip.v6.hop_limit;
		s->tos = bpf_ntohl(h->ip.v6.version_flow) >> 20;
	} else {
		total = bpf_ntohs(h->ip.v4.tot_len);
		s->ttl = h->ip.v4.ttl;
		s->tos = h->ip.v4.tos;
		s->ip_id = bpf_ntohs(h->ip.v4.id);
		s->dont_fragment = !!(bpf_ntohs(h->ip.v4.frag_off) & IP_DF);
	}
	s->length = total - (h->transport_offset - h->network_offset) - tcp_len;
	s->seq = bpf_ntohl(h->tcp.seq);
	s->ack = bpf_ntohl(h->tcp.ack_seq);
	s->window = bpf_ntohs(h->tcp.window);
	s->flags = h->tcp.flags;
	fill_payload(s, h, tcp_len);
	if (tcp_len > sizeof(struct tcphdr)) {
		__u32 len = tcp_len - sizeof(struct tcphdr);

		if (len <= OPTIONS_LEN &&
		    !bpf_probe_read_kernel(s->options, len, h->transport + sizeof(struct tcphdr)))
			s->options_len = len;
	}
}

#endif
