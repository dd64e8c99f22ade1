// SPDX-License-Identifier: GPL-2.0
/* Received resets: the kernel's sites r1-r11. */
#include <errno.h>

#include "facts.h"
#include "row.h"

#define HELD SOCK_BIT_SOCKET
/* Timestamps were negotiated, and what the tracepoint alone can say of the reset: */
#define WITHOUT_TIMESTAMP (HELD | SOCK_BIT_TSTAMP_OK)
#define WITH_TIMESTAMP (WITHOUT_TIMESTAMP | SOCK_BIT_SAW_TSTAMP)

/* The reset itself: what a live socket sends, and what a stack that knows of none sends. */
#define ABORT .flags = TCP_RST | TCP_ACK, .window = 64
#define REPLY .flags = TCP_RST, .window = 0

const struct row rows_received[] = {
	{
		.name = "r1 the peer refused our SYN",
		.given = {.kind = RECEIVED, .state = STATE_SYN_SENT, .bits = HELD,
			  .flags = TCP_RST | TCP_ACK, .knows = KNOWS(OPENER)},
		.now = {"connection-refused", CERTAIN, OPENER, ROLE_CONNECTOR},
		.state = STATE_SYN_SENT,
		.error = ECONNREFUSED,
		.mentions = "10.0.0.2:41234",
	},
	{
		.name = "r1 ... the packet is not visible, the connect() was before the tracer",
		.given = {.kind = RECEIVED, .state = STATE_SYN_SENT, .bits = HELD,
			  .knows = KNOWS(OWNER)},
		.now = {"connection-refused", CERTAIN, OWNER, ROLE_OWNER},
		.state = STATE_SYN_SENT,
		.error = ECONNREFUSED,
	},
	{
		.name = "r2 shaped like an abort",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = WITH_TIMESTAMP,
			  ABORT, .timestamp = true, .knows = KNOWS(OWNER)},
		.now = {"peer-aborted", LIKELY, OWNER, ROLE_OWNER},
		.state = STATE_ESTABLISHED,
		.error = ECONNRESET,
	},
	{
		.name = "r2 ... of a connection without timestamps",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD, ABORT,
			  .knows = KNOWS(OPENER)},
		.now = {"peer-aborted", LIKELY, OPENER, ROLE_CONNECTOR},
		.state = STATE_ESTABLISHED,
		.error = ECONNRESET,
	},
	{
		.name = "r2 ... known by the options parser alone",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = WITH_TIMESTAMP},
		.now = {"peer-aborted", LIKELY},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r2 shaped like a reply",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = WITHOUT_TIMESTAMP,
			  REPLY, .knows = KNOWS(OWNER)},
		.now = {"peer-lost-connection", LIKELY, OWNER, ROLE_OWNER},
		.state = STATE_ESTABLISHED,
		.error = ECONNRESET,
	},
	{
		.name = "r2 ... of a connection without timestamps",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD, REPLY},
		.now = {"peer-lost-connection", LIKELY},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r2 ... known by the options parser alone",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = WITHOUT_TIMESTAMP},
		.now = {"peer-lost-connection", LIKELY},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r2 RST and ACK without a window is a reply",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD,
			  .flags = TCP_RST | TCP_ACK},
		.now = {"peer-lost-connection", LIKELY},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r2 RST with a window, without ACK, is a reply",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD,
			  .flags = TCP_RST, .window = 64},
		.now = {"peer-lost-connection", LIKELY},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r2 nothing is known of its shape, and nothing was asked",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD},
		.now = {"peer-aborted", POSSIBLE},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r2 nothing is known of its shape, keepalive probes were out",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD,
			  .probes_out = 2},
		.now = {"peer-lost-connection", POSSIBLE},
		.state = STATE_ESTABLISHED,
		.mentions = "2 probes",
	},
	{
		.name = "r2 nothing is known of its shape, we were retransmitting",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = HELD,
			  .retransmits = 4},
		.now = {"peer-lost-connection", POSSIBLE},
		.state = STATE_ESTABLISHED,
		.mentions = "4 retransmissions",
	},
	{
		.name = "r2 a live socket aborts although we were retransmitting",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .bits = WITH_TIMESTAMP,
			  ABORT, .timestamp = true, .retransmits = 4},
		.now = {"peer-aborted", LIKELY},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r2 out of the backlog: the owner runs",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, ABORT,
			  .bits = HELD | SOCK_BIT_OWNED},
		.now = {"peer-aborted", LIKELY, RUNNER, ROLE_OWNER},
		.state = STATE_ESTABLISHED,
	},
	{
		.name = "r3 we wrote after the peer had closed",
		.given = {.kind = RECEIVED, .state = STATE_CLOSE_WAIT, .bits = WITHOUT_TIMESTAMP,
			  REPLY, .knows = KNOWS(OWNER)},
		.now = {"write-after-peer-close", CERTAIN, OWNER, ROLE_OWNER},
		.state = STATE_CLOSE_WAIT,
		.error = EPIPE,
	},
	{
		.name = "r3 ... and nothing is known of the shape of the reset",
		.given = {.kind = RECEIVED, .state = STATE_CLOSE_WAIT, .bits = HELD},
		.now = {"write-after-peer-close", LIKELY},
		.state = STATE_CLOSE_WAIT,
		.error = EPIPE,
	},
	{
		.name = "r3 the peer aborts what it had half closed",
		.given = {.kind = RECEIVED, .state = STATE_CLOSE_WAIT, .bits = WITH_TIMESTAMP,
			  ABORT, .timestamp = true},
		.now = {"peer-aborted", LIKELY},
		.state = STATE_CLOSE_WAIT,
		.error = EPIPE,
	},
	{
		.name = "r4 FIN_WAIT1 after shutdown()",
		.given = {.kind = RECEIVED, .state = STATE_FIN_WAIT1, .bits = HELD, ABORT,
			  .knows = KNOWS(CLOSER) | KNOWS(OWNER)},
		.now = {"reset-during-close", CERTAIN, CLOSER, ROLE_CLOSER},
		.state = STATE_FIN_WAIT1,
		.error = ECONNRESET,
		.mentions = "closed 3.00 s ago",
	},
	{
		.name = "r4 FIN_WAIT2 of an orphan",
		.given = {.kind = RECEIVED, .state = STATE_FIN_WAIT2, .bits = SOCK_BIT_DEAD, REPLY},
		.now = {"reset-during-close", CERTAIN},
		.state = STATE_FIN_WAIT2,
	},
	{
		.name = "r5 CLOSING",
		.given = {.kind = RECEIVED, .state = STATE_CLOSING, .bits = HELD,
			  .knows = KNOWS(CLOSER)},
		.now = {"reset-during-close", CERTAIN, CLOSER, ROLE_CLOSER},
		.state = STATE_CLOSING,
	},
	{
		.name = "r5 LAST_ACK",
		.given = {.kind = RECEIVED, .state = STATE_LAST_ACK, .bits = SOCK_BIT_DEAD,
			  .knows = KNOWS(CLOSER)},
		.now = {"reset-during-close", CERTAIN, CLOSER, ROLE_CLOSER},
		.state = STATE_LAST_ACK,
	},
	{
		.name = "r6 SYN_RECV of a simultaneous open",
		.given = {.kind = RECEIVED, .state = STATE_SYN_RECV, .bits = HELD, REPLY,
			  .knows = KNOWS(OPENER)},
		.now = {"handshake-reset-by-peer", CERTAIN, OPENER, ROLE_CONNECTOR},
		.state = STATE_SYN_RECV,
	},
	{
		.name = "r7 the child of Fast Open",
		.given = {.kind = RECEIVED, .state = STATE_SYN_RECV, .bits = SOCK_BIT_FASTOPEN,
			  REPLY, .knows = KNOWS(LISTENER)},
		.now = {"handshake-reset-by-peer", CERTAIN, LISTENER, ROLE_LISTENER},
		.state = STATE_SYN_RECV,
	},
	{
		.name = "r8 a connection nobody has accepted yet",
		.given = {.kind = RECEIVED, .state = STATE_ESTABLISHED, ABORT,
			  .knows = KNOWS(LISTENER)},
		.now = {"reset-before-accept", CERTAIN, LISTENER, ROLE_LISTENER},
		.state = STATE_ESTABLISHED,
		.error = ECONNRESET,
	},
	{
		.name = "r10 a request socket",
		.given = {.kind = RECEIVED, .state = STATE_NEW_SYN_RECV, REPLY,
			  .knows = KNOWS(LISTENER)},
		.now = {"handshake-reset-by-peer", CERTAIN, LISTENER, ROLE_LISTENER},
		.state = STATE_NEW_SYN_RECV,
	},
	{
		.name = "r11 TIME_WAIT",
		.given = {.kind = RECEIVED, .state = STATE_TIME_WAIT, REPLY,
			  .knows = KNOWS(CLOSER)},
		.now = {"timewait-reset", CERTAIN, CLOSER, ROLE_CLOSER},
		.state = STATE_TIME_WAIT,
	},
	{
		.name = "a reset in a state no row of the catalogue knows",
		.given = {.kind = RECEIVED, .state = STATE_CLOSE, .bits = HELD},
		.now = {"unknown", POSSIBLE},
	},
	{0},
};
