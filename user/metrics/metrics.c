// SPDX-License-Identifier: GPL-2.0
/* The counters behind /metrics: how they count. */
#include "metrics.h"

#include <stdlib.h>
#include <string.h>

#include "causes.h"
#include "facts.h"
#include "hints.h"
#include "kind_slots.h"
#include "metrics_store.h"
#include "print.h"
#include "unit_family.h"

static void list_causes(struct metrics *m)
{
	const struct cause *cause;

	while (m->causes_len < CAUSES_MAX && (cause = cause_at(m->causes_len)))
		m->causes[m->causes_len++] = cause;
}

static void list_hints(struct metrics *m)
{
	const struct hint *hint;

	while (m->hints_len < HINTS_MAX && (hint = hint_at(m->hints_len)))
		m->hints[m->hints_len++] = hint;
}

struct metrics *metrics_new(enum label label, bool silent)
{
	struct metrics *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->label = label;
	m->silent = silent;
	m->only_counted = only_counted_new();
	if (label)
		m->by_label = calloc(1, sizeof(*m->by_label));
	if (!m->only_counted || (label && !m->by_label)) {
		metrics_free(m);
		return NULL;
	}
	list_causes(m);
	list_hints(m);
	return m;
}

void metrics_free(struct metrics *m)
{
	if (!m)
		return;
	only_counted_free(m->only_counted);
	free(m->by_label);
	free(m);
}

/* The last one is "unknown". */
static unsigned cause_index(const struct metrics *m, const struct cause *cause)
{
	unsigned i = 0;

	while (i < m->causes_len - 1 && m->causes[i] != cause)
		i++;
	return i;
}

/* Two states of the same name would be one series twice. */
static enum tcp_state without_synonym(unsigned state)
{
	if (state == STATE_NEW_SYN_RECV)
		return STATE_SYN_RECV;
	return state < STATE_MAX ? state : STATE_UNKNOWN;
}

static void count_hints(struct metrics *m, const struct verdict *v)
{
	for (unsigned i = 0; i < v->hints_len; i++)
		for (unsigned j = 0; j < m->hints_len; j++)
			m->by_hint[j] += m->hints[j] == v->hints[i].hint;
}

/* `room`: where what is not in the record is written. */
static const char *value_of(enum label label, const struct record *r, char room[UNIT_LEN])
{
	const char *value = "";

	if (label == LABEL_UNIT)
		value = unit_family(r->container.unit, room);
	else if (label == LABEL_CONTAINER)
		value = r->container.id;
	if (label == LABEL_NETNS && r->e.flow.netns) {
		print_text(room, UNIT_LEN, "%u", r->e.flow.netns);
		value = room;
	}
	return *value ? value : "unknown";
}

/* Its series ends, and the sum over all stays. */
static void move_to_other(struct metrics_by_label *l, unsigned value)
{
	for (enum direction d = DIRECTION_NONE; d < DIRECTION_MAX; d++)
		for (unsigned i = 0; i < CAUSES_MAX; i++)
			l->n[LABEL_VALUES_OTHER][d][i] += l->n[value][d][i];
	memset(l->n[value], 0, sizeof(l->n[value]));
}

static void count_by_label(struct metrics *m, const struct record *r, unsigned cause)
{
	struct metrics_by_label *l = m->by_label;
	char room[UNIT_LEN];
	unsigned value, freed;

	if (!l)
		return;
	value = label_values_index(&l->values, value_of(m->label, r, room), r->e.time_ns, &freed);
	if (freed != LABEL_VALUES_OTHER)
		move_to_other(l, freed);
	l->n[value][r->e.direction][cause]++;
}

void metrics_shown(struct metrics *m, const struct record *r, const struct verdict *v)
{
	enum direction d = r->e.direction;
	unsigned cause = cause_index(m, v->cause);

	m->shown[d]++;
	m->resets[d][cause][without_synonym(v->state)][!is_ipv4(&r->e.flow)]++;
	count_hints(m, v);
	count_by_label(m, r, cause);
	histogram_add(&m->age[d], age_seconds(r));
	if (d == DIRECTION_RECEIVED)
		histogram_add(&m->received_idle, idle_seconds(r));
	only_counted_note(m->only_counted, &r->e.kind, v->cause);
}

void metrics_filtered(struct metrics *m, const struct record *r)
{
	m->filtered[r->e.direction]++;
	only_counted_note(m->only_counted, &r->e.kind, NULL);
}

static void count_only(struct metrics *m, const struct kind *kind, unsigned state,
		       const struct counted_only *more)
{
	unsigned cause = cause_index(m, more->cause), d = kind->direction;
	uint64_t n = more->suppressed + more->lost;

	m->suppressed[d] += more->suppressed;
	m->lost[d] += more->lost;
	m->resets[d][cause][without_synonym(state)][!!kind->v6] += n;
	if (m->by_label)
		m->by_label->n[LABEL_VALUES_OTHER][d][cause] += n;
}

void metrics_take_counts(struct metrics *m, const struct kind *kind,
			 const struct kind_counts *counts)
{
	struct counted_only more = only_counted_take(m->only_counted, kind, counts);

	count_only(m, kind, kind_state(kind), &more);
}

void metrics_suppressed(struct metrics *m, const struct record *r, const struct verdict *v)
{
	struct kind kind = {.direction = r->e.direction, .v6 = r->e.kind.v6};
	struct counted_only more = {.cause = v->cause, .suppressed = r->suppressed};

	count_only(m, &kind, v->state, &more);
}
