// SPDX-License-Identifier: GPL-2.0
/* How long the reader of the ring buffer rests, and what may wake it. */
#include "pace.h"

#include "unit.h"

#define MS 1000000ULL
#define SECOND 1000000000ULL

/* What begins as idle: asks once, looks again, and then sleeps until something happens. */
static void test_idle(void **state)
{
	struct pace p = {0};
	struct rest first = pace_rest(&p, SECOND, PACE_NEVER), second;

	assert_true(first.ask && first.listen);
	assert_true(first.ns == PACE_RECHECK_NS);
	pace_read(&p, SECOND + PACE_RECHECK_NS, 0, false);
	second = pace_rest(&p, SECOND + PACE_RECHECK_NS, PACE_NEVER);
	assert_true(!second.ask && second.listen);
	assert_true(second.ns == PACE_NEVER);
}

/* What ends the rest before it is time to look does not count as the look. */
static void test_looks_in_time(void **state)
{
	struct pace p = {0};

	assert_true(pace_rest(&p, SECOND, 3 * MS).ns == 3 * MS);
	pace_read(&p, SECOND + 3 * MS, 0, false);
	assert_true(pace_rest(&p, SECOND + 3 * MS, PACE_NEVER).ns == PACE_RECHECK_NS - 3 * MS);
	pace_read(&p, SECOND + PACE_RECHECK_NS, 0, false);
	assert_true(pace_rest(&p, SECOND + PACE_RECHECK_NS, PACE_NEVER).ns == PACE_NEVER);
	pace_read(&p, 2 * SECOND, 0, false);
	assert_true(pace_rest(&p, 2 * SECOND, PACE_NEVER).ns == PACE_NEVER);
}

/*
 * An event has its place and did not see the wish, and its writer was interrupted: it is awaited,
 * and not by a descriptor that is readable all the time.
 */
static void test_incomplete(void **state)
{
	struct pace p = {0};
	uint64_t now = SECOND;

	pace_rest(&p, now, PACE_NEVER);
	for (int i = 0; i < 3; i++) {
		struct rest rest;

		now += PACE_RECHECK_NS;
		pace_read(&p, now, 0, true);
		rest = pace_rest(&p, now, PACE_NEVER);
		assert_true(!rest.ask && !rest.listen);
		assert_true(rest.ns == PACE_PAUSE_NS);
	}
	pace_read(&p, now, 1, false);
	assert_true(pace_rest(&p, now, PACE_NEVER).ns == PACE_PAUSE_NS);
	pace_read(&p, now, 0, false);
	assert_true(pace_rest(&p, now, PACE_NEVER).ask);
}

/* One that was thrown away, or a wake-up too many, has used up the wish as well. */
static void test_nothing_came_of_it(void **state)
{
	struct pace p = {0};

	pace_rest(&p, SECOND, PACE_NEVER);
	pace_read(&p, SECOND + MS, 0, true);
	pace_rest(&p, SECOND + MS, PACE_NEVER);
	pace_read(&p, SECOND + 2 * MS, 0, false);
	assert_true(pace_rest(&p, SECOND + 2 * MS, PACE_NEVER).ask);
}

/* Nothing wakes the reader under load. */
static void test_load(void **state)
{
	struct pace p = {0};
	struct rest small, large;

	pace_read(&p, SECOND, PACE_BATCH_LARGE - 1, true);
	small = pace_rest(&p, SECOND, PACE_NEVER);
	assert_true(!small.ask && !small.listen);
	assert_true(small.ns == PACE_PAUSE_NS);
	pace_read(&p, SECOND, PACE_BATCH_LARGE, false);
	large = pace_rest(&p, SECOND, PACE_NEVER);
	assert_true(!large.ask && !large.listen);
	assert_true(large.ns == 0);
}

/* The event that came has used up the wish to be woken. */
static void test_asks_again(void **state)
{
	struct pace p = {0};

	pace_rest(&p, SECOND, PACE_NEVER);
	pace_read(&p, SECOND, 1, false);
	assert_false(pace_rest(&p, SECOND, PACE_NEVER).ask);
	pace_read(&p, SECOND, 0, false);
	assert_true(pace_rest(&p, SECOND, PACE_NEVER).ask);
}

static void test_due(void **state)
{
	struct pace p = {0};

	assert_true(pace_rest(&p, SECOND, 3 * MS).ns == 3 * MS);
	assert_true(pace_rest(&p, SECOND, 3 * SECOND).ns == PACE_RECHECK_NS);
	pace_read(&p, SECOND + PACE_RECHECK_NS, 0, false);
	assert_true(pace_rest(&p, SECOND + PACE_RECHECK_NS, 3 * SECOND).ns == 3 * SECOND);
	pace_read(&p, 2 * SECOND, 1, false);
	assert_true(pace_rest(&p, 2 * SECOND, 3 * MS).ns == 3 * MS);
	assert_true(pace_rest(&p, 2 * SECOND, 3 * SECOND).ns == PACE_PAUSE_NS);
}

static void test_end(void **state)
{
	assert_true(pace_end(SECOND, 0) == PACE_NEVER);
	assert_true(pace_end(SECOND, 1.5) == 5 * SECOND / 2);
	assert_true(pace_end(SECOND, 1e300) == PACE_NEVER);
}

static void test_until(void **state)
{
	assert_true(pace_until(PACE_NEVER, SECOND) == PACE_NEVER);
	assert_true(pace_until(3 * SECOND, SECOND) == 2 * SECOND);
	assert_true(pace_until(SECOND, SECOND) == 0);
	assert_true(pace_until(SECOND, 3 * SECOND) == 0);
}

static void test_poll_ms(void **state)
{
	assert_int_equal(pace_poll_ms(PACE_NEVER), -1);
	assert_int_equal(pace_poll_ms(0), 0);
	assert_int_equal(pace_poll_ms(1), 1);
	assert_int_equal(pace_poll_ms(MS), 1);
	assert_int_equal(pace_poll_ms(MS + 1), 2);
	assert_in_range(pace_poll_ms(PACE_NEVER - 1), SECOND / MS, INT32_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idle),       cmocka_unit_test(test_looks_in_time),
		cmocka_unit_test(test_incomplete), cmocka_unit_test(test_nothing_came_of_it),
		cmocka_unit_test(test_load),       cmocka_unit_test(test_asks_again),
		cmocka_unit_test(test_due),        cmocka_unit_test(test_end),
		cmocka_unit_test(test_until),      cmocka_unit_test(test_poll_ms),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
