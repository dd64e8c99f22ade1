// SPDX-License-Identifier: GPL-2.0
/* What BPF counted without showing it. */
#include "suppress.h"

#include <stdlib.h>

#include "causes.h"
#include "kind_slots.h"

struct slot {
	const struct cause *cause; /* NULL: none was shown yet */
	enum confidence confidence;
	uint64_t told;
};

struct suppress {
	const char *host;
	struct kind_slots kinds;
	struct slot slots[KIND_SLOTS];
	/* During a collection. */
	uint64_t time_ns;
	suppress_fn fn;
	void *context;
	int collected;
};

struct suppress *suppress_new(const char *host)
{
	struct suppress *s = calloc(1, sizeof(*s));

	if (s)
		s->host = host;
	return s;
}

void suppress_free(struct suppress *s)
{
	free(s);
}

static struct slot *slot_of(struct suppress *s, const struct kind *kind)
{
	int slot = kind_slot(&s->kinds, kind, KIND_SLOTS);

	return slot < 0 ? NULL : &s->slots[slot];
}

void suppress_note(struct suppress *s, const struct record *r, const struct verdict *v)
{
	struct slot *slot = slot_of(s, &r->e.kind);

	if (!slot)
		return;
	slot->cause = v->cause;
	slot->confidence = v->confidence;
}

static void make_verdict(const struct slot *slot, const struct kind *kind, uint64_t n,
			 struct verdict *v)
{
	v->cause = slot->cause ? slot->cause : cause_find("unknown");
	v->confidence = slot->cause ? slot->confidence : POSSIBLE;
	v->state = kind_state(kind);
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
	r.host = s->host;
	r.e.direction = kind->direction;
	r.e.kind = *kind;
	make_verdict(slot, kind, r.suppressed, &v);
	s->fn(s->context, &r, &v);
	s->collected++;
}

int suppress_collect(struct suppress *s, const struct probe *p, uint64_t time_ns, suppress_fn fn,
		     void *context)
{
	s->time_ns = time_ns;
	s->fn = fn;
	s->context = context;
	s->collected = 0;
	probe_kinds(p, on_kind, s);
	return s->collected;
}
