// SPDX-License-Identifier: GPL-2.0
/* A number for each kind of reset. */
#include "kind_slots.h"

#include <stdint.h>
#include <string.h>

int kind_slot(struct kind_slots *s, const struct kind *kind, unsigned max)
{
	uint64_t key;
	unsigned i;

	memcpy(&key, kind, sizeof(key));
	i = (key * 0x9e3779b97f4a7c15ULL) >> 32;
	for (unsigned tries = 0; tries < KIND_SLOTS; tries++, i++) {
		unsigned n = i % KIND_SLOTS;

		if (s->list[n].used && memcmp(&s->list[n].kind, kind, sizeof(*kind)))
			continue;
		if (s->list[n].used)
			return n;
		if (s->used >= max)
			return -1;
		s->used++;
		s->list[n].used = true;
		s->list[n].kind = *kind;
		return n;
	}
	return -1;
}
