// SPDX-License-Identifier: GPL-2.0
/*
 * A fair choice of the events of a stream.
 *
 * Each group is a reservoir (Vitter: Random Sampling with a Reservoir, 1985): what was kept of it
 * is at any time a random choice of all that came. While there is room it takes everything; when
 * there is none, the largest gives up one at random for a group that has lost nothing yet. One that
 * has lost something never grows again, or its later events would have the better chance.
 */
#include "sample.h"

#include <stdlib.h>

struct line {
	uint64_t time_ns;
	uint64_t number; /* in the stream */
	unsigned group;
	size_t len;
	char *text;
};

struct group {
	uint64_t seen;
	unsigned kept;
};

struct sample {
	unsigned room, len, groups_len;
	uint64_t seen;
	uint64_t random;
	unsigned wanted; /* the line that sample_fill() is of */
	struct group *groups;
	struct line lines[];
};

struct sample *sample_new(unsigned room, unsigned groups)
{
	struct sample *s = calloc(1, sizeof(*s) + room * sizeof(s->lines[0]));

	if (!s)
		return NULL;
	s->room = room;
	s->groups_len = groups;
	s->groups = calloc(groups, sizeof(*s->groups));
	if (s->groups)
		return s;
	free(s);
	return NULL;
}

void sample_free(struct sample *s)
{
	if (!s)
		return;
	for (unsigned i = 0; i < s->len; i++)
		free(s->lines[i].text);
	free(s->groups);
	free(s);
}

/* SplitMix64: Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014. */
static uint64_t below(struct sample *s, uint64_t n)
{
	uint64_t z = s->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return (z ^ z >> 31) % n;
}

static unsigned largest(const struct sample *s)
{
	unsigned max = 0;

	for (unsigned i = 1; i < s->groups_len; i++)
		if (s->groups[i].kept > s->groups[max].kept)
			max = i;
	return max;
}

/* The place of any line of a group that has one. */
static unsigned any_of(struct sample *s, unsigned group)
{
	uint64_t skip = below(s, s->groups[group].kept);
	unsigned i = 0;

	while (s->lines[i].group != group || skip--)
		i++;
	return i;
}

/* The place for one more of `group`, or s->room: none. */
static unsigned place_for(struct sample *s, unsigned group)
{
	struct group *g = &s->groups[group];
	bool is_whole = g->kept == g->seen - 1;
	unsigned most;

	if (is_whole && s->len < s->room) {
		g->kept++;
		return s->len++;
	}
	most = largest(s);
	if (is_whole && g->kept < s->groups[most].kept) {
		unsigned place = any_of(s, most);

		s->groups[most].kept--;
		g->kept++;
		return place;
	}
	return g->kept && below(s, g->seen) < g->kept ? any_of(s, group) : s->room;
}

bool sample_wants(struct sample *s, unsigned group, uint64_t time_ns)
{
	struct line *line;

	s->seen++;
	s->groups[group].seen++;
	s->wanted = place_for(s, group);
	if (s->wanted == s->room)
		return false;
	line = &s->lines[s->wanted];
	line->time_ns = time_ns;
	line->number = s->seen;
	line->group = group;
	return true;
}

bool sample_fill(struct sample *s, const char *text, size_t len)
{
	struct line *line = &s->lines[s->wanted];
	char *room = realloc(line->text, len ? len : 1);

	line->len = room ? len : 0;
	if (!room)
		return false;
	line->text = room;
	memcpy(room, text, len);
	return true;
}

unsigned sample_len(const struct sample *s)
{
	return s->len;
}

uint64_t sample_seen(const struct sample *s)
{
	return s->seen;
}

unsigned sample_largest(const struct sample *s)
{
	return s->groups[largest(s)].kept;
}

static int by_time(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

void sample_sort(struct sample *s)
{
	qsort(s->lines, s->len, sizeof(s->lines[0]), by_time);
}

const char *sample_line(const struct sample *s, unsigned i, size_t *ret_len)
{
	*ret_len = s->lines[i].len;
	return s->lines[i].text;
}
