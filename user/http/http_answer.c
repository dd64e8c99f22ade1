// SPDX-License-Identifier: GPL-2.0
/* A request, and what its page's function makes the answer with. */
#include "http_answer.h"

const char *request_header(const struct http_request *r, const char *name)
{
	return r->mhd->lookup_connection_value(r->connection, MHD_HEADER_KIND, name);
}

const char *request_argument(const struct http_request *r, const char *name)
{
	return r->mhd->lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
}

void answer_header(const struct http_request *r, struct MHD_Response *response, const char *name,
		   const char *value)
{
	if (response)
		r->mhd->add_response_header(response, name, value);
}

struct MHD_Response *answer_bytes(const struct http_request *r, const char *bytes, size_t len,
				  const char *type)
{
	struct MHD_Response *response =
		r->mhd->create_response_from_buffer(len, (void *)bytes, MHD_RESPMEM_PERSISTENT);

	answer_header(r, response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	return response;
}

struct MHD_Response *answer_error(struct http_request *r, unsigned status, const char *text)
{
	r->status = status;
	return answer_bytes(r, text, strlen(text), TYPE_TEXT);
}

/* The response becomes the owner of the text. */
struct MHD_Response *answer_out(const struct http_request *r, struct out *out, const char *type)
{
	struct MHD_Response *response = NULL;

	if (!out_error(out))
		response = r->mhd->create_response_from_buffer(out->len, out->data,
							       MHD_RESPMEM_MUST_FREE);
	if (response)
		out->data = NULL;
	out_free(out);
	answer_header(r, response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	return response;
}
