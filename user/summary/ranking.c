// SPDX-License-Identifier: GPL-2.0
/* The most frequent keys of a stream. */
#include "ranking.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

struct ranking {
	unsigned room, len;
	unsigned buckets_len;
	bool has_evicted;
	uint64_t floor; /* no total is below: they only grow */
	uint32_t cursor; /* where rarest() looks first */
	uint32_t *buckets; /* the first row of each chain, or NONE */
	uint32_t *next; /* of a row's chain */
	struct ranked rows[];
};

struct ranking *ranking_new(unsigned room)
{
	struct ranking *r = calloc(1, sizeof(*r) + room * sizeof(r->rows[0]));

	if (!r)
		return NULL;
	r->room = room;
	r->buckets_len = 2 * room;
	r->buckets = malloc(r->buckets_len * sizeof(*r->buckets));
	r->next = malloc(room * sizeof(*r->next));
	if (!r->buckets || !r->next) {
		ranking_free(r);
		return NULL;
	}
	ranking_clear(r);
	return r;
}

void ranking_free(struct ranking *r)
{
	if (!r)
		return;
	free(r->buckets);
	free(r->next);
	free(r);
}

void ranking_clear(struct ranking *r)
{
	memset(r->buckets, 0xff, r->buckets_len * sizeof(*r->buckets));
	r->len = 0;
	r->has_evicted = false;
	r->floor = 0;
	r->cursor = 0;
}

static uint32_t *bucket_of(const struct ranking *r, const char *key, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ULL; /* FNV-1a */

	while (len--)
		h = (h ^ (unsigned char)*key++) * 0x100000001b3ULL;
	return &r->buckets[(h ^ h >> 32) % r->buckets_len];
}

static struct ranked *find(struct ranking *r, const char *key, size_t len)
{
	for (uint32_t i = *bucket_of(r, key, len); i != NONE; i = r->next[i])
		if (!strncmp(r->rows[i].key, key, len) && !r->rows[i].key[len])
			return &r->rows[i];
	return NULL;
}

/* Out of the chain it is in. */
static void unlink_row(struct ranking *r, uint32_t row)
{
	uint32_t *at = bucket_of(r, r->rows[row].key, strlen(r->rows[row].key));

	while (*at != row)
		at = &r->next[*at];
	*at = r->next[row];
}

/* Goes round, so that in a stream of new keys the next one is mostly the first that is looked at. */
static uint32_t rarest(struct ranking *r)
{
	uint32_t min = r->cursor % r->len;

	for (uint32_t n = 0; n < r->len; n++) {
		uint32_t i = (r->cursor + n) % r->len;

		if (r->rows[i].total < r->rows[min].total)
			min = i;
		if (r->rows[min].total == r->floor)
			break;
	}
	r->floor = r->rows[min].total;
	r->cursor = min + 1;
	return min;
}

/* A free row, or that of the rarest key, whose count its follower inherits. */
static uint32_t take_row(struct ranking *r, uint64_t *inherited)
{
	uint32_t row;

	*inherited = 0;
	if (r->len < r->room)
		return r->len++;
	row = rarest(r);
	*inherited = r->rows[row].total;
	unlink_row(r, row);
	r->has_evicted = true;
	return row;
}

static struct ranked *begin(struct ranking *r, const char *key, size_t len, uint64_t time_ns)
{
	uint32_t *bucket = bucket_of(r, key, len);
	uint64_t inherited;
	uint32_t row = take_row(r, &inherited);
	struct ranked *ranked = &r->rows[row];

	*ranked = (struct ranked){
		.error = inherited,
		.total = inherited,
		.first_ns = time_ns,
	};
	memcpy(ranked->key, key, len);
	r->next[row] = *bucket;
	*bucket = row;
	return ranked;
}

struct ranked *ranking_add(struct ranking *r, const char *key, enum direction d, uint64_t n,
			   uint64_t time_ns)
{
	size_t len = strnlen(key, RANKING_KEY_LEN - 1);
	struct ranked *ranked = find(r, key, len);

	if (!ranked)
		ranked = begin(r, key, len, time_ns);
	ranked->count[d] += n;
	ranked->total += n;
	ranked->last_ns = time_ns;
	return ranked;
}

unsigned ranking_len(const struct ranking *r)
{
	return r->len;
}

const struct ranked *ranking_at(const struct ranking *r, unsigned i)
{
	return &r->rows[i];
}

static bool is_before(const struct ranked *a, const struct ranked *b)
{
	return a->total != b->total ? a->total > b->total : a->last_ns > b->last_ns;
}

/* By insertion: `max` is small. */
unsigned ranking_top(const struct ranking *r, const struct ranked *ret[], unsigned max)
{
	unsigned len = 0;

	for (unsigned i = 0; i < r->len; i++) {
		const struct ranked *row = &r->rows[i];
		unsigned at = len;

		if (len == max && (!max || !is_before(row, ret[max - 1])))
			continue;
		if (len < max)
			len++;
		else
			at--;
		for (; at && is_before(row, ret[at - 1]); at--)
			ret[at] = ret[at - 1];
		ret[at] = row;
	}
	return len;
}

bool ranking_is_complete(const struct ranking *r)
{
	return !r->has_evicted;
}
