/* SPDX-License-Identifier: GPL-2.0 */
/* Where a server listens, as the user writes it: "127.0.0.1:80", "[::1]:80", ":80". Pure. */
#ifndef RSTWHY_ENDPOINT_H
#define RSTWHY_ENDPOINT_H

#include <netinet/in.h>
#include <stdbool.h>

struct endpoint {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t len;
	bool is_all; /* no address was given */
};

/* Numbers only. Without an address: all that the host has, of both families. false: no endpoint. */
bool endpoint_parse(const char *text, struct endpoint *ret);

/* All that a host without IPv6 has. false: it is one address, and no other will do. */
bool endpoint_without_v6(const struct endpoint *e, struct endpoint *ret);

bool endpoint_is_loopback(const struct endpoint *e); /* only this host reaches it */

#endif
