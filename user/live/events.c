// SPDX-License-Identifier: GPL-2.0
/* The last events of a run as text: a ring of bytes, and where in it each text stands. */
#include "events.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct place {
	size_t at, len;
};

/* A text is never split: where it does not fit behind the last one it begins at the front. */
struct events {
	size_t size; /* bytes */
	unsigned max; /* places */
	uint64_t first, next; /* ids */
	size_t end; /* behind the last text */
	char *bytes; /* NULL: none is kept */
	struct place *places; /* by id; NULL with the bytes */
};

struct events *events_new(size_t bytes, unsigned max)
{
	struct events *e = calloc(1, sizeof(*e));

	if (e)
		*e = (struct events){.size = bytes, .max = max, .first = 1, .next = 1};
	return e;
}

static void free_texts(struct events *e)
{
	free(e->bytes);
	free(e->places);
	e->bytes = NULL;
	e->places = NULL;
}

void events_free(struct events *e)
{
	if (!e)
		return;
	free_texts(e);
	free(e);
}

static struct place *place_of(const struct events *e, uint64_t id)
{
	return &e->places[id % e->max];
}

/* Where so many bytes are free; false: nowhere. */
static bool find_room(const struct events *e, size_t len, size_t *at)
{
	size_t begin;

	*at = 0;
	if (e->first == e->next)
		return len <= e->size;
	begin = place_of(e, e->first)->at;
	if (begin < e->end && len > e->size - e->end)
		return len <= begin; /* in front of the oldest */
	*at = e->end;
	return len <= (begin < e->end ? e->size : begin) - e->end;
}

/* The oldest go, until there is room and a place. */
static size_t make_room(struct events *e, size_t len)
{
	size_t at;

	if (e->next - e->first == e->max)
		e->first++;
	while (!find_room(e, len, &at))
		e->first++;
	return at;
}

static bool have_texts(struct events *e)
{
	if (e->bytes)
		return true;
	e->bytes = malloc(e->size);
	e->places = calloc(e->max, sizeof(*e->places));
	if (!e->bytes || !e->places)
		free_texts(e);
	return e->bytes;
}

void events_put(struct events *e, const char *text, size_t len)
{
	size_t at;

	if (len > e->size || !have_texts(e)) {
		events_skip(e, 1);
		return;
	}
	at = make_room(e, len);
	memcpy(e->bytes + at, text, len);
	*place_of(e, e->next++) = (struct place){at, len};
	e->end = at + len;
}

void events_skip(struct events *e, uint64_t n)
{
	if (!n)
		return;
	e->next += n;
	e->first = e->next;
}

uint64_t events_first(const struct events *e)
{
	return e->first;
}

uint64_t events_next(const struct events *e)
{
	return e->next;
}

uint64_t events_catch_up(const struct events *e, uint64_t *cursor)
{
	uint64_t missed = *cursor < e->first ? e->first - *cursor : 0;

	*cursor += missed;
	if (*cursor > e->next)
		*cursor = e->next;
	return missed;
}

const char *events_text(const struct events *e, uint64_t id, size_t *len)
{
	const struct place *p;

	if (id < e->first || id >= e->next)
		return NULL;
	p = place_of(e, id);
	*len = p->len;
	return e->bytes + p->at;
}
