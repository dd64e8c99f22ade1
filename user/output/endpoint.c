// SPDX-License-Identifier: GPL-2.0
/* Where a server listens, as the user writes it. */
#include "endpoint.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PORT_DIGITS 5

static bool parse_port(const char *text, in_port_t *ret)
{
	size_t len = strspn(text, "0123456789");
	unsigned long port = strtoul(text, NULL, 10);

	if (!len || len > PORT_DIGITS || text[len] || !port || port > UINT16_MAX)
		return false;
	*ret = htons(port);
	return true;
}

/* Brackets are for IPv6 alone, and IPv6 is for brackets: its colons are not the port's. */
static bool parse_address(const char *text, size_t len, struct endpoint *e)
{
	bool v6 = len >= 2 && text[0] == '[' && text[len - 1] == ']';
	char address[INET6_ADDRSTRLEN];

	if (v6) {
		text++;
		len -= 2;
	}
	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	e->any.sa_family = v6 ? AF_INET6 : AF_INET;
	e->len = v6 ? sizeof(e->v6) : sizeof(e->v4);
	return inet_pton(e->any.sa_family, address,
			 v6 ? (void *)&e->v6.sin6_addr : (void *)&e->v4.sin_addr) == 1;
}

bool endpoint_parse(const char *text, struct endpoint *ret)
{
	const char *colon = strrchr(text, ':');
	struct endpoint e = {.v6 = {.sin6_family = AF_INET6}, .len = sizeof(e.v6)};
	in_port_t port;

	if (!colon || !parse_port(colon + 1, &port))
		return false;
	e.is_all = colon == text;
	if (!e.is_all && !parse_address(text, colon - text, &e))
		return false;
	if (e.any.sa_family == AF_INET)
		e.v4.sin_port = port;
	else
		e.v6.sin6_port = port;
	*ret = e;
	return true;
}

bool endpoint_without_v6(const struct endpoint *e, struct endpoint *ret)
{
	if (!e->is_all)
		return false;
	*ret = (struct endpoint){
		.v4 = {.sin_family = AF_INET, .sin_port = e->v6.sin6_port},
		.len = sizeof(ret->v4),
		.is_all = true,
	};
	return true;
}

bool endpoint_is_loopback(const struct endpoint *e)
{
	if (e->any.sa_family == AF_INET)
		return ntohl(e->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	if (IN6_IS_ADDR_V4MAPPED(&e->v6.sin6_addr))
		return e->v6.sin6_addr.s6_addr[12] == IN_LOOPBACKNET;
	return IN6_IS_ADDR_LOOPBACK(&e->v6.sin6_addr);
}
