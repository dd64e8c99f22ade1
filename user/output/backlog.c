// SPDX-License-Identifier: GPL-2.0
/* What a slow reader has not taken yet. */
#include "backlog.h"

#include <stdlib.h>
#include <string.h>

#define TEXTS_MAX 8192 /* of 1 MiB: 128 bytes each */

struct text {
	size_t left; /* bytes to be written */
	bool is_event;
};

/*
 * The bytes are one piece, so that one write() takes of several texts. There is twice the room that
 * is given: they move to the front only when as much as may wait has been written.
 */
struct backlog {
	size_t size, begin, end;
	uint64_t events;
	unsigned first, len; /* a ring */
	struct text texts[TEXTS_MAX];
	char bytes[];
};

struct backlog *backlog_new(size_t size)
{
	struct backlog *b = malloc(sizeof(*b) + 2 * size);

	if (!b)
		return NULL;
	b->size = size; /* the rest stays as it is: pages are taken as they are used */
	backlog_clear(b);
	return b;
}

void backlog_free(struct backlog *b)
{
	free(b);
}

void backlog_clear(struct backlog *b)
{
	b->begin = b->end = 0;
	b->events = 0;
	b->first = b->len = 0;
}

static void move_to_front(struct backlog *b)
{
	memmove(b->bytes, b->bytes + b->begin, b->end - b->begin);
	b->end -= b->begin;
	b->begin = 0;
}

bool backlog_put(struct backlog *b, const char *text, size_t len, bool is_event)
{
	if (!len)
		return true;
	if (b->len == TEXTS_MAX || len > b->size - (b->end - b->begin))
		return false;
	if (b->end + len > 2 * b->size)
		move_to_front(b);
	memcpy(b->bytes + b->end, text, len);
	b->end += len;
	b->texts[(b->first + b->len++) % TEXTS_MAX] = (struct text){len, is_event};
	b->events += is_event;
	return true;
}

const char *backlog_next(const struct backlog *b, size_t *ret_len)
{
	*ret_len = b->end - b->begin;
	return *ret_len ? b->bytes + b->begin : NULL;
}

/* The oldest of the texts. */
static void drop_first(struct backlog *b)
{
	b->events -= b->texts[b->first].is_event;
	b->first = (b->first + 1) % TEXTS_MAX;
	b->len--;
}

void backlog_written(struct backlog *b, size_t len)
{
	b->begin += len;
	while (len && len >= b->texts[b->first].left) {
		len -= b->texts[b->first].left;
		drop_first(b);
	}
	if (len)
		b->texts[b->first].left -= len;
	if (b->begin == b->end)
		b->begin = b->end = 0;
}

uint64_t backlog_events(const struct backlog *b)
{
	return b->events;
}
