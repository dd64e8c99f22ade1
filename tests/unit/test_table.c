// SPDX-License-Identifier: GPL-2.0
/* One table: counts, rates of the last seconds, order. */
#include <stdio.h>
#include <string.h>

#include "rates.h"
#include "table.h"
#include "unit.h"

#define SECOND 1000000000ULL

static int set_up(void **state)
{
	*state = table_new(SECOND);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	table_free(*state);
	return 0;
}

static struct row find(const struct table *t, const char *key)
{
	struct row rows[TABLE_KEYS];
	unsigned len = table_rows(t, rows);

	for (unsigned i = 0; i < len; i++)
		if (!strcmp(rows[i].key, key))
			return rows[i];
	fail_msg("no row '%s'", key);
	return rows[0];
}

static void tick(struct table *t, unsigned second)
{
	table_tick(t, second * SECOND);
}

static void test_rate(void **state)
{
	struct table *t = *state;

	table_add(t, "a", DIRECTION_SENT, 10, 1);
	assert_true(find(t, "a").rate == 0); /* no second is over */
	tick(t, 2);
	assert_true(find(t, "a").rate == 10);
	table_add(t, "a", DIRECTION_RECEIVED, 20, 2);
	tick(t, 3);
	assert_true(find(t, "a").rate == 15);
	assert_int_equal(find(t, "a").total, 30);
	assert_int_equal(find(t, "a").count[DIRECTION_RECEIVED], 20);
	for (unsigned i = 0; i < RATES_WINDOW; i++)
		tick(t, 4 + i);
	assert_true(find(t, "a").rate == 0);
	assert_int_equal(find(t, "a").last_ns, 2);
}

/* One that came when the window was full: over the whole window. */
static void test_rate_of_a_late_one(void **state)
{
	struct table *t = *state;

	for (unsigned i = 0; i < 2 * RATES_WINDOW; i++)
		tick(t, 2 + i);
	table_add(t, "late", DIRECTION_SENT, 2 * RATES_WINDOW, 1);
	tick(t, 2 + 2 * RATES_WINDOW);
	assert_true(find(t, "late").rate == 2);
}

/* The row of a key that was evicted has another's rate before the next tick at most: none. */
static void test_rate_after_eviction(void **state)
{
	struct table *t = *state;
	char key[32];

	for (unsigned i = 0; i < TABLE_KEYS; i++) {
		snprintf(key, sizeof(key), "%u", i);
		table_add(t, key, DIRECTION_SENT, 1000, 1 + i);
	}
	tick(t, 2);
	assert_true(table_is_complete(t));
	table_add(t, "new", DIRECTION_SENT, 3, 5000);
	assert_false(table_is_complete(t));
	assert_true(find(t, "new").rate == 0);
	tick(t, 3);
	assert_int_equal(find(t, "new").total, 1003);
	assert_int_equal(find(t, "new").error, 1000);
	assert_true(find(t, "new").rate == 3.0 / 2);
}

static void test_settle_and_clear(void **state)
{
	struct table *t = *state;
	struct row rows[TABLE_KEYS];

	table_add(t, "a", DIRECTION_SENT, 10, 1);
	table_settle(t, 2 * SECOND);
	tick(t, 3);
	assert_true(find(t, "a").rate == 0);
	table_add(t, "a", DIRECTION_SENT, 4, 1);
	tick(t, 4);
	assert_true(find(t, "a").rate == 2);
	table_clear(t, 4 * SECOND);
	assert_int_equal(table_rows(t, rows), 0);
}

static void check_order(const struct row *rows, const char *keys)
{
	for (unsigned i = 0; keys[i]; i++)
		assert_int_equal(rows[i].key[0], keys[i]);
}

static void test_sort(void **state)
{
	struct row rows[] = {
		{.key = "a", .total = 3, .rate = 1, .last_ns = 30, .count = {[DIRECTION_SENT] = 3}},
		{.key = "b",
		 .total = 7,
		 .rate = 0,
		 .last_ns = 10,
		 .count = {[DIRECTION_RECEIVED] = 7}},
		{.key = "c",
		 .total = 7,
		 .rate = 1,
		 .last_ns = 20,
		 .count = {[DIRECTION_RECEIVED] = 7}},
	};
	static const struct {
		enum column by;
		bool reverse;
		const char *keys;
	} orders[] = {
		{COLUMN_KEY, false, "abc"},   {COLUMN_KEY, true, "cba"},
		{COLUMN_TOTAL, false, "bca"}, {COLUMN_TOTAL, true, "abc"},
		{COLUMN_SHARE, false, "bca"}, {COLUMN_RATE, false, "cab"},
		{COLUMN_RATE, true, "bca"},   {COLUMN_LAST, false, "acb"},
		{COLUMN_SENT, false, "abc"},  {COLUMN_RECEIVED, false, "bca"},
	};

	for (size_t i = 0; i < LENGTH(orders); i++) {
		rows_sort(rows, LENGTH(rows), orders[i].by, orders[i].reverse);
		check_order(rows, orders[i].keys);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_rate, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rate_of_a_late_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rate_after_eviction, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_settle_and_clear, set_up, tear_down),
		cmocka_unit_test(test_sort),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
