// SPDX-License-Identifier: GPL-2.0
/*
 * Which page answers a request, and who may have it.
 *
 * To add a page: a row of routes[] and its function, in a file of its family.
 */
#include "http_routes.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "endpoint.h"
#include "http_answer.h"
#include "http_clients.h"
#include "http_landing.h"
#include "http_live.h"
#include "http_metrics.h"
#include "request_source.h"

static struct MHD_Response *answer_health(const struct http_pages *p, struct http_request *r)
{
	return answer_bytes(r, "ok\n", 3, TYPE_TEXT);
}

static struct MHD_Response *answer_metrics(const struct http_pages *p, struct http_request *r)
{
	return http_metrics_answer(p->metrics, r);
}

static struct MHD_Response *answer_asset(const struct http_pages *p, struct http_request *r)
{
	return live_answer_asset(p->live, r);
}

static struct MHD_Response *answer_summary(const struct http_pages *p, struct http_request *r)
{
	return live_answer_summary(p->live, r);
}

static struct MHD_Response *answer_catalogue(const struct http_pages *p, struct http_request *r)
{
	return live_answer_catalogue(p->live, r);
}

static struct MHD_Response *answer_events(const struct http_pages *p, struct http_request *r)
{
	return live_answer_events(p->live, r);
}

static struct MHD_Response *answer_landing(const struct http_pages *p, struct http_request *r)
{
	return http_landing_answer(r);
}

/* `names`: it tells names and addresses of connections, and is not for everybody. `lasting`: a
 * reader stays as long as it likes. `elsewhere`: for who may not have those names, if anything. */
static const struct route {
	const char *path;
	bool names;
	bool lasting;
	struct MHD_Response *(*answer)(const struct http_pages *p, struct http_request *r);
	struct MHD_Response *(*elsewhere)(const struct http_pages *p, struct http_request *r);
} routes[] = {
	{"/metrics", false, false, answer_metrics, NULL},
	{"/healthz", false, false, answer_health, NULL},
	{"/", true, false, answer_asset, answer_landing},
	{"/page.css", true, false, answer_asset, NULL},
	{"/page.js", true, false, answer_asset, NULL},
	{"/d3.js", true, false, answer_asset, NULL},
	{"/api/summary", true, false, answer_summary, NULL},
	{"/api/catalogue", true, false, answer_catalogue, NULL},
	{"/events", true, true, answer_events, NULL},
};

static const struct route *find_route(const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (!strcmp(routes[i].path, path))
			return &routes[i];
	return NULL;
}

/* The address that the client asked: only this host reaches one of loopback. */
static bool came_by_loopback(const struct http_request *r)
{
	int fd = r->mhd->get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
			 ->connect_fd;
	struct endpoint e = {.len = sizeof(e.v6)};

	return !getsockname(fd, &e.any, &e.len) && endpoint_is_loopback(&e);
}

/* Of this host, which may have the names. */
static bool is_near(const struct http_pages *p, const struct http_request *r)
{
	return p->is_public || came_by_loopback(r);
}

/* NULL: may have it. */
static const char *complaint(const struct http_pages *p, const struct http_request *r)
{
	const struct request_source source = {
		.host = request_header(r, MHD_HTTP_HEADER_HOST),
		.origin = request_header(r, "Origin"),
		.fetch_site = request_header(r, "Sec-Fetch-Site"),
		.fetch_mode = request_header(r, "Sec-Fetch-Mode"),
		.fetch_dest = request_header(r, "Sec-Fetch-Dest"),
		.is_entrance = !strcmp(r->path, "/") && !r->is_head,
	};

	if (!is_near(p, r))
		return "this page tells names and addresses of connections: it is for this host "
		       "alone, unless rstwhy runs with --public; /metrics has none\n";
	return request_source_error(&source, p->is_public);
}

/* What holds for each answer. The page has its own files and nothing else. */
static enum MHD_Result queue(const struct http_request *r, struct MHD_Response *response)
{
	static const char *const headers[][2] = {
		{"Content-Security-Policy",
		 "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
		 "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Cache-Control", "no-store"},
	};
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		answer_header(r, response, headers[i][0], headers[i][1]);
	result = r->mhd->queue_response(r->connection, r->status, response);
	r->mhd->destroy_response(response);
	return result;
}

static enum MHD_Result refuse(struct http_request *r, unsigned status, const char *why)
{
	struct MHD_Response *response = answer_error(r, status, why);

	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		answer_header(r, response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	return queue(r, response);
}

static enum MHD_Result answer(const struct http_pages *p, const struct route *route,
			      struct http_request *r)
{
	const char *why;

	if (route->elsewhere && !is_near(p, r))
		return queue(r, route->elsewhere(p, r));
	why = route->names ? complaint(p, r) : NULL;
	if (why)
		return refuse(r, MHD_HTTP_FORBIDDEN, why);
	return queue(r, route->answer(p, r));
}

/* Status and reason of what is no request of ours; 0: it is. */
static unsigned misrequest(const struct http_request *r, const struct route *route,
			   const char *method, const char *version, const char **why)
{
	/* RFC 9112, 3.2 */
	*why = "HTTP/1.1 wants a header Host\n";
	if (!strcmp(version, MHD_HTTP_VERSION_1_1) && !request_header(r, MHD_HTTP_HEADER_HOST))
		return MHD_HTTP_BAD_REQUEST;
	*why = "not found; there are / and /metrics\n";
	if (!route)
		return MHD_HTTP_NOT_FOUND;
	*why = "only GET and HEAD\n";
	return !r->is_head && strcmp(method, MHD_HTTP_METHOD_GET) ? MHD_HTTP_METHOD_NOT_ALLOWED : 0;
}

/* Called with the header, and once more when all of the request is there. */
enum MHD_Result http_route(void *context, struct MHD_Connection *connection, const char *path,
			   const char *method, const char *version, const char *body,
			   size_t *body_len, void **request)
{
	static char seen;
	const struct http_pages *p = context;
	const struct route *route = find_route(path);
	struct http_request r = {
		.mhd = p->mhd,
		.connection = connection,
		.path = path,
		.is_head = !strcmp(method, MHD_HTTP_METHOD_HEAD),
		.status = MHD_HTTP_OK,
	};
	const char *why;
	unsigned wrong;

	if (!*request)
		http_clients_asked(p->clients, connection, route && route->lasting);
	wrong = misrequest(&r, route, method, version, &why);
	if (wrong)
		return refuse(&r, wrong, why);
	if (!*request) {
		*request = &seen;
		return MHD_YES;
	}
	*body_len = 0; /* nobody asked for one */
	return answer(p, route, &r);
}
