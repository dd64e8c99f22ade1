// SPDX-License-Identifier: GPL-2.0
/*
 * Received resets. What the peer meant is read off the state the reset met and, where several
 * causes remain, off its shape: an abort by a live socket carries ACK, a window and (if they were
 * negotiated) timestamps; the reply of a stack that knows no such connection carries none of them.
 * Kernel sites r1-r11.
 */
#include "causes.h"

#include <errno.h>
#include <string.h>

#include "facts.h"
#include "names.h"
#include "print.h"
#include "who.h"

/* What the reset looks like, and how that is known. */
enum shape {
	SHAPE_UNKNOWN,
	SHAPE_ABORT, /* sent by a live socket */
	SHAPE_REPLY, /* sent by a stack, or a box, that has no such connection */
};

static enum shape shape_of_segment(const struct record *r)
{
	const struct segment *s = &r->e.segment;
	uint32_t tsval, tsecr;
	bool timestamp = segment_timestamp(r, &tsval, &tsecr);

	if (sock_is(r, SOCK_BIT_TSTAMP_OK))
		return timestamp ? SHAPE_ABORT : SHAPE_REPLY;
	return s->flags & TCP_ACK && s->window ? SHAPE_ABORT : SHAPE_REPLY;
}

static enum shape shape_of(const struct record *r)
{
	/* The other end is on this host and was seen sending it: nothing to guess. */
	if (r->pair_cause)
		return r->pair_answers ? SHAPE_REPLY : SHAPE_ABORT;
	if (has(r, HAVE_SEGMENT))
		return shape_of_segment(r);
	/* Without the packet: the options parser has just noted whether it carried a timestamp. */
	if (sock_is(r, SOCK_BIT_TSTAMP_OK))
		return sock_is(r, SOCK_BIT_SAW_TSTAMP) ? SHAPE_ABORT : SHAPE_REPLY;
	return SHAPE_UNKNOWN;
}

static void say_shape(const struct record *r, struct verdict *v)
{
	const struct segment *s = &r->e.segment;
	char flags[FLAGS_LEN];

	if (r->pair_cause)
		verdict_evidence(v, "its sender was seen on this host: %s%s%s", r->pair_name,
				 r->pair_name[0] ? ", " : "", r->pair_cause);
	if (has(r, HAVE_SEGMENT))
		verdict_evidence(v, "the reset: flags %s, window %u, TTL %u, IP ID %u",
				 flags_text(s->flags, flags), s->window, s->ttl, s->ip_id);
	else if (sock_is(r, SOCK_BIT_TSTAMP_OK))
		verdict_evidence(v, sock_is(r, SOCK_BIT_SAW_TSTAMP)
					    ? "the reset carried a TCP timestamp: a live socket "
					      "sent it"
					    : "the reset carried no TCP timestamp though they were "
					      "negotiated: no live socket sent it");
	else if (!r->pair_cause)
		verdict_evidence(v, "the reset's own header is not visible on this kernel, and the "
				    "connection has no timestamps to tell by");
}

static void say_traffic(const struct record *r, struct verdict *v)
{
	const struct sock_facts *s = &r->e.sock;
	char idle[DURATION_LEN];

	if (idle_seconds(r) >= 0)
		verdict_evidence(v, "idle for %s before it", duration(idle_seconds(r), idle));
	if (unacked_bytes(r))
		verdict_evidence(v, "%u byte%s sent and not acknowledged", unacked_bytes(r),
				 plural(unacked_bytes(r)));
	if (s->retransmits)
		verdict_evidence(v, "%u retransmission%s unanswered", s->retransmits,
				 plural(s->retransmits));
	if (s->probes_out)
		verdict_evidence(v, "%u probe%s unanswered", s->probes_out, plural(s->probes_out));
}

/* The kernel obeyed it, in that state. */
static bool received_in(const struct record *r, enum tcp_state state)
{
	return r->e.state == state && !r->drop_reason;
}

/*
 * A request socket and a TIME_WAIT socket obey a RST without tcp_reset(): the segment is dropped
 * by tcp_v4_rcv() with no reason given. A RST that is not obeyed has a reason, or another place.
 */
static bool dropped_obeyed(const struct record *r, enum tcp_state state)
{
	return r->e.state == state && r->drop_reason && !strcmp(r->drop_reason, "NOT_SPECIFIED") &&
	       r->location &&
	       (frame_is(r->location, "tcp_v4_rcv") || frame_is(r->location, "tcp_v6_rcv"));
}

static bool test_refused(const struct record *r, struct verdict *v)
{
	char peer[ENDPOINT_LEN], after[DURATION_LEN];

	if (!received_in(r, STATE_SYN_SENT))
		return false;
	if (!who_connected(r, v))
		who_holds(r, v);
	v->site = "tcp_rcv_synsent_state_process";
	v->confidence = CERTAIN;
	v->error = ECONNREFUSED;
	verdict_summary(v, "%s refused the connection: port closed, or a firewall rejects",
			endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer));
	verdict_evidence(v, "our SYN was answered by a reset");
	if (age_seconds(r) >= 0)
		verdict_evidence(v, "%s after connect()", duration(age_seconds(r), after));
	if (has(r, HAVE_SEGMENT))
		say_shape(r, v);
	return true;
}

static bool test_before_accept(const struct record *r, struct verdict *v)
{
	char age[DURATION_LEN];

	if (!received_in(r, STATE_ESTABLISHED) || sock_is(r, SOCK_BIT_SOCKET) ||
	    sock_is(r, SOCK_BIT_DEAD))
		return false;
	who_listens(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = CERTAIN;
	v->error = ECONNRESET;
	verdict_summary(v, "the peer reset the connection before %s accepted it",
			v->who ? v->name : "the application");
	verdict_evidence(v, "the connection was still in the accept queue");
	if (age_seconds(r) >= 0)
		verdict_evidence(v, "it had waited for %s", duration(age_seconds(r), age));
	say_shape(r, v);
	return true;
}

/* A probe or a retransmission was out: it is natural that a host without the connection answers. */
static bool was_asking(const struct record *r)
{
	return r->e.sock.probes_out || r->e.sock.retransmits;
}

static bool test_peer_lost(const struct record *r, struct verdict *v)
{
	enum shape shape = shape_of(r);

	if (!received_in(r, STATE_ESTABLISHED))
		return false;
	if (shape == SHAPE_ABORT || (shape == SHAPE_UNKNOWN && !was_asking(r)))
		return false;
	who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = r->pair_cause ? CERTAIN : shape == SHAPE_REPLY ? LIKELY : POSSIBLE;
	v->error = ECONNRESET;
	verdict_summary(v, "the peer, or a box before it, no longer knows this connection");
	say_shape(r, v);
	say_traffic(r, v);
	return true;
}

static bool test_write_after_close(const struct record *r, struct verdict *v)
{
	if (!received_in(r, STATE_CLOSE_WAIT) || shape_of(r) == SHAPE_ABORT)
		return false;
	who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = shape_of(r) == SHAPE_REPLY && unacked_bytes(r) ? CERTAIN : LIKELY;
	v->error = EPIPE;
	if (r->e.sock.probes_out)
		verdict_summary(v, "the peer had closed, and our probe met its dead socket");
	else
		verdict_summary(v, "%s wrote to a connection the peer had closed", v->name);
	verdict_evidence(v, "the peer's FIN had been received (CLOSE_WAIT)");
	say_shape(r, v);
	say_traffic(r, v);
	return true;
}

static bool test_peer_aborted(const struct record *r, struct verdict *v)
{
	if (!received_in(r, STATE_ESTABLISHED) && !received_in(r, STATE_CLOSE_WAIT))
		return false;
	who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = r->pair_cause ? CERTAIN : shape_of(r) == SHAPE_ABORT ? LIKELY : POSSIBLE;
	v->error = r->e.state == STATE_CLOSE_WAIT ? EPIPE : ECONNRESET;
	verdict_summary(v,
			"the peer aborted the live connection (unread data, SO_LINGER 0, kill or "
			"timer)");
	say_shape(r, v);
	say_traffic(r, v);
	return true;
}

static bool test_during_close(const struct record *r, struct verdict *v)
{
	char ago[DURATION_LEN];

	if (!received_in(r, STATE_FIN_WAIT1) && !received_in(r, STATE_FIN_WAIT2) &&
	    !received_in(r, STATE_CLOSING) && !received_in(r, STATE_LAST_ACK))
		return false;
	if (!who_closed(r, v))
		who_holds(r, v);
	v->site = "tcp_validate_incoming";
	v->confidence = CERTAIN;
	v->error = sock_is(r, SOCK_BIT_DEAD) ? 0 : ECONNRESET;
	verdict_summary(v, "%s had closed, and the peer reset instead of finishing", v->name);
	verdict_evidence(v, "state %s: our FIN was sent", state_name(r->e.state));
	if (r->e.life.closed_ns)
		verdict_evidence(v, "closed %s ago",
				 duration(seconds_between(r->e.life.closed_ns, r->e.time_ns), ago));
	say_shape(r, v);
	return true;
}

static bool test_handshake_reset(const struct record *r, struct verdict *v)
{
	bool request = received_in(r, STATE_NEW_SYN_RECV) || dropped_obeyed(r, STATE_LISTEN);

	if (!received_in(r, STATE_SYN_RECV) && !request)
		return false;
	if (!who_listens(r, v))
		who_holds(r, v);
	v->site = request ? "tcp_check_req" : "tcp_validate_incoming";
	v->state = STATE_SYN_RECV;
	v->confidence = r->drop_reason ? LIKELY : CERTAIN;
	verdict_summary(v, "the peer reset the half-open connection: a scan, or it gave up "
			   "connecting");
	verdict_evidence(v, "the handshake was not complete (SYN_RECV)");
	if (r->drop_reason)
		verdict_evidence(
			v, "this kernel does not tell whether it obeyed or sent a challenge ACK");
	if (has(r, HAVE_SEGMENT))
		say_shape(r, v);
	return true;
}

/* As tcp_timewait_state_process() decides: RFC 9293 in FIN_WAIT2, RFC 1337 in TIME_WAIT proper. */
static bool timewait_obeys(const struct record *r)
{
	uint32_t ahead = r->e.segment.seq - r->e.sock.rcv_nxt;

	if (r->e.sock.tw_substate == STATE_FIN_WAIT2)
		return !ahead || ahead < r->e.sock.rcv_wnd;
	return !ahead && !(r->e.sock.bits & SOCK_BIT_RFC1337);
}

static bool test_timewait_reset(const struct record *r, struct verdict *v)
{
	if (!received_in(r, STATE_TIME_WAIT) &&
	    (!dropped_obeyed(r, STATE_TIME_WAIT) || !timewait_obeys(r)))
		return false;
	who_closed(r, v);
	v->site = "tcp_timewait_state_process";
	v->confidence = CERTAIN;
	verdict_summary(v, "a reset hit a connection in TIME_WAIT");
	verdict_evidence(v, "the connection had been closed already");
	return true;
}

static bool test_ignored(const struct record *r, struct verdict *v)
{
	if (!r->drop_reason)
		return false;
	who_holds(r, v);
	v->site = r->location;
	v->confidence = CERTAIN;
	if (!strcmp(r->drop_reason, "NO_SOCKET"))
		verdict_summary(v, "a reset arrived for a connection that does not exist: ignored");
	else
		verdict_summary(v, "a reset arrived and was not obeyed: %s", r->drop_reason);
	verdict_evidence(v, "the kernel dropped it: %s", r->drop_reason);
	if (has(r, HAVE_SOCK) && r->e.state != STATE_LISTEN)
		verdict_evidence(v, "its sequence number is %d off the next one expected",
				 (int)(r->e.segment.seq - r->e.sock.rcv_nxt));
	say_shape(r, v);
	return true;
}

const struct cause causes_received[] = {
	{
		.id = "connection-refused",
		.title = "our SYN was answered by a reset",
		.direction = DIRECTION_RECEIVED,
		.test = test_refused,
		.article =
			{
				.what = "This host asked to connect, and the answer was a reset: "
					"nothing listens on that port, or a firewall refuses in "
					"its name. The program's connect() fails with "
					"ECONNREFUSED.",
				.know = "The reset acknowledged our SYN: that is certain. A closed "
					"port and a firewall that rejects with a reset look the "
					"same from here. So do a listener that resets when it is "
					"full, and a host that still holds an older connection on "
					"the same ports.",
				.confirm = "ss -ltnp 'sport = :PORT'  # on the peer: does anything "
					   "listen there?\n"
					   "nft list ruleset | grep reject  # on the peer, and on "
					   "this host\n"
					   "tcpdump -nvi any 'tcp and host PEER and port PORT'  # "
					   "compare the TTL",
				.advice = "Check address and port, then whether the service runs "
					  "on the peer and listens on that address, not only on "
					  "127.0.0.1. If it does, look for a firewall in between: "
					  "a TTL of the reset that differs from that of the peer's "
					  "other packets points to one. Services that start up "
					  "need a client that tries again.",
				.references = "RFC 9293 section 3.10.7.3\n"
					      "connect(2), ECONNREFUSED\n"
					      "kernel function tcp_reset()",
			},
	},
	{
		.id = "reset-before-accept",
		.title = "the peer reset before the application accepted",
		.direction = DIRECTION_RECEIVED,
		.test = test_before_accept,
		.article =
			{
				.what = "A client connected and reset the connection again while "
					"it still waited in the listener's queue, before the "
					"program had accepted it. On Linux accept() still returns "
					"the connection; the first read then fails with "
					"ECONNRESET.",
				.know = "The connection was established and had no program's "
					"socket yet. That is certain. Why the client left is not "
					"known: a health check or scan that ends with a reset, or "
					"a client tired of waiting. The time it waited is shown.",
				.confirm = "ss -ltn 'sport = :PORT'  # Recv-Q high: the program "
					   "accepts too slowly\n"
					   "rstwhy --received --local-port=PORT  # always the same "
					   "client?",
				.advice = "If it waited for milliseconds, it is most likely a "
					  "health check or a port scan, and harmless: the program "
					  "must only survive a read error on a fresh connection. "
					  "If it waited for seconds, the program accepts too "
					  "slowly: look for blocked threads or a CPU limit.",
				.references = "accept(2), ECONNABORTED (what other systems "
					      "return)\n"
					      "RFC 9293 section 3.10.7.4\n"
					      "kernel function tcp_reset()",
			},
	},
	{
		.id = "peer-lost-connection",
		.title = "the peer has no such connection any more",
		.direction = DIRECTION_RECEIVED,
		.test = test_peer_lost,
		.article =
			{
				.what = "This connection was alive here, but the other end "
					"answered like a host that knows nothing of it. The peer "
					"restarted or gave the connection up, or a box between "
					"(NAT, load balancer, firewall) forgot it and answers in "
					"its place. The program sees ECONNRESET.",
				.know = "It is concluded from the look of the reset, so it is at "
					"most likely. A live socket that aborts puts its TCP "
					"timestamp (if timestamps are in use), an ACK and a window "
					"into the reset; a host without the connection sends a "
					"bare one. Where the reset itself is not visible, "
					"unanswered probes or retransmissions make it possible. "
					"Systems other than Linux may differ.",
				.confirm = "ss -tn src PEER_ADDRESS  # on the peer: does it still "
					   "have the connection?\n"
					   "uptime -s  # on the peer: has it restarted?\n"
					   "tcpdump -nvi any 'host PEER and tcp[tcpflags] & "
					   "tcp-rst != 0'  # its TTL\n"
					   "conntrack -L -p tcp --dport PORT  # on the boxes "
					   "between",
				.advice = "Look at the idle time. Long idle, then a reset at the "
					  "first packet: some box between forgot the connection; "
					  "switch keepalive on with an interval shorter than its "
					  "timeout, or close idle connections earlier. Not idle: "
					  "the peer restarted or failed over, so connect again.",
				.references = "RFC 9293 section 3.5.1\n"
					      "kernel functions tcp_validate_incoming(), "
					      "tcp_reset()",
			},
	},
	{
		.id = "write-after-peer-close",
		.title = "sent to a peer that had already closed",
		.direction = DIRECTION_RECEIVED,
		.test = test_write_after_close,
		.article =
			{
				.what = "The peer had closed its side, this host sent something "
					"afterwards, and the peer answered with a reset because "
					"nobody there reads any more. The program sees EPIPE (and "
					"the signal SIGPIPE) when it writes, rather than "
					"ECONNRESET.",
				.know = "The connection was in CLOSE_WAIT: the peer's FIN had "
					"arrived and this host had not closed. The reset looks "
					"like the answer of a host without the connection. That "
					"the peer closed is certain; that data was the trigger "
					"follows from the order of events. A keepalive probe can "
					"be the trigger as well.",
				.confirm = "ss -tanp state close-wait  # connections the peer has "
					   "closed and we have not\n"
					   "strace -f -tt -e trace=%network,read,write -p PID  # "
					   "read = 0, write",
				.advice = "When read() returns 0 the peer has closed: finish and "
					  "close, do not go on sending. With a pool of kept-open "
					  "HTTP connections this is the race with the server's "
					  "idle timeout: let the client drop idle connections "
					  "earlier than the server does, and repeat the request on "
					  "a new one. A pile of CLOSE_WAIT means that the program "
					  "forgets to close.",
				.references = "RFC 9293 section 3.6.1 (SHLD-3)\n"
					      "write(2), EPIPE\n"
					      "kernel function tcp_reset()",
			},
	},
	{
		.id = "peer-aborted",
		.title = "the peer aborted a live connection",
		.direction = DIRECTION_RECEIVED,
		.test = test_peer_aborted,
		.article =
			{
				.what = "The peer broke off a connection that was alive on both "
					"sides. Its program closed with data unread or with "
					"SO_LINGER 0, or died with data unread, or a timer or an "
					"administrator of the peer ended it. The program here sees "
					"ECONNRESET (EPIPE if the peer had closed before).",
				.know = "The reset has the look of one from a live socket: it "
					"carries a TCP timestamp or, where timestamps are not in "
					"use, ACK and a window. Then it is likely; where the reset "
					"is not visible and timestamps are off it is only "
					"possible. Which of the peer's reasons it was cannot be "
					"seen from here.",
				.confirm = "rstwhy --sent --peer-port=PORT  # on the peer, PORT of "
					   "this end: it says why\n"
					   "tcpdump -nvi any 'host PEER and tcp[tcpflags] & "
					   "tcp-rst != 0'  # IPv4\n"
					   "nstat -asz TcpExtTCPAbortOnClose TcpExtTCPAbortOnData  "
					   "# on the peer",
				.advice = "Run rstwhy on the peer: there it names the exact cause. "
					  "Without access look at what was going on: sent much "
					  "that was not acknowledged suggests an upload refused "
					  "early; a round idle time suggests a timeout of the "
					  "peer's program; many at once suggest that its process "
					  "died.",
				.references = "RFC 9293 section 3.10.7.4\n"
					      "kernel functions tcp_validate_incoming(), "
					      "tcp_reset()",
			},
	},
	{
		.id = "reset-during-close",
		.title = "we had closed; peer reset instead of finishing",
		.direction = DIRECTION_RECEIVED,
		.test = test_during_close,
		.article =
			{
				.what = "This host had already closed its side (a FIN was sent), "
					"and the peer answered with a reset instead of closing in "
					"good order. The program here has usually gone on and does "
					"not notice.",
				.know = "The state shows it: our FIN was out (FIN_WAIT1, "
					"FIN_WAIT2, CLOSING or LAST_ACK). That is certain. Why the "
					"peer preferred a reset is not known; the look of the "
					"reset is in the evidence.",
				.confirm = "rstwhy -v --cause=reset-during-close  # state, and who "
					   "closed how long ago\n"
					   "ss -tan state fin-wait-1  # much in Send-Q: data that "
					   "may be lost",
				.advice = "Mostly harmless: many clients end with a reset once "
					  "they have what they want (browsers, health checks, a "
					  "closed tab). It matters if data of this host was still "
					  "unacknowledged (socket.unacked in JSON): then the peer "
					  "may not have read the end of it.",
				.references = "RFC 9293 section 3.6\n"
					      "kernel functions tcp_validate_incoming(), "
					      "tcp_reset()",
			},
	},
	{
		.id = "handshake-reset-by-peer",
		.title = "the client reset a half-open connection",
		.direction = DIRECTION_RECEIVED,
		.test = test_handshake_reset,
		.article =
			{
				.what = "A client sent SYN, this host answered, and the client "
					"reset the half-open connection instead of completing it. "
					"The program that listens never learns of it.",
				.know = "The reset met a handshake that was not complete "
					"(SYN_RECV). That is certain; scan, abandoned connect or "
					"forged address look alike. Most half-open connections "
					"obey a reset without a word: rstwhy sees only that the "
					"kernel drops the packet (rstwhy doctor tells if it can).",
				.confirm = "nstat -asz TcpExtEmbryonicRsts TcpAttemptFails  # "
					   "exact, whatever is visible\n"
					   "tcpdump -ni any 'tcp[tcpflags] & tcp-rst != 0 and dst "
					   "port PORT'  # IPv4",
				.advice = "Many ports from one source: a port scan (\"half-open "
					  "scan\"). One port at equal distances: a health check. "
					  "Many clients: their connect timeout is shorter than the "
					  "time this host needs to answer, or the addresses are "
					  "forged and their owners' hosts refuse our answers (a "
					  "SYN flood).",
				.references = "RFC 9293 section 3.10.7.4\n"
					      "kernel function tcp_check_req()",
			},
	},
	{
		.id = "timewait-reset",
		.title = "a reset hit a TIME_WAIT socket",
		.direction = DIRECTION_RECEIVED,
		.test = test_timewait_reset,
		.article =
			{
				.what = "A reset hit a connection that this host had already "
					"closed and only kept as a reminder (TIME_WAIT). If its "
					"sequence number is exact and net.ipv4.tcp_rfc1337 is 0 "
					"(the default), Linux forgets the reminder early. No "
					"program notices.",
				.know = "The reset met a TIME_WAIT socket: certain. The kernel "
					"handles it without a word: rstwhy sees that the packet is "
					"dropped, not whether the reminder went (rstwhy doctor "
					"tells if it sees any).",
				.confirm = "ss -tan state time-wait dst PEER\n"
					   "sysctl net.ipv4.tcp_rfc1337\n"
					   "tcpdump -ni any 'host PEER and tcp[tcpflags] & tcp-rst "
					   "!= 0'  # IPv4",
				.advice = "Harmless as a rule. The reminder protects a new "
					  "connection on the same ports from old packets of the "
					  "former one. If that is a danger (fast reuse of ports "
					  "over a network that delays packets), set "
					  "net.ipv4.tcp_rfc1337=1. Trust tcp(7): the text of "
					  "ip-sysctl on this setting reads the other way round.",
				.references = "RFC 1337\n"
					      "tcp(7), tcp_rfc1337\n"
					      "kernel function tcp_timewait_state_process()",
			},
	},
	{
		.id = "reset-ignored",
		.title = "a reset arrived and was not obeyed",
		.direction = DIRECTION_RECEIVED,
		.test = test_ignored,
		.article =
			{
				.what = "A reset arrived and was not obeyed: its sequence number "
					"did not match exactly, or it belonged to no connection, "
					"or it met a state in which resets do not count, or it "
					"lacked the signature the connection demands. The "
					"connection, if there is one, lives on. If the number was "
					"close (inside the window) Linux asks the peer to confirm "
					"with an exact one: a \"challenge ACK\".",
				.know = "The packet had RST set, and the kernel dropped it. The "
					"reason it gives for the drop, the state and the sequence "
					"number tell which case it was. Shown only with --ignored.",
				.confirm = "nstat -asz TcpExtTCPChallengeACK  # resets (and "
					   "others) asked about\n"
					   "tcpdump -nSvi any 'host PEER and tcp[tcpflags] & "
					   "tcp-rst != 0'  # seq, TTL",
				.advice = "Single ones are normal: a reset for a connection just "
					  "ended, or one that crossed with data. Many with "
					  "changing sequence numbers on one live connection are an "
					  "attempt to break it from outside, and the kernel is "
					  "resisting it: look at their TTL and find where they "
					  "enter the network.",
				.references = "RFC 5961 section 3\n"
					      "RFC 9293 section 3.5.3\n"
					      "kernel functions tcp_validate_incoming(), "
					      "tcp_send_challenge_ack()",
			},
	},
	{0},
};
