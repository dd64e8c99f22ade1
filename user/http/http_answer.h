/* SPDX-License-Identifier: GPL-2.0 */
/* A request, and what its page's function makes the answer with. */
#ifndef RSTWHY_HTTP_ANSWER_H
#define RSTWHY_HTTP_ANSWER_H

#include "http_library.h"
#include "out.h"

struct http_request {
	const struct http_library *mhd;
	struct MHD_Connection *connection;
	const char *path; /* without what follows a '?' */
	bool is_head; /* the library leaves the body of the answer out */
	unsigned status; /* of the answer: 200, unless the page's function changes it */
};

#define TYPE_TEXT "text/plain; charset=utf-8"
#define TYPE_JSON "application/json"

/* NULL: the client did not send it. Good until the request is answered. */
const char *request_header(const struct http_request *r, const char *name);
const char *request_argument(const struct http_request *r, const char *name);

/* All of them: NULL, no memory. `bytes`, `text` and `type` live as long as the program. */
struct MHD_Response *answer_bytes(const struct http_request *r, const char *bytes, size_t len,
				  const char *type);
struct MHD_Response *answer_error(struct http_request *r, unsigned status, const char *text);

/* What is in `out`, which is freed; NULL if it has an error, too. */
struct MHD_Response *answer_out(const struct http_request *r, struct out *out, const char *type);

void answer_header(const struct http_request *r, struct MHD_Response *response, const char *name,
		   const char *value); /* response NULL: nothing */

#endif
