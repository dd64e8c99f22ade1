// SPDX-License-Identifier: GPL-2.0
/* The latest events, in a bounded number of bytes. */
#include "kept.h"

#include <stdlib.h>

#include "causes.h"

struct queue {
	const struct cause *cause; /* NULL: unused, and so are those behind it */
	struct kept *oldest, *newest;
	size_t bytes;
	uint64_t second; /* of the last one */
	unsigned of_second; /* so many were kept */
};

struct keep {
	size_t room, bytes, len;
	struct queue queues[CAUSES_MAX];
};

struct keep *keep_new(size_t room)
{
	struct keep *k = calloc(1, sizeof(*k));

	if (k)
		k->room = room;
	return k;
}

static size_t size_of(const struct kept *kept)
{
	return sizeof(*kept) + kept->len + 1;
}

static void drop_oldest(struct keep *k, struct queue *q)
{
	struct kept *kept = q->oldest;

	q->oldest = kept->next;
	if (!q->oldest)
		q->newest = NULL;
	q->bytes -= size_of(kept);
	k->bytes -= size_of(kept);
	k->len--;
	free(kept);
}

void keep_free(struct keep *k)
{
	for (unsigned i = 0; k && i < CAUSES_MAX; i++)
		while (k->queues[i].oldest)
			drop_oldest(k, &k->queues[i]);
	free(k);
}

static struct queue *queue_of(struct keep *k, const struct cause *cause)
{
	unsigned i = 0;

	while (i < CAUSES_MAX - 1 && k->queues[i].cause && k->queues[i].cause != cause)
		i++;
	k->queues[i].cause = cause;
	return &k->queues[i];
}

static struct queue *largest(struct keep *k)
{
	struct queue *max = &k->queues[0];

	for (unsigned i = 1; i < CAUSES_MAX && k->queues[i].cause; i++)
		if (k->queues[i].bytes > max->bytes)
			max = &k->queues[i];
	return max;
}

static void make_room(struct keep *k)
{
	struct queue *q;

	while (k->bytes > k->room && (q = largest(k))->oldest)
		drop_oldest(k, q);
}

static struct kept *kept_new(const struct brief *b, bool wanted, const char *json, size_t len)
{
	struct kept *kept = malloc(sizeof(*kept) + len + 1);

	if (!kept)
		return NULL;
	*kept = (struct kept){.brief = *b, .wanted = wanted, .len = len};
	memcpy(kept->json, json, len);
	kept->json[len] = '\0';
	return kept;
}

struct kept *kept_copy(const struct kept *kept)
{
	return kept_new(&kept->brief, kept->wanted, kept->json, kept->len);
}

static void append(struct queue *q, struct kept *kept)
{
	if (q->newest)
		q->newest->next = kept;
	else
		q->oldest = kept;
	q->newest = kept;
	q->bytes += size_of(kept);
}

bool keep_wants(struct keep *k, const struct brief *b)
{
	const struct queue *q = queue_of(k, b->cause);

	return q->second != b->time_ns / 1000000000 || q->of_second < KEEP_A_SECOND;
}

static void count_second(struct queue *q, uint64_t second)
{
	if (q->second != second)
		q->of_second = 0;
	q->second = second;
	q->of_second++;
}

bool keep_add(struct keep *k, const struct brief *b, bool wanted, const char *json, size_t len)
{
	struct kept *kept = kept_new(b, wanted, json, len);
	struct queue *q = queue_of(k, b->cause);

	if (!kept || size_of(kept) > k->room) {
		free(kept);
		return false;
	}
	append(q, kept);
	count_second(q, b->time_ns / 1000000000);
	k->bytes += size_of(kept);
	k->len++;
	make_room(k);
	return true;
}

size_t keep_len(const struct keep *k)
{
	return k->len;
}

void keep_each(struct keep *k, keep_fn fn, void *context)
{
	for (unsigned i = 0; i < CAUSES_MAX; i++)
		for (struct kept *kept = k->queues[i].oldest; kept; kept = kept->next)
			fn(context, kept);
}

const struct kept *keep_find(const struct keep *k, const char *id)
{
	for (unsigned i = 0; i < CAUSES_MAX; i++)
		for (const struct kept *kept = k->queues[i].oldest; kept; kept = kept->next)
			if (!strcmp(kept->brief.id, id))
				return kept;
	return NULL;
}
