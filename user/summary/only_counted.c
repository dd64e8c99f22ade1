// SPDX-License-Identifier: GPL-2.0
/* What BPF counted without showing it, by cause. */
#include "only_counted.h"

#include <stdbool.h>
#include <stdlib.h>

#include "kind_slots.h"

/* Notes fill one half: each kind that BPF counts, of which there are KINDS_MAX, finds a slot. */
#define NOTED_MAX (KIND_SLOTS / 2)

struct slot {
	const struct cause *cause;
	uint64_t processed; /* came out of the ring buffer, shown or filtered */
	uint64_t suppressed, lost; /* taken */
};

struct only_counted {
	bool overflowed; /* a kind was not noted: how many of it were processed is not known */
	struct kind_slots kinds;
	struct slot slots[KIND_SLOTS];
};

struct only_counted *only_counted_new(void)
{
	return calloc(1, sizeof(struct only_counted));
}

struct only_counted *only_counted_copy(const struct only_counted *o)
{
	struct only_counted *copy = malloc(sizeof(*copy));

	if (copy)
		*copy = *o;
	return copy;
}

void only_counted_free(struct only_counted *o)
{
	free(o);
}

void only_counted_note(struct only_counted *o, const struct kind *kind, const struct cause *cause)
{
	int slot = kind_slot(&o->kinds, kind, NOTED_MAX);

	if (slot < 0) {
		o->overflowed = true;
		return;
	}
	o->slots[slot].processed++;
	if (cause)
		o->slots[slot].cause = cause;
}

/* The sum over the CPUs is not of one moment: it may be a few too low. */
static bool is_on_its_way(const struct slot *slot, const struct kind_counts *c)
{
	int64_t submitted = c->counted - c->phantom - c->suppressed - c->lost;

	return submitted > (int64_t)slot->processed;
}

/* It may go down again by one that was no reset: that is waited for, not taken off. */
static uint64_t take(uint64_t *taken, uint64_t now)
{
	uint64_t more = (int64_t)(now - *taken) > 0 ? now - *taken : 0;

	*taken += more;
	return more;
}

struct counted_only only_counted_take(struct only_counted *o, const struct kind *kind,
				      const struct kind_counts *counts)
{
	int n = kind_slot(&o->kinds, kind, KIND_SLOTS);
	/* What found no room among BPF's kinds: its events are noted under what they are. */
	bool is_rest = !kind->state && !kind->reason && !kind->trigger && !kind->bits;
	struct counted_only ret = {0};
	struct slot *slot;

	if (n < 0)
		return ret;
	slot = &o->slots[n];
	if (!slot->cause && !is_rest && !o->overflowed && is_on_its_way(slot, counts))
		return ret;
	ret.cause = slot->cause;
	ret.suppressed = take(&slot->suppressed, counts->suppressed);
	ret.lost = take(&slot->lost, counts->lost);
	return ret;
}
