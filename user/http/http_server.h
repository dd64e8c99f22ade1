/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A server of libmicrohttpd, without a thread of its own: its epoll descriptor is polled with
 * everything else, and it does its work when it is run.
 */
#ifndef RSTWHY_HTTP_SERVER_H
#define RSTWHY_HTTP_SERVER_H

#include <stdint.h>

#include "http_clients.h"

struct MHD_Daemon;

struct http_server {
	const struct http_library *mhd; /* NULL: not open */
	struct MHD_Daemon *daemon;
	struct http_clients clients;
};

/*
 * `where`: see endpoint.h; at other addresses than loopback it is said that `what` can be read by
 * whoever reaches it. 0 or -errno, reported.
 */
int http_server_open(struct http_server *s, const char *where, const char *what,
		     MHD_AccessHandlerCallback answer, void *context);
void http_server_close(struct http_server *s); /* no connection may be suspended */

int http_server_fd(const struct http_server *s);
uint64_t http_server_deadline_ns(const struct http_server *s); /* CLOCK_MONOTONIC */
void http_server_run(struct http_server *s);

#endif
