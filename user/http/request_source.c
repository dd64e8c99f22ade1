// SPDX-License-Identifier: GPL-2.0
/* Where a request comes from, as far as a browser tells. */
#define _GNU_SOURCE /* strncasecmp() with it, in <string.h> */
#include "request_source.h"

#include <arpa/inet.h>
#include <string.h>

static bool is_port(const char *text)
{
	return !*text || (*text == ':' && text[1 + strspn(text + 1, "0123456789")] == '\0');
}

/* 127.0.0.0/8, in four numbers: a browser writes no other form. */
static bool is_loopback_v4(const char *text, size_t len)
{
	char address[INET_ADDRSTRLEN];
	struct in_addr v4;

	if (len >= sizeof(address))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	return inet_pton(AF_INET, address, &v4) == 1 && ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
}

static bool is_name(const char *text, size_t len, const char *name)
{
	return len == strlen(name) && !strncasecmp(text, name, len);
}

/* The header Host: "localhost:19435", "127.0.0.1", "[::1]:80". */
static bool is_loopback(const char *host)
{
	size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");

	if (len > strlen(host) || !is_port(host + len))
		return false;
	return is_name(host, len, "localhost") || is_name(host, len, "[::1]") ||
	       is_loopback_v4(host, len);
}

/* "http://HOST": the page that asks is of this server. */
static bool is_own(const char *origin, const char *host)
{
	const char *colon = strstr(origin, "://");

	return colon && host && !strcasecmp(colon + 3, host);
}

/* Somebody has clicked on a link: the page gets a window of its own, and no other site reads it. */
static bool is_click(const struct request_source *s)
{
	return s->is_entrance && s->fetch_mode && !strcmp(s->fetch_mode, "navigate") &&
	       s->fetch_dest && !strcmp(s->fetch_dest, "document");
}

/* A browser that tells nothing of it, or a program: NULL. */
static bool is_foreign_site(const char *site)
{
	return site && strcmp(site, "same-origin") && strcmp(site, "none");
}

const char *request_source_error(const struct request_source *s, bool any_host)
{
	if (!any_host && (!s->host || !is_loopback(s->host)))
		return "by the name localhost or a loopback address only: any other name may be "
		       "a trick of a web page (DNS rebinding); --public allows it\n";
	if (s->origin && !is_own(s->origin, s->host))
		return "not for the page of another site\n";
	if (is_foreign_site(s->fetch_site) && !is_click(s))
		return "not from the page of another site; type the address\n";
	return NULL;
}
