// SPDX-License-Identifier: GPL-2.0
/* Connections that died without a reset. */
#include <errno.h>

#include "row.h"

const struct row rows_silent[] = {
	{
		.name = "retransmitted until given up",
		.given = {.kind = SILENT, .state = STATE_ESTABLISHED, .bits = SOCK_BIT_SOCKET,
			  .err = ETIMEDOUT, .retransmits = 15, .knows = KNOWS(OWNER)},
		.now = {"retransmission-timeout", CERTAIN, OWNER, ROLE_OWNER},
		.state = STATE_ESTABLISHED,
		.error = ETIMEDOUT,
		.mentions = "15 retransmissions",
	},
	{
		.name = "the FIN of an orphan was retransmitted until given up",
		.given = {.kind = SILENT, .state = STATE_FIN_WAIT1, .bits = SOCK_BIT_DEAD,
			  .err = ETIMEDOUT, .retransmits = 8, .knows = KNOWS(CLOSER)},
		.now = {"retransmission-timeout", CERTAIN, CLOSER, ROLE_CLOSER},
		.state = STATE_FIN_WAIT1,
	},
	{
		.name = "the peer's window stayed closed",
		.given = {.kind = SILENT, .state = STATE_ESTABLISHED, .bits = SOCK_BIT_SOCKET,
			  .err = ETIMEDOUT, .probes_out = 16},
		.now = {"retransmission-timeout", CERTAIN},
		.state = STATE_ESTABLISHED,
		.mentions = "16 window probes",
	},
	{
		.name = "TCP_USER_TIMEOUT with data outstanding",
		.given = {.kind = SILENT, .state = STATE_ESTABLISHED, .bits = SOCK_BIT_SOCKET,
			  .err = ETIMEDOUT, .retransmits = 3, .user_timeout_ms = 5000},
		.now = {"retransmission-timeout", CERTAIN},
		.state = STATE_ESTABLISHED,
		.mentions = "5000 ms",
	},
	{
		.name = "the SYN was never answered",
		.given = {.kind = SILENT, .state = STATE_SYN_SENT, .bits = SOCK_BIT_SOCKET,
			  .err = ETIMEDOUT, .retransmits = 6, .knows = KNOWS(OPENER)},
		.now = {"connect-timeout", CERTAIN, OPENER, ROLE_CONNECTOR},
		.state = STATE_SYN_SENT,
		.error = ETIMEDOUT,
		.mentions = "gave up after 10.0 s",
	},
	{
		.name = "ICMP host unreachable for a SYN",
		.given = {.kind = SILENT, .state = STATE_SYN_SENT, .bits = SOCK_BIT_SOCKET,
			  .err = EHOSTUNREACH, .knows = KNOWS(OPENER)},
		.now = {"unreachable", CERTAIN, OPENER, ROLE_CONNECTOR},
		.state = STATE_SYN_SENT,
		.error = EHOSTUNREACH,
		.mentions = "EHOSTUNREACH",
	},
	{
		.name = "a route went away under a connection",
		.given = {.kind = SILENT, .state = STATE_ESTABLISHED, .bits = SOCK_BIT_SOCKET,
			  .err = ENETUNREACH, .knows = KNOWS(OWNER)},
		.now = {"unreachable", CERTAIN, OWNER, ROLE_OWNER},
		.state = STATE_ESTABLISHED,
		.error = ENETUNREACH,
	},
	{
		.name = "a death without an error",
		.given = {.kind = SILENT, .state = STATE_ESTABLISHED, .bits = SOCK_BIT_SOCKET},
		.now = {"unknown", POSSIBLE},
		.state = STATE_ESTABLISHED,
	},
	{0},
};
