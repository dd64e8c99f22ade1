/* SPDX-License-Identifier: GPL-2.0 */
/* One table: how often each key came, and how often a second of late. Pure. */
#ifndef RSTWHY_TABLE_H
#define RSTWHY_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ranking.h"

#define TABLE_KEYS 256 /* the most frequent of more */

struct table;

struct row {
	char key[RANKING_KEY_LEN];
	uint64_t count[DIRECTION_MAX]; /* of this key alone */
	uint64_t total; /* too high by `error` at most: see ranking.h */
	uint64_t error;
	double rate; /* a second, over RATES_WINDOW seconds */
	uint64_t last_ns; /* wall clock */
};

struct table *table_new(uint64_t now_ns); /* CLOCK_MONOTONIC; NULL: no memory */
void table_free(struct table *t);
void table_clear(struct table *t, uint64_t now_ns);

void table_add(struct table *t, const char *key, enum direction d, uint64_t n, uint64_t time_ns);

/* Once a second: rates are differences between these calls. */
void table_tick(struct table *t, uint64_t now_ns);

/* What was counted until now is no rate: it is of earlier. */
void table_settle(struct table *t, uint64_t now_ns);

unsigned table_rows(const struct table *t, struct row ret[TABLE_KEYS]); /* in no order; how many */
bool table_is_complete(const struct table *t); /* as ranking_is_complete() */

enum column {
	COLUMN_KEY,
	COLUMN_RATE,
	COLUMN_SENT,
	COLUMN_RECEIVED,
	COLUMN_TOTAL,
	COLUMN_SHARE, /* sorts as the total */
	COLUMN_LAST,
	COLUMNS,
};

/* The largest first, of keys the first of the alphabet; of equal ones the more frequent first. */
void rows_sort(struct row rows[], unsigned len, enum column by, bool reverse);

#endif
