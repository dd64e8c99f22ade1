// SPDX-License-Identifier: GPL-2.0
/* The clients of a server of libmicrohttpd. */
#include "http_clients.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "clock.h"
#include "log.h"

#define PAUSE_NS 60000000000ULL /* between two lines about the crowd */

/* The library finds the connection ended, and cleans up: it must not be closed behind its back. */
static void cut(struct http_clients *c, int client, enum http_cut why)
{
	int fd = c->mhd->get_connection_info(c->connections[client],
					     MHD_CONNECTION_INFO_CONNECTION_FD)
			 ->connect_fd;

	crowd_cut(&c->crowd, client);
	c->cut[why]++;
	shutdown(fd, SHUT_RDWR);
}

static const char *address_text(const struct in6_addr *a, char text[INET6_ADDRSTRLEN])
{
	if (IN6_IS_ADDR_V4MAPPED(a))
		return inet_ntop(AF_INET, &a->s6_addr[12], text, INET6_ADDRSTRLEN);
	return inet_ntop(AF_INET6, a, text, INET6_ADDRSTRLEN);
}

/* `address`: too many of this one; NULL: too many in all. */
static void say_crowded(struct http_clients *c, const struct in6_addr *address, uint64_t now)
{
	char text[INET6_ADDRSTRLEN];

	if (now < c->tell_ns)
		return;
	c->tell_ns = now + PAUSE_NS;
	log_error("serve at %s: %s%s has %u connections, which is the most: %llu so far were hung "
		  "up on before they asked, or not let in",
		  c->where, address ? "" : "it", address ? address_text(address, text) : "",
		  address ? CROWD_PER_ADDRESS : CROWD_MAX,
		  (unsigned long long)c->cut[HTTP_CUT_CROWDED]);
}

/* Who comes asks soon: rather than that one, whoever has not asked for the longest time goes. */
static bool make_room(struct http_clients *c, const struct in6_addr *address, uint64_t now)
{
	int oldest = crowd_oldest(&c->crowd, address);

	if (oldest >= 0)
		cut(c, oldest, HTTP_CUT_CROWDED);
	else
		c->cut[HTTP_CUT_CROWDED]++;
	say_crowded(c, address, now);
	return oldest >= 0;
}

enum MHD_Result http_clients_admit(void *clients, const struct sockaddr *address, socklen_t len)
{
	const struct in6_addr a = crowd_address(address);
	struct http_clients *c = clients;
	bool has_room = true;

	if (crowd_count(&c->crowd, &a) >= CROWD_PER_ADDRESS)
		has_room = make_room(c, &a, now_ns());
	else if (crowd_count(&c->crowd, NULL) >= CROWD_MAX)
		has_room = make_room(c, NULL, now_ns());
	return has_room ? MHD_YES : MHD_NO;
}

static int client_of(const struct http_clients *c, struct MHD_Connection *connection)
{
	for (int i = 0; i < CROWD_PLACES; i++)
		if (c->connections[i] == connection)
			return i;
	return -1;
}

void http_clients_notify(void *clients, struct MHD_Connection *connection, void **place,
			 enum MHD_ConnectionNotificationCode code)
{
	struct http_clients *c = clients;
	struct in6_addr a;
	int client = client_of(c, connection);

	if (code == MHD_CONNECTION_NOTIFY_CLOSED && client >= 0) {
		c->connections[client] = NULL;
		crowd_remove(&c->crowd, client);
	}
	if (code != MHD_CONNECTION_NOTIFY_STARTED)
		return;
	a = crowd_address(
		c->mhd->get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)
			->client_addr);
	client = crowd_add(&c->crowd, &a, now_ns());
	if (client >= 0) /* always: the library lets in no more than there are places */
		c->connections[client] = connection;
}

void http_clients_answered(void *clients, struct MHD_Connection *connection, void **request,
			   enum MHD_RequestTerminationCode code)
{
	struct http_clients *c = clients;
	int client = client_of(c, connection);

	if (client >= 0)
		crowd_answered(&c->crowd, client, now_ns());
}

void http_clients_asked(struct http_clients *c, struct MHD_Connection *connection, bool lasting)
{
	int client = client_of(c, connection);

	if (client >= 0)
		crowd_asked(&c->crowd, client, lasting, now_ns());
}

void http_clients_hurry(struct http_clients *c, uint64_t now_ns)
{
	for (int late; (late = crowd_late(&c->crowd, now_ns)) >= 0;)
		cut(c, late, HTTP_CUT_SLOW);
}
