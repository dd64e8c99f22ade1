/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The clients of a server of libmicrohttpd. Its own limits are no help against who sends a byte now
 * and then: its timeout is one of silence, and who found it full was turned away without a word.
 */
#ifndef RSTWHY_HTTP_CLIENTS_H
#define RSTWHY_HTTP_CLIENTS_H

#include "crowd.h"
#include "http_library.h"

/* Why a client was cut off, or not let in. */
enum http_cut { HTTP_CUT_SLOW, HTTP_CUT_CROWDED, HTTP_CUTS };

struct http_clients {
	const struct http_library *mhd;
	const char *where; /* the server listens, for messages */
	struct crowd crowd;
	struct MHD_Connection *connections[CROWD_PLACES];
	uint64_t cut[HTTP_CUTS];
	uint64_t tell_ns; /* nothing is said of the crowd before */
};

/* Called back by the library, with a struct http_clients; see microhttpd.h. */
enum MHD_Result http_clients_admit(void *clients, const struct sockaddr *address, socklen_t len);
void http_clients_notify(void *clients, struct MHD_Connection *connection, void **place,
			 enum MHD_ConnectionNotificationCode code);
void http_clients_answered(void *clients, struct MHD_Connection *connection, void **request,
			   enum MHD_RequestTerminationCode code);

/* The header of a request is there. `lasting`: the answer has no end. */
void http_clients_asked(struct http_clients *c, struct MHD_Connection *connection, bool lasting);

void http_clients_hurry(struct http_clients *c, uint64_t now_ns); /* cuts off whose time is up */

#endif
