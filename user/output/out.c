// SPDX-License-Identifier: GPL-2.0
/* The data stream. */
#include "out.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "print.h"

#define GIVE_UP_MS 100
#define CHUNK 4096 /* PIPE_BUF: what a pipe that says POLLOUT takes without blocking */

struct out *out_new(int fd)
{
	struct out *o = calloc(1, sizeof(*o));

	if (o)
		o->fd = fd;
	return o;
}

void out_free(struct out *o)
{
	if (!o)
		return;
	free(o->data);
	free(o);
}

bool out_grow(struct out *o, size_t len)
{
	size_t size = o->size ? o->size : 1 << 16;
	char *data;

	if (o->error)
		return false;
	while (size < o->len + len)
		size *= 2;
	data = realloc(o->data, size);
	if (!data) {
		o->error = -ENOMEM;
		return false;
	}
	o->data = data;
	o->size = size;
	return true;
}

void out_set_give_up(struct out *o, bool (*give_up)(void))
{
	o->give_up = give_up;
}

void out_number(struct out *o, uint64_t n)
{
	char digits[DIGITS_MAX], *end = digits + sizeof(digits);
	char *begin = print_digits(end, n);

	out_bytes(o, begin, end - begin);
}

static void set_second(struct out *o, uint64_t second)
{
	time_t t = second;
	struct tm tm;

	gmtime_r(&t, &tm);
	o->second = second;
	strftime(o->second_text, sizeof(o->second_text), "%Y-%m-%dT%H:%M:%S", &tm);
}

void out_time(struct out *o, uint64_t ns)
{
	/* A digit more than nine keeps the zeros in front. */
	char digits[DIGITS_MAX], *end = digits + sizeof(digits);

	if (!o->second_text[0] || o->second != ns / 1000000000)
		set_second(o, ns / 1000000000);
	out_string(o, o->second_text);
	*print_digits(end, 1000000000 + ns % 1000000000) = '.';
	out_bytes(o, end - 10, 10);
	out_char(o, 'Z');
}

void out_format(struct out *o, const char *format, ...)
{
	char text[1024];
	va_list args;
	size_t len;

	va_start(args, format);
	len = print_args(text, sizeof(text), format, args);
	va_end(args);
	out_bytes(o, text, len);
}

/* Waits until the descriptor takes something; how much, or 0 after giving up. */
static size_t writable(struct out *o, size_t len)
{
	struct pollfd fd = {.fd = o->fd, .events = POLLOUT};

	if (!o->give_up)
		return len;
	while (poll(&fd, 1, GIVE_UP_MS) <= 0) {
		if (o->give_up()) {
			o->error = -ECANCELED;
			return 0;
		}
	}
	return len < CHUNK ? len : CHUNK;
}

int out_flush(struct out *o)
{
	size_t done = 0;

	while (!o->error && done < o->len) {
		size_t len = writable(o, o->len - done);
		ssize_t n = len ? write(o->fd, o->data + done, len) : 0;

		if (n >= 0)
			done += n;
		else if (errno != EINTR && errno != EAGAIN)
			o->error = -errno;
	}
	o->len = 0;
	o->written = done;
	return o->error;
}

size_t out_written(const struct out *o)
{
	return o->written;
}

void out_recover(struct out *o)
{
	o->error = 0;
	o->len = 0;
}

int out_error(const struct out *o)
{
	return o->error;
}

void out_fail(struct out *o, int error)
{
	if (!o->error)
		o->error = error;
}
