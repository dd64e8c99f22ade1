// SPDX-License-Identifier: GPL-2.0
/* A server of libmicrohttpd: its socket, its limits. */
#include "http_server.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "endpoint.h"
#include "log.h"

#define CONNECTION_MEMORY (16 << 10) /* bytes; a longer request is refused */
#define CONNECTION_TIMEOUT_S CROWD_ASK_S /* of silence */
#define BACKLOG 64

static void on_words(void *context, const char *format, va_list args)
{
	char words[256];

	vsnprintf(words, sizeof(words), format, args);
	words[strcspn(words, "\n")] = '\0';
	log_verbose("libmicrohttpd: %s", words);
}

static const char *advice(int err)
{
	switch (err) {
	case EADDRINUSE:
		return "; another program listens there: choose another port";
	case EADDRNOTAVAIL:
		return "; this host has no such address";
	case EACCES:
		return "; a port below 1024 needs CAP_NET_BIND_SERVICE";
	default:
		return "";
	}
}

static int listen_at(const struct endpoint *e)
{
	int yes = 1, no = 0;
	int fd = socket(e->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (e->any.sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (bind(fd, &e->any, e->len) || listen(fd, BACKLOG)) {
		int err = errno;

		close(fd);
		return -err;
	}
	return fd;
}

/* Where IPv6 is off (ipv6.disable=1), all addresses are those of IPv4. */
static int listen_at_any(const struct endpoint *e)
{
	struct endpoint v4;
	int fd = listen_at(e);

	if ((fd == -EAFNOSUPPORT || fd == -EADDRNOTAVAIL) && endpoint_without_v6(e, &v4))
		fd = listen_at(&v4);
	return fd;
}

static int open_socket(const char *where, const char *what)
{
	struct endpoint e;
	int fd;

	if (!endpoint_parse(where, &e))
		return -EINVAL;
	fd = listen_at_any(&e);
	if (fd < 0)
		log_error("listen on %s: %s%s", where, strerror(-fd), advice(-fd));
	else if (!endpoint_is_loopback(&e))
		log_info("serving %s on %s: who reaches it can read them, without a password", what,
			 where);
	return fd;
}

static int open_daemon(struct http_server *s, int fd, MHD_AccessHandlerCallback answer,
		       void *context)
{
	struct http_clients *c = &s->clients;

	s->daemon =
		s->mhd->start_daemon(MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME,
				     0, http_clients_admit, c, answer, context,
				     MHD_OPTION_EXTERNAL_LOGGER, on_words, NULL,
				     MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_LIMIT,
				     CROWD_PLACES, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				     (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT,
				     CONNECTION_TIMEOUT_S, MHD_OPTION_NOTIFY_CONNECTION,
				     http_clients_notify, c, MHD_OPTION_NOTIFY_COMPLETED,
				     http_clients_answered, c, MHD_OPTION_END);
	return s->daemon ? 0 : -EIO;
}

int http_server_open(struct http_server *s, const char *where, const char *what,
		     MHD_AccessHandlerCallback answer, void *context)
{
	int fd, err;

	s->mhd = http_library();
	if (!s->mhd) {
		log_error("load libmicrohttpd: %s; install libmicrohttpd12", dlerror());
		return -ENOENT;
	}
	s->clients.mhd = s->mhd;
	s->clients.where = where;
	fd = open_socket(where, what);
	if (fd < 0)
		return fd;
	err = open_daemon(s, fd, answer, context);
	if (err) {
		log_error("listen on %s: libmicrohttpd does not begin; -v shows what it says",
			  where);
		close(fd);
	}
	return err;
}

void http_server_close(struct http_server *s)
{
	if (s->daemon)
		s->mhd->stop_daemon(s->daemon); /* closes its socket, too */
	s->daemon = NULL;
}

int http_server_fd(const struct http_server *s)
{
	return s->mhd->get_daemon_info(s->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

static uint64_t library_deadline_ns(const struct http_server *s)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (s->mhd->get_timeout(s->daemon, &ms) != MHD_YES)
		return UINT64_MAX;
	/* Due: a time that has passed for whoever looked at the clock before. */
	return ms ? now_ns() + ms * 1000000 : 0;
}

uint64_t http_server_deadline_ns(const struct http_server *s)
{
	uint64_t library = library_deadline_ns(s);
	uint64_t clients = crowd_deadline_ns(&s->clients.crowd);

	return library < clients ? library : clients;
}

void http_server_run(struct http_server *s)
{
	http_clients_hurry(&s->clients, now_ns());
	s->mhd->run(s->daemon);
}
