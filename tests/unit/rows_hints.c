// SPDX-License-Identifier: GPL-2.0
/*
 * What stands beside a cause, and near misses. The hints process-killed, early-response and
 * same-host have rows where their causes are.
 */
#include "facts.h"
#include "row.h"
#include "thresholds.h"

#define HELD SOCK_BIT_SOCKET
#define ABORT .flags = TCP_RST | TCP_ACK, .window = 64
#define REPLY .flags = TCP_RST, .window = 0

#define RECEIVED_ESTABLISHED .kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD
#define ABORTED                                           \
	{                                                 \
		"peer-aborted", LIKELY, NOBODY, ROLE_NONE \
	}
#define LOST                                                      \
	{                                                         \
		"peer-lost-connection", LIKELY, NOBODY, ROLE_NONE \
	}
#define UNKNOWN                                                  \
	{                                                        \
		"connection-unknown", CERTAIN, NOBODY, ROLE_NONE \
	}
#define CLOSED                                            \
	{                                                 \
		"port-closed", CERTAIN, NOBODY, ROLE_NONE \
	}

/* Quiet for so long, either way. */
#define QUIET_MS(ms) .sent_ago_ms = (ms), .data_ago_ms = (ms), .heard_ago_ms = (ms)

/* A request after a pause, and its reset a round trip later. */
#define REQUEST \
	.unacked = 100, .bytes_sent = 200, .bytes_received = 5000, .srtt_ms = 20, .sent_ago_ms = 24

/* Segments of the peer had a TTL of 50 to 52. */
#define TTL_SEEN .ttl_known = true, .ttl_low = 50, .ttl_high = 52

/* The peer's data came 0.2 s after this reset. */
#define TALKS(...)                              \
	.peer_talks = true, .resets_before = 1, \
	.reset = {.time_ns = NOW_NS - 200000000, .seq_known = true, __VA_ARGS__}

const struct row rows_hints[] = {
	/* idle-timeout */
	{
		.name = "350 s of silence: a load balancer",
		.given = {RECEIVED_ESTABLISHED, ABORT, QUIET_MS(350100)},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.hint = "idle-timeout",
	},
	{
		.name = "... at the edge of what fits",
		.given = {RECEIVED_ESTABLISHED, ABORT, QUIET_MS(351900)},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.hint = "idle-timeout",
	},
	{
		.name = "... 353 s fits nothing",
		.given = {RECEIVED_ESTABLISHED, ABORT, QUIET_MS(353000)},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.no_hint = "idle-timeout",
	},
	{
		.name = "5 s of silence: Node.js and others",
		.given = {RECEIVED_ESTABLISHED, ABORT, QUIET_MS(5100)},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.hint = "idle-timeout",
	},
	{
		.name = "... 4.2 s fits nothing: the tolerance is small where the values are",
		.given = {RECEIVED_ESTABLISHED, ABORT, QUIET_MS(4200)},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.no_hint = "idle-timeout",
	},
	{
		.name = "the reset answered our own probe: 75 s is our timer",
		.given = {RECEIVED_ESTABLISHED, REPLY, QUIET_MS(75000), .probes_out = 1},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "idle-timeout",
	},
	{
		.name = "data went either way 75 s apart: the later counts",
		.given = {RECEIVED_ESTABLISHED, ABORT, .sent_ago_ms = 75000, .data_ago_ms = 30000},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.no_hint = "idle-timeout",
	},
	{
		.name = "the request came as the timeout of nginx ran out",
		.given = {RECEIVED_ESTABLISHED, REPLY, REQUEST, .data_ago_ms = 75024,
			  .heard_ago_ms = 75024},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.hint = "idle-timeout",
	},
	{
		.name = "the peer closed after 5 s, the request came then",
		.given = {.kind = RECEIVED,
			  .state = STATE_CLOSE_WAIT,
			  .bits = HELD,
			  REPLY,
			  REQUEST,
			  .data_ago_ms = 5030,
			  .heard_ago_ms = 20},
		.now = {"write-after-peer-close", CERTAIN, NOBODY, ROLE_NONE},
		.state = STATE_CLOSE_WAIT,
		.hint = "idle-timeout",
	},
	{
		.name = "this host's server closed after 5 s, as a request came",
		.given = {.kind = ANSWER,
			  .state = STATE_CLOSE,
			  .was = STATE_FIN_WAIT1,
			  .reason = REASON_TCP_ABORT_ON_DATA,
			  .bits = SOCK_BIT_DEAD,
			  .flags = TCP_ACK,
			  .length = 100,
			  .knows = KNOWS(CLOSER),
			  .data_ago_ms = 8000},
		.now = {"data-after-close", CERTAIN, CLOSER, ROLE_CLOSER},
		.state = STATE_FIN_WAIT1,
		.hint = "idle-timeout",
	},
	{
		.name = "... after 12 s: of no list",
		.given = {.kind = ANSWER,
			  .state = STATE_CLOSE,
			  .was = STATE_FIN_WAIT1,
			  .reason = REASON_TCP_ABORT_ON_DATA,
			  .bits = SOCK_BIT_DEAD,
			  .flags = TCP_ACK,
			  .length = 100,
			  .knows = KNOWS(CLOSER)},
		.now = {"data-after-close", CERTAIN, CLOSER, ROLE_CLOSER},
		.state = STATE_FIN_WAIT1,
		.no_hint = "idle-timeout",
	},
	{
		.name = "our own close-linger-zero after 75 s is our own affair",
		.given = {.kind = ACTIVE,
			  .state = STATE_CLOSE,
			  .was = STATE_ESTABLISHED,
			  .reason = REASON_TCP_STATE,
			  .stack = {"tcp_send_active_reset", "tcp_disconnect", "__tcp_close",
				    "inet_release"},
			  .bits = HELD | SOCK_BIT_OWNED | SOCK_BIT_LINGER,
			  .shutdown = 3,
			  QUIET_MS(75000)},
		.now = {"close-linger-zero", CERTAIN, RUNNER, ROLE_CLOSER},
		.state = STATE_ESTABLISHED,
		.no_hint = "idle-timeout",
	},

	/* reused-idle-connection */
	{
		.name = "first request after 33 s",
		.given = {RECEIVED_ESTABLISHED, REPLY, REQUEST, .data_ago_ms = 33024,
			  .heard_ago_ms = 33024},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.hint = "reused-idle-connection",
		.no_hint = "idle-timeout",
	},
	{
		.name = "... without a pause",
		.given = {RECEIVED_ESTABLISHED, REPLY, REQUEST, .data_ago_ms = 524,
			  .heard_ago_ms = 524},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "reused-idle-connection",
	},
	{
		.name = "an upload: no data came for long, but acknowledgements",
		.given = {RECEIVED_ESTABLISHED, ABORT, REQUEST, .data_ago_ms = 33024,
			  .heard_ago_ms = 30},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.no_hint = "reused-idle-connection",
	},
	{
		.name = "sent long ago: the reset answers something else",
		.given = {RECEIVED_ESTABLISHED, ABORT, .unacked = 100, .bytes_received = 5000,
			  .srtt_ms = 20, .sent_ago_ms = 1000, .data_ago_ms = 33024,
			  .heard_ago_ms = 33024},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.no_hint = "reused-idle-connection",
	},
	{
		.name = "sent again and again: a host that came back",
		.given = {RECEIVED_ESTABLISHED, REPLY, REQUEST, .retransmits = 3,
			  .data_ago_ms = 33024, .heard_ago_ms = 33024},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "reused-idle-connection",
	},
	{
		.name = "the round trip is not known",
		.given = {RECEIVED_ESTABLISHED, REPLY, .unacked = 100, .bytes_received = 5000,
			  .sent_ago_ms = 8, .data_ago_ms = 33024, .heard_ago_ms = 33024},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "reused-idle-connection",
	},
	{
		.name = "the peer's FIN crossed the request",
		.given = {.kind = RECEIVED,
			  .state = STATE_CLOSE_WAIT,
			  .bits = HELD,
			  REPLY,
			  REQUEST,
			  .data_ago_ms = 5030,
			  .heard_ago_ms = 20},
		.now = {"write-after-peer-close", CERTAIN, NOBODY, ROLE_NONE},
		.state = STATE_CLOSE_WAIT,
		.hint = "reused-idle-connection",
	},
	{
		.name = "the peer closed while we were uploading",
		.given = {.kind = RECEIVED,
			  .state = STATE_CLOSE_WAIT,
			  .bits = HELD,
			  REPLY,
			  REQUEST,
			  .data_ago_ms = 33030,
			  .heard_ago_ms = 20},
		.now = {"write-after-peer-close", CERTAIN, NOBODY, ROLE_NONE},
		.state = STATE_CLOSE_WAIT,
		.no_hint = "reused-idle-connection",
	},

	/* possible-forgery: never one sign alone */
	{
		.name = "another TTL, and a window without ACK",
		.given = {RECEIVED_ESTABLISHED, .flags = TCP_RST, .window = 8332, .ttl = 120,
			  .history = {TTL_SEEN}},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.hint = "possible-forgery",
	},
	{
		.name = "... another TTL, and neither IP ID nor DF",
		.given = {RECEIVED_ESTABLISHED, ABORT, .ttl = 120, .history = {TTL_SEEN}},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.hint = "possible-forgery",
	},
	{
		.name = "... another TTL alone",
		.given = {RECEIVED_ESTABLISHED, ABORT, .ip_id = 7, .ttl = 120,
			  .history = {TTL_SEEN}},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.no_hint = "possible-forgery",
	},
	{
		.name = "... a window without ACK alone, the TTL within two hops",
		.given = {RECEIVED_ESTABLISHED, .flags = TCP_RST, .window = 1, .ttl = 54,
			  .history = {TTL_SEEN}},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "possible-forgery",
	},
	{
		.name = "... a window without ACK alone, no TTL to compare with",
		.given = {RECEIVED_ESTABLISHED, .flags = TCP_RST, .window = 1, .ttl = 120},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "possible-forgery",
	},
	{
		.name = "shifting numbers, and a window without ACK",
		.given = {.kind = RECEIVED,
			  .flags = TCP_RST,
			  .window = 1980,
			  .drop_reason = "NO_SOCKET",
			  .location = "tcp_v4_rcv",
			  .history = {.resets_before = 1, .seq_shifted = true}},
		.now = {"reset-ignored", CERTAIN, NOBODY, ROLE_NONE},
		.hint = "possible-forgery",
	},
	{
		.name = "... shifting numbers alone",
		.given = {.kind = RECEIVED,
			  .flags = TCP_RST | TCP_ACK,
			  .window = 1980,
			  .ip_id = 1,
			  .drop_reason = "NO_SOCKET",
			  .location = "tcp_v4_rcv",
			  .history = {.resets_before = 1, .seq_shifted = true}},
		.now = {"reset-ignored", CERTAIN, NOBODY, ROLE_NONE},
		.no_hint = "possible-forgery",
	},
	{
		.name = "its sender is on this host",
		.given = {RECEIVED_ESTABLISHED, .flags = TCP_RST, .window = 8332, .ttl = 120,
			  .paired = true, .history = {TTL_SEEN}},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "possible-forgery",
	},
	{
		.name = "the peer talks on, and its TTL is another",
		.given = {.kind = ANSWER,
			  .reason = REASON_NO_SOCKET,
			  .flags = TCP_ACK,
			  .length = 10,
			  .ttl = 46,
			  .history = {TALKS(.visible = true, .flags = TCP_RST, .ttl = 120,
					    .dont_fragment = 1)}},
		.now = UNKNOWN,
		.hint = "possible-forgery",
	},
	{
		.name = "... and several resets had come, whose headers are not visible",
		.given = {.kind = ANSWER,
			  .reason = REASON_NO_SOCKET,
			  .flags = TCP_ACK,
			  .length = 10,
			  .history = {TALKS(.ttl = 0), .seq_shifted = true}},
		.now = UNKNOWN,
		.hint = "possible-forgery",
	},
	{
		.name = "... it talks on, and no more is known",
		.given = {.kind = ANSWER,
			  .reason = REASON_NO_SOCKET,
			  .flags = TCP_ACK,
			  .length = 10,
			  .ttl = 46,
			  .history = {TALKS(.visible = true, .flags = TCP_RST, .ttl = 46,
					    .dont_fragment = 1)}},
		.now = UNKNOWN,
		.no_hint = "possible-forgery",
	},

	/* port-scan */
	{
		.name = "15 closed and half-open ports within a minute",
		.given = {.kind = ANSWER,
			  .reason = REASON_NO_SOCKET,
			  .flags = TCP_SYN,
			  .history = {.closed_ports = SCAN_PORTS - 1, .half_open_ports = 1}},
		.now = CLOSED,
		.hint = "port-scan",
	},
	{
		.name = "... 14",
		.given = {.kind = ANSWER,
			  .reason = REASON_NO_SOCKET,
			  .flags = TCP_SYN,
			  .history = {.closed_ports = SCAN_PORTS - 1}},
		.now = CLOSED,
		.no_hint = "port-scan",
	},

	/* health-check */
	{
		.name = "the fifth empty visit at a regular time",
		.given = {RECEIVED_ESTABLISHED, ABORT,
			  .history = {.visits = CHECK_TIMES, .period_s = 2}},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.hint = "health-check",
	},
	{
		.name = "... the fourth",
		.given = {RECEIVED_ESTABLISHED, ABORT,
			  .history = {.visits = CHECK_TIMES - 1, .period_s = 2}},
		.now = ABORTED,
		.state = STATE_ESTABLISHED,
		.no_hint = "health-check",
	},

	/* conntrack-invalid */
	{
		.name = "connection tracking did not know the segment",
		.given = {.kind = ANSWER,
			  .reason = REASON_NO_SOCKET,
			  .flags = TCP_ACK,
			  .conntrack_invalid = true},
		.now = UNKNOWN,
		.hint = "conntrack-invalid",
	},
	{
		.name = "... it did",
		.given = {.kind = ANSWER, .reason = REASON_NO_SOCKET, .flags = TCP_ACK},
		.now = UNKNOWN,
		.no_hint = "conntrack-invalid",
	},
	{
		.name = "a socket was found: the mark is gone by then",
		.given = {.kind = ANSWER,
			  .state = STATE_LISTEN,
			  .reason = REASON_TCP_FLAGS,
			  .flags = TCP_ACK,
			  .conntrack_invalid = true},
		.now = {"listener-stray-ack", CERTAIN, NOBODY, ROLE_NONE},
		.state = STATE_LISTEN,
		.no_hint = "conntrack-invalid",
	},
	{
		.name = "a received reset that tracking did not know",
		.given = {.kind = RECEIVED,
			  .flags = TCP_RST,
			  .drop_reason = "NO_SOCKET",
			  .location = "tcp_v4_rcv",
			  .conntrack_invalid = true},
		.now = {"reset-ignored", CERTAIN, NOBODY, ROLE_NONE},
		.no_hint = "conntrack-invalid",
	},

	/* peer-says */
	{
		.name = "the reset says: connection timeout",
		.given = {RECEIVED_ESTABLISHED, REPLY, .length = 8,
			  .payload = "\x33\xaa\0\16\0\0\0\0"},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.hint = "peer-says",
	},
	{
		.name = "... a reason that no list has",
		.given = {RECEIVED_ESTABLISHED, REPLY, .length = 8,
			  .payload = "\x33\xaa\xff\xff\0\0\0\0"},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.hint = "peer-says",
	},
	{
		.name = "... reason 0 does not exist",
		.given = {RECEIVED_ESTABLISHED, REPLY, .length = 8,
			  .payload = "\x33\xaa\0\0\0\0\0\0"},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "peer-says",
	},
	{
		.name = "... other eight bytes",
		.given = {RECEIVED_ESTABLISHED, REPLY, .length = 8,
			  .payload = "\xaa\x33\0\16\0\0\0\0"},
		.now = LOST,
		.state = STATE_ESTABLISHED,
		.no_hint = "peer-says",
	},
	{
		.name = "the same bytes as data of a segment that is answered",
		.given = {.kind = ANSWER,
			  .reason = REASON_NO_SOCKET,
			  .flags = TCP_ACK,
			  .length = 8,
			  .payload = "\x33\xaa\0\16\0\0\0\0"},
		.now = UNKNOWN,
		.no_hint = "peer-says",
	},
	{0},
};
