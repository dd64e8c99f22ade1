// SPDX-License-Identifier: GPL-2.0
/* One table: how often each key came. */
#define _GNU_SOURCE /* qsort_r() */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "rates.h"

/* Of the key that has this place in the ranking now. */
struct pulse {
	uint64_t first_ns; /* tells it from the key that had the place before; 0: none */
	uint64_t at[RATES_WINDOW]; /* its total at the latest ticks */
	double rate;
};

struct table {
	struct ranking *ranking;
	unsigned tick; /* modulo RATES_WINDOW */
	uint64_t tick_ns[RATES_WINDOW];
	struct pulse pulses[TABLE_KEYS];
};

struct table *table_new(uint64_t now_ns)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->ranking = ranking_new(TABLE_KEYS);
	if (!t->ranking) {
		free(t);
		return NULL;
	}
	table_clear(t, now_ns);
	return t;
}

void table_free(struct table *t)
{
	if (t)
		ranking_free(t->ranking);
	free(t);
}

void table_clear(struct table *t, uint64_t now_ns)
{
	ranking_clear(t->ranking);
	memset(t->pulses, 0, sizeof(t->pulses));
	for (unsigned i = 0; i < RATES_WINDOW; i++)
		t->tick_ns[i] = now_ns;
}

void table_add(struct table *t, const char *key, enum direction d, uint64_t n, uint64_t time_ns)
{
	ranking_add(t->ranking, key, d, n, time_ns);
}

static void begin_pulse(struct pulse *p, const struct ranked *ranked, uint64_t before)
{
	p->first_ns = ranked->first_ns;
	for (unsigned i = 0; i < RATES_WINDOW; i++)
		p->at[i] = before;
}

void table_tick(struct table *t, uint64_t now_ns)
{
	double seconds = (double)(now_ns - t->tick_ns[t->tick]) / 1e9;

	for (unsigned i = 0; i < ranking_len(t->ranking); i++) {
		const struct ranked *ranked = ranking_at(t->ranking, i);
		struct pulse *p = &t->pulses[i];

		if (p->first_ns != ranked->first_ns)
			begin_pulse(p, ranked, ranked->error);
		p->rate = seconds > 0 ? (double)(ranked->total - p->at[t->tick]) / seconds : 0;
		p->at[t->tick] = ranked->total;
	}
	t->tick_ns[t->tick] = now_ns;
	t->tick = (t->tick + 1) % RATES_WINDOW;
}

void table_settle(struct table *t, uint64_t now_ns)
{
	for (unsigned i = 0; i < ranking_len(t->ranking); i++) {
		const struct ranked *ranked = ranking_at(t->ranking, i);

		begin_pulse(&t->pulses[i], ranked, ranked->total);
		t->pulses[i].rate = 0;
	}
	for (unsigned i = 0; i < RATES_WINDOW; i++)
		t->tick_ns[i] = now_ns;
}

unsigned table_rows(const struct table *t, struct row ret[TABLE_KEYS])
{
	unsigned len = ranking_len(t->ranking);

	for (unsigned i = 0; i < len; i++) {
		const struct ranked *ranked = ranking_at(t->ranking, i);
		const struct pulse *p = &t->pulses[i];

		ret[i] = (struct row){
			.total = ranked->total,
			.error = ranked->error,
			.rate = p->first_ns == ranked->first_ns ? p->rate : 0,
			.last_ns = ranked->last_ns,
		};
		memcpy(ret[i].key, ranked->key, sizeof(ret[i].key));
		memcpy(ret[i].count, ranked->count, sizeof(ret[i].count));
	}
	return len;
}

bool table_is_complete(const struct table *t)
{
	return ranking_is_complete(t->ranking);
}

struct order {
	enum column by;
	bool reverse;
};

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare(const struct row *a, const struct row *b, enum column by)
{
	switch (by) {
	case COLUMN_KEY:
		return strcmp(b->key, a->key);
	case COLUMN_RATE:
		return COMPARE(a->rate, b->rate);
	case COLUMN_SENT:
		return COMPARE(a->count[DIRECTION_SENT], b->count[DIRECTION_SENT]);
	case COLUMN_RECEIVED:
		return COMPARE(a->count[DIRECTION_RECEIVED], b->count[DIRECTION_RECEIVED]);
	case COLUMN_LAST:
		return COMPARE(a->last_ns, b->last_ns);
	default:
		return COMPARE(a->total, b->total);
	}
}

/* The key decides last: no two rows are equal, and none change places without a reason. */
static int in_order(const void *a, const void *b, void *context)
{
	const struct order *o = context;
	int c = compare(b, a, o->by);

	c = o->reverse ? -c : c;
	c = c ? c : compare(b, a, COLUMN_TOTAL);
	return c ? c : compare(b, a, COLUMN_KEY);
}

void rows_sort(struct row rows[], unsigned len, enum column by, bool reverse)
{
	struct order order = {by, reverse};

	qsort_r(rows, len, sizeof(rows[0]), in_order, &order);
}
