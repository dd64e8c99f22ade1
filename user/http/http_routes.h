/* SPDX-License-Identifier: GPL-2.0 */
/* Which page answers a request, and who may have it. */
#ifndef RSTWHY_HTTP_ROUTES_H
#define RSTWHY_HTTP_ROUTES_H

#include <stdbool.h>

#include "http_library.h"

struct http_clients;
struct http_metrics;
struct live;

/* What the pages are made of. */
struct http_pages {
	const struct http_library *mhd;
	struct http_clients *clients;
	struct http_metrics *metrics;
	struct live *live;
	bool is_public; /* the live pages are for whoever asks, by whatever name */
};

/* libmicrohttpd's MHD_AccessHandlerCallback; the context is a struct http_pages. */
enum MHD_Result http_route(void *context, struct MHD_Connection *connection, const char *path,
			   const char *method, const char *version, const char *body,
			   size_t *body_len, void **request);

#endif
