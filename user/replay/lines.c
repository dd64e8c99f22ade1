// SPDX-License-Identifier: GPL-2.0
/* The lines of a file or pipe. */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lines {
	int fd;
	bool at_end; /* nothing more will come */
	bool skips; /* the rest of a line that was told to be too long */
	uint64_t number;
	size_t begin, end; /* in `data`: what was read and not returned */
	char data[LINE_BYTES + 1]; /* a line of LINE_BYTES bytes has its end in it, too */
};

struct lines *lines_new(int fd)
{
	struct lines *l = malloc(sizeof(*l));

	if (!l)
		return NULL;
	l->fd = fd;
	l->at_end = l->skips = false;
	l->number = l->begin = l->end = 0;
	return l;
}

void lines_free(struct lines *l)
{
	free(l);
}

int lines_read(struct lines *l)
{
	ssize_t n;

	memmove(l->data, l->data + l->begin, l->end - l->begin);
	l->end -= l->begin;
	l->begin = 0;
	n = read(l->fd, l->data + l->end, sizeof(l->data) - l->end);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	l->at_end = !n;
	l->end += n;
	return 0;
}

/* What is left has no end of line. */
static enum line next_of_rest(struct lines *l, size_t len)
{
	if (!l->at_end && len < sizeof(l->data) && !l->skips)
		return LINE_NONE;
	l->begin = l->end;
	if (l->skips)
		return l->at_end ? LINE_END : LINE_NONE;
	l->number += len || !l->at_end;
	l->skips = !l->at_end;
	if (l->skips)
		return LINE_TOO_LONG;
	return len ? LINE_CUT : LINE_END;
}

enum line lines_next(struct lines *l, const char **ret, size_t *ret_len)
{
	for (;;) {
		const char *begin = l->data + l->begin;
		size_t len = l->end - l->begin;
		const char *end = memchr(begin, '\n', len);
		bool is_rest = l->skips;

		*ret = begin;
		*ret_len = end ? (size_t)(end - begin) : len;
		if (!end)
			return next_of_rest(l, len);
		l->begin += *ret_len + 1;
		l->skips = false;
		if (is_rest)
			continue;
		l->number++;
		return LINE_WHOLE;
	}
}

uint64_t lines_number(const struct lines *l)
{
	return l->number;
}
