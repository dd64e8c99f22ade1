// SPDX-License-Identifier: GPL-2.0
/* The values of a label that has no natural bound. */
#include "label_values.h"

#include <string.h>

#define BUCKETS (2 * LABEL_VALUES_MAX)

static const char other[] = "other";

static unsigned hash(const char *s, size_t len)
{
	uint64_t h = 0xcbf29ce484222325ULL; /* FNV-1a */

	while (len--)
		h = (h ^ (unsigned char)*s++) * 0x100000001b3ULL;
	return (h ^ h >> 32) % BUCKETS;
}

/* The bucket that has it, or the free one that is for it. */
static unsigned find(const struct label_values *l, const char *value, size_t len)
{
	unsigned bucket = hash(value, len);

	for (; l->buckets[bucket]; bucket = (bucket + 1) % BUCKETS) {
		const char *text = l->text[l->buckets[bucket] - 1];

		if (!strncmp(text, value, len) && !text[len])
			break;
	}
	return bucket;
}

/* A bucket that becomes free would hide those that had to go behind it. */
static void fill_buckets(struct label_values *l)
{
	memset(l->buckets, 0, sizeof(l->buckets));
	for (unsigned i = 0; i < l->len; i++)
		l->buckets[find(l, l->text[i], strlen(l->text[i]))] = 1 + i;
}

/* The one that has been idle for longest, if that is long enough. */
static unsigned find_idle(struct label_values *l, uint64_t now_ns)
{
	unsigned oldest = 0;

	if (now_ns < l->full_until_ns)
		return LABEL_VALUES_OTHER;
	for (unsigned i = 1; i < LABEL_VALUES_MAX; i++)
		if (l->used_ns[i] < l->used_ns[oldest])
			oldest = i;
	l->full_until_ns = l->used_ns[oldest] + LABEL_VALUE_IDLE_NS;
	return now_ns < l->full_until_ns ? LABEL_VALUES_OTHER : oldest;
}

static unsigned add(struct label_values *l, const char *value, size_t len, uint64_t now_ns,
		    unsigned *freed)
{
	unsigned index;

	if (l->len < LABEL_VALUES_MAX)
		index = l->len++;
	else
		index = *freed = find_idle(l, now_ns);
	if (index == LABEL_VALUES_OTHER)
		return index;
	memcpy(l->text[index], value, len);
	l->text[index][len] = '\0';
	l->used_ns[index] = now_ns;
	fill_buckets(l);
	return index;
}

unsigned label_values_index(struct label_values *l, const char *value, uint64_t now_ns,
			    unsigned *freed)
{
	size_t len = strnlen(value, LABEL_VALUE_LEN - 1);
	unsigned found;

	*freed = LABEL_VALUES_OTHER;
	if (!strcmp(value, other))
		return LABEL_VALUES_OTHER;
	found = l->buckets[find(l, value, len)];
	if (!found)
		return add(l, value, len, now_ns, freed);
	if (l->used_ns[found - 1] < now_ns)
		l->used_ns[found - 1] = now_ns;
	return found - 1;
}

const char *label_values_text(const struct label_values *l, unsigned index)
{
	return index == LABEL_VALUES_OTHER ? other : l->text[index];
}
