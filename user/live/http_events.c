// SPDX-License-Identifier: GPL-2.0
/*
 * /events. libmicrohttpd asks a reader's function for bytes whenever its socket takes some. With
 * nothing to send the connection is suspended, or it would ask again and again.
 */
#include "http_events.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "event_stream.h"

#define READERS_MAX 16
#define LIST_MAX 64 /* with those that are gone, until their connections are closed */
#define BLOCK_SIZE 8192 /* bytes that the library wants at once, where it is free to choose */
/* Milliseconds after which a peer that confirms nothing, or takes nothing, is gone. */
#define PEER_GONE_MS 30000
#define TYPE_EVENTS "text/event-stream"
#define RETRY_AFTER "15"

struct reader {
	struct readers *all;
	struct MHD_Connection *connection;
	int fd;
	struct event_stream stream;
	struct out *text; /* what it gets next */
	size_t sent; /* of the text */
	bool is_suspended;
	bool is_gone; /* its peer has hung up */
	bool wants_beat;
};

struct readers {
	const struct http_library *mhd;
	const struct events *events;
	char run[READERS_RUN_LEN];
	bool ending;
	unsigned len;
	struct reader *list[LIST_MAX];
};

struct readers *readers_new(const struct http_library *mhd, const struct events *events,
			    const char *run)
{
	struct readers *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->mhd = mhd;
	s->events = events;
	strncpy(s->run, run, sizeof(s->run) - 1);
	return s;
}

void readers_free(struct readers *s)
{
	free(s);
}

unsigned readers_len(const struct readers *s)
{
	return s->len;
}

/* What a reader gets */

static void fill(struct reader *r)
{
	out_rewind(r->text, 0);
	r->sent = 0;
	event_stream_more(&r->stream, r->all->ending, r->text);
	if (r->wants_beat && !out_mark(r->text))
		out_string(r->text, ":\n\n"); /* a comment */
	r->wants_beat = false;
}

static ssize_t rest(struct reader *r)
{
	if (r->is_gone)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (r->stream.said_bye)
		return MHD_CONTENT_READER_END_OF_STREAM;
	r->all->mhd->suspend_connection(r->connection);
	r->is_suspended = true;
	return 0;
}

static ssize_t read_more(void *context, uint64_t at, char *buffer, size_t max)
{
	struct reader *r = context;
	size_t len;

	if (r->sent == r->text->len)
		fill(r);
	if (out_error(r->text))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	len = r->text->len - r->sent;
	if (!len || r->is_gone)
		return rest(r);
	len = len < max ? len : max;
	memcpy(buffer, r->text->data + r->sent, len);
	r->sent += len;
	return len;
}

/* Waking readers */

static bool resume(struct reader *r)
{
	if (!r->is_suspended)
		return false;
	r->is_suspended = false;
	r->all->mhd->resume_connection(r->connection);
	return true;
}

bool readers_wake(struct readers *s)
{
	bool any = false;

	for (unsigned i = 0; i < s->len; i++)
		any |= resume(s->list[i]);
	return any;
}

void readers_beat(struct readers *s)
{
	for (unsigned i = 0; i < s->len; i++)
		s->list[i]->wants_beat = true;
	readers_wake(s);
}

void readers_end(struct readers *s)
{
	s->ending = true;
	readers_wake(s);
}

/* While a connection is suspended nobody else looks whether its peer has hung up. */
static bool has_hung_up(const struct reader *r)
{
	char byte;
	ssize_t n = recv(r->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	return !n || (n < 0 && errno != EAGAIN && errno != EINTR);
}

/* A page that is loaded again and again leaves one behind each time. How many are there. */
static unsigned count_readers(struct readers *s)
{
	unsigned n = 0;

	for (unsigned i = 0; i < s->len; i++) {
		struct reader *r = s->list[i];

		if (!r->is_gone && r->is_suspended && has_hung_up(r)) {
			r->is_gone = true;
			resume(r);
		}
		n += !r->is_gone;
	}
	return n;
}

/* Readers come and go */

static void reader_free(void *context)
{
	struct reader *r = context;
	struct readers *s = r->all;

	for (unsigned i = 0; i < s->len; i++)
		if (s->list[i] == r)
			s->list[i] = s->list[--s->len];
	out_free(r->text);
	free(r);
}

/* A browser comes back with the header; a program may find words in the address easier. */
static const char *last_id(const struct http_request *request)
{
	const char *last = request_header(request, "Last-Event-ID");

	return last ? last : request_argument(request, "last-event-id");
}

static void keep_open(const struct reader *r)
{
	unsigned gone_ms = PEER_GONE_MS;

	r->all->mhd->set_connection_option(r->connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
	setsockopt(r->fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &gone_ms, sizeof(gone_ms));
}

static struct reader *reader_new(struct readers *s, const struct http_request *request)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->all = s;
	r->connection = request->connection;
	r->fd = s->mhd->get_connection_info(r->connection, MHD_CONNECTION_INFO_CONNECTION_FD)
			->connect_fd;
	r->text = out_new(-1);
	if (!r->text) {
		free(r);
		return NULL;
	}
	event_stream_begin(&r->stream, s->events, s->run, last_id(request), r->text);
	keep_open(r);
	return r;
}

static struct MHD_Response *refuse(struct http_request *request)
{
	struct MHD_Response *response =
		answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE,
			     "16 readers of /events are all that this server takes: close one\n");

	answer_header(request, response, MHD_HTTP_HEADER_RETRY_AFTER, RETRY_AFTER);
	return response;
}

static struct MHD_Response *answer_stream(struct readers *s, struct http_request *request)
{
	struct reader *r = reader_new(s, request);
	struct MHD_Response *response;

	if (!r)
		return NULL;
	response = s->mhd->create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, read_more, r,
							 reader_free);
	if (!response) {
		reader_free(r);
		return NULL;
	}
	s->list[s->len++] = r;
	return response;
}

struct MHD_Response *readers_answer(struct readers *s, struct http_request *request)
{
	struct MHD_Response *response;

	if (count_readers(s) >= READERS_MAX || s->len == LIST_MAX)
		return refuse(request);
	if (request->is_head)
		return answer_bytes(request, "", 0, TYPE_EVENTS);
	response = answer_stream(s, request);
	answer_header(request, response, MHD_HTTP_HEADER_CONTENT_TYPE, TYPE_EVENTS);
	answer_header(request, response, MHD_HTTP_HEADER_CONNECTION, "close");
	return response;
}
