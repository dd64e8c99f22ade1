// SPDX-License-Identifier: GPL-2.0
/* What BPF counted without showing it. */
#include "suppress.h"

#include <stdlib.h>
#include <string.h>

#include "causes.h"

#define SLOTS (2 * KINDS_MAX) /* a power of two; BPF never knows more than half as many */

struct slot {
	bool used;
	struct kind kind;
	const struct cause *cause; /* NULL: none was shown yet */
	enum confidence confidence;
	uint64_t told;
};

struct suppress {
	struct slot slots[SLOTS];
	/* During a collection. */
	uint64_t time_ns;
	suppress_fn fn;
	void *context;
	int collected;
};

struct suppress *suppress_new(void)
{
	return calloc(1, sizeof(struct suppress));
}

void suppress_free(struct suppress *s)
{
	free(s);
}

static struct slot *slot_of(struct suppress *s, const struct kind *kind)
{
	uint64_t key;
	unsigned i;

	memcpy(&key, kind, sizeof(key));
	i = (key * 0x9e3779b97f4a7c15ULL) >> 32;
	for (unsigned tries = 0; tries < SLOTS; tries++, i++) {
		struct slot *slot = &s->slots[i % SLOTS];

		if (slot->used && memcmp(&slot->kind, kind, sizeof(*kind)))
			continue;
		slot->used = true;
		slot->kind = *kind;
		return slot;
	}
	return NULL;
}

void suppress_note(struct suppress *s, const struct record *r, const struct verdict *v)
{
	struct slot *slot = slot_of(s, &r->e.kind);

	if (!slot)
		return;
	slot->cause = v->cause;
	slot->confidence = v->confidence;
}

static void make_verdict(const struct slot *slot, uint64_t n, struct verdict *v)
{
	v->cause = slot->cause ? slot->cause : cause_find("unknown");
	v->confidence = slot->cause ? slot->confidence : POSSIBLE;
	v->state = slot->kind.state == STATE_CLOSE ? slot->kind.prior : slot->kind.state;
	verdict_summary(v, "%llu more like this within a second were counted, not shown",
			(unsigned long long)n);
	verdict_evidence(v, "more than --rate events of one kind in a second");
}

static void on_kind(void *context, const struct kind *kind, const struct kind_counts *counts)
{
	struct suppress *s = context;
	struct slot *slot = slot_of(s, kind);
	struct record r = {0};
	struct verdict v = {0};

	if (!slot || counts->suppressed <= slot->told)
		return;
	r.suppressed = counts->suppressed - slot->told;
	slot->told = counts->suppressed;
	r.time_ns = s->time_ns;
	r.e.direction = kind->direction;
	r.e.kind = *kind;
	make_verdict(slot, r.suppressed, &v);
	s->fn(s->context, &r, &v);
	s->collected++;
}

int suppress_collect(struct suppress *s, const struct probe *p, uint64_t time_ns, suppress_fn fn,
		     void *context)
{
	int err;

	s->time_ns = time_ns;
	s->fn = fn;
	s->context = context;
	s->collected = 0;
	err = probe_kinds(p, on_kind, s);
	return err ? err : s->collected;
}
