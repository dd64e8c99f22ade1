// SPDX-License-Identifier: GPL-2.0
/* Hints about who is at the other end, or pretends to be. */
#include "hints.h"

#include <string.h>

#include "facts.h"
#include "names.h"
#include "print.h"
#include "thresholds.h"

/* What a sign of forgery says; empty: it is not met. */
#define SIGN_LEN 96
typedef void (*sign_fn)(const struct record *r, char text[SIGN_LEN]);

/* The header of the reset in question, as far as it was visible. */
static struct reset_seen suspect_of(const struct record *r)
{
	const struct segment *s = &r->e.segment;

	if (r->e.direction == DIRECTION_SENT || !has(r, HAVE_SEGMENT))
		return r->history.reset;
	return (struct reset_seen){
		.visible = true,
		.window = s->window,
		.ip_id = s->ip_id,
		.flags = s->flags,
		.ttl = s->ttl,
		.dont_fragment = s->dont_fragment,
	};
}

static bool is_near(int ttl, int low, int high)
{
	return ttl >= low - FORGERY_TTL_SLACK && ttl <= high + FORGERY_TTL_SLACK;
}

/* The segment that a sent reset answers is the peer's latest word on its TTL. */
static void sign_ttl(const struct record *r, char text[SIGN_LEN])
{
	struct reset_seen reset = suspect_of(r);
	int low = r->history.ttl_low, high = r->history.ttl_high;

	if (r->history.peer_talks)
		low = high = r->e.segment.ttl;
	else if (!r->history.ttl_known)
		return;
	if (reset.visible && reset.ttl && !is_near(reset.ttl, low, high))
		print_text(text, SIGN_LEN,
			   low == high ? "its TTL was %d, the peer's is %d"
				       : "its TTL was %d, the peer's are %d to %d",
			   reset.ttl, low, high);
}

/*
 * Only a live socket has a window, and then ACK is set (RFC 9293, 3.10.7.1, and field
 * measurements). A fragmentable packet needs an identification (RFC 6864, 4.1).
 */
static void sign_shape(const struct record *r, char text[SIGN_LEN])
{
	struct reset_seen reset = suspect_of(r);

	if (!reset.visible)
		return;
	if (reset.window && !(reset.flags & TCP_ACK))
		print_text(text, SIGN_LEN, "it had a window (%u) and no ACK", reset.window);
	else if (is_ipv4(&r->e.flow) && !reset.ip_id && !reset.dont_fragment)
		print_text(text, SIGN_LEN, "its IP ID was 0 and fragmenting was allowed");
}

static void sign_talk(const struct record *r, char text[SIGN_LEN])
{
	char ago[DURATION_LEN];

	if (r->history.peer_talks)
		print_text(text, SIGN_LEN, "the peer went on talking %s after it",
			   duration(seconds_between(r->history.reset.time_ns, r->e.time_ns), ago));
}

static void sign_shift(const struct record *r, char text[SIGN_LEN])
{
	if (r->history.seq_shifted)
		print_text(text, SIGN_LEN, "several came, at shifting sequence numbers");
}

static bool possible_forgery(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	static const sign_fn signs[] = {sign_ttl, sign_shape, sign_talk, sign_shift};
	unsigned met = 0;
	int len;

	(void)v;
	/* Its sender is on this host and was seen; and what this host sends unasked is its own. */
	if (r->pair[0] || (r->e.direction != DIRECTION_RECEIVED && !r->history.peer_talks))
		return false;
	len = print_text(text, TEXT_LEN,
			 r->history.peer_talks ? "the reset received before this may be forged: "
					       : "this reset may be forged: ");
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		char sign[SIGN_LEN] = "";

		signs[i](r, sign);
		if (!sign[0])
			continue;
		if (len < TEXT_LEN)
			len += print_text(text + len, TEXT_LEN - len, "%s%s", met ? "; " : "",
					  sign);
		met++;
	}
	return met >= FORGERY_SIGNS;
}

static bool port_scan(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	const struct history_facts *h = &r->history;
	unsigned ports = h->closed_ports + h->half_open_ports;
	char peer[ADDRESS_LEN];

	(void)v;
	if (ports < SCAN_PORTS)
		return false;
	print_text(text, TEXT_LEN,
		   "%s tried at least %u ports of this host within %llu s: %u closed, %u left "
		   "half-open",
		   address_text(r->e.flow.peer, peer), ports, SCAN_WINDOW_NS / 1000000000,
		   h->closed_ports, h->half_open_ports);
	return true;
}

static bool health_check(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	char peer[ADDRESS_LEN], period[DURATION_LEN];

	if (r->history.visits < CHECK_TIMES || !strcmp(v->cause->id, "reset-ignored"))
		return false;
	print_text(text, TEXT_LEN,
		   "%s comes every %s (%u times in a row), exchanges no data and resets",
		   address_text(r->e.flow.peer, peer), duration(r->history.period_s, period),
		   r->history.visits);
	return true;
}

/* draft-ietf-tcpm-rst-diagnostic-payload, the registry "TCP Failure Causes". */
static const char *const diagnoses[] = {
	[1] = "illegal option length",
	[2] = "desynchronized state",
	[3] = "new data after CLOSE",
	[4] = "the application aborted",
	[5] = "unexpected ACK before the connection was established",
	[6] = "unexpected SYN in the window",
	[7] = "unexpected security compartment",
	[8] = "malformed message",
	[9] = "not authorized",
	[10] = "resource exceeded",
	[11] = "network failure",
	[12] = "reset received from the peer",
	[13] = "destination unreachable",
	[14] = "connection timeout",
	[15] = "too much outstanding data",
	[16] = "unacceptable performance",
	[17] = "middlebox interference",
};

#define DIAGNOSES (sizeof(diagnoses) / sizeof(diagnoses[0]))
#define DIAGNOSIS_MAGIC 0x33aa

/* Eight bytes: magic, reason (not 0), private enterprise number (0: the registry). */
static bool diagnosis_of(const struct record *r, unsigned *reason, uint32_t *enterprise)
{
	const uint8_t *p = r->e.segment.payload;

	if (r->e.direction != DIRECTION_RECEIVED || !has(r, HAVE_SEGMENT) ||
	    !(r->e.segment.flags & TCP_RST) || r->e.segment.payload_len != PAYLOAD_LEN)
		return false;
	*reason = p[2] << 8 | p[3];
	*enterprise = (uint32_t)p[4] << 24 | p[5] << 16 | p[6] << 8 | p[7];
	return (p[0] << 8 | p[1]) == DIAGNOSIS_MAGIC && *reason;
}

static bool peer_says(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	unsigned reason;
	uint32_t enterprise;

	(void)v;
	if (!diagnosis_of(r, &reason, &enterprise))
		return false;
	if (enterprise)
		print_text(text, TEXT_LEN,
			   "the reset carries reason %u of the organisation with the number %u",
			   reason, enterprise);
	else
		print_text(text, TEXT_LEN, "the reset carries the reason \"%s\" (%u)",
			   reason < DIAGNOSES ? diagnoses[reason] : "not in the list", reason);
	return true;
}

const struct hint hints_peer[] = {
	{
		.id = "possible-forgery",
		.title = "several signs say that the peer did not send it",
		.test = possible_forgery,
		.article =
			{
				.what = "The reset may not come from the peer at all, but from a "
					"box between that breaks connections: a filter, an "
					"intrusion prevention system, a censor, or an attacker.",
				.know = "Four signs are checked: another TTL than other segments "
					"of the peer had, an IP ID or window unlike a TCP stack's, "
					"the peer still talking within 2 s after its own reset, "
					"several resets within 2 s with shifting sequence numbers. "
					"Those met are listed, and there are at least two. The "
					"peer goes on talking when the reset was already shown: "
					"then the hint stands beside the answer to that segment. "
					"Load balancers, NAT and anycast produce the same signs, "
					"so this stays a possibility.",
				.confirm = "tcpdump -nSvi any 'tcp and host PEER'  # TTL, id, seq "
					   "of each reset\n"
					   "tcpdump -ni any 'tcp and host PEER'  # on the peer: "
					   "did it send this reset?\n"
					   "traceroute -T -p PORT PEER",
				.advice = "Capture at both ends at the same time. A reset that the "
					  "peer never sent was made in between; if each end sees "
					  "the reset come from the other, that is proof. The TTL "
					  "tells about how far away it was made. Then ask whoever "
					  "runs the network there. Encrypted tunnels (IPsec, "
					  "WireGuard) take the means away.",
				.references = "Weaver, Sommer, Paxson: Detecting Forged TCP Reset "
					      "Packets, NDSS 2009\n"
					      "RFC 5961 section 3\n"
					      "RFC 3360",
			},
	},
	{
		.id = "port-scan",
		.title = "one source tries many ports",
		.test = port_scan,
		.article =
			{
				.what = "One source tried many ports of this host in a short time, "
					"and found them closed or left them half-open. That is how "
					"port scanners work.",
				.know = "SYNs to closed ports and half-open connections that the "
					"peer reset are counted by source: this one's source tried "
					"15 or more different ports within a minute. It is an "
					"interpretation: a misconfigured monitoring system looks "
					"the same.",
				.confirm =
					"rstwhy -f json --cause=port-closed -d 60 -o "
					"scan.json\n"
					"jq -r .network.peer.address scan.json | sort | uniq -c  "
					"# resets per source\n"
					"ss -ltn  # what a scanner would find",
				.advice = "From the Internet this is background noise: see that "
					  "only wanted ports are open, and filter the rest. From "
					  "inside your own network find out who it is: a security "
					  "scanner, or a machine that somebody has taken over. "
					  "Leave it out with --exclude-cause=port-closed.",
				.references = "RFC 9293 section 3.5.2 (group 1)\n"
					      "nmap(1)",
			},
	},
	{
		.id = "health-check",
		.title = "the same peer, at regular times, without data",
		.test = health_check,
		.article =
			{
				.what = "A load balancer, an orchestrator or a monitoring system "
					"seems to be checking whether the port answers: it "
					"connects, sends nothing, and ends with a reset.",
				.know = "The same peer came to the same port five times or more, "
					"at distances of time that are equal within 5 % (or 0.1 "
					"s), and no byte was exchanged. It is an interpretation; a "
					"client with a timer looks the same.",
				.confirm = "rstwhy -f json --local-port=PORT | jq -c '[.time, "
					   ".network.peer.address]'\n"
					   "nstat -asz TcpEstabResets TcpAttemptFails",
				.advice = "Nothing is wrong. To have it quiet, let the checker "
					  "close in good order or use a check of the protocol "
					  "(HTTP instead of TCP): keepalived, HAProxy and kubelet "
					  "have settings. To hide it here, exclude its address or "
					  "cause.",
				.references = "socket(7), SO_LINGER",
			},
	},
	{
		.id = "peer-says",
		.title = "the reset says itself why it was sent",
		.test = peer_says,
		.article =
			{
				.what = "The reset carried a message that says why it was sent: "
					"the RST diagnostic payload, a proposal of the IETF. The "
					"text shown is what the sender claims.",
				.know = "The reset had exactly 8 bytes of data beginning with 33 "
					"aa, followed by a reason and the number of the "
					"organisation that defined it (0: the standard list). It "
					"is the sender's word; a reset can be forged, and its "
					"words too.",
				.confirm = "tcpdump -nXi any 'tcp[tcpflags] & tcp-rst != 0 and "
					   "host PEER'  # 33aa ...",
				.advice = "Follow the reason given, and ask whoever runs the peer "
					  "or, if the reason is that of a middlebox (NAT "
					  "resources, firewall), the box between.",
				.references = "draft-ietf-tcpm-rst-diagnostic-payload\n"
					      "RFC 9293 section 3.5.3 (SHLD-2: a reset may carry "
					      "data)",
			},
	},
	{0},
};
