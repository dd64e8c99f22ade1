// SPDX-License-Identifier: GPL-2.0
/* The ring of the last events: what it keeps, what a cursor misses. */
#include "events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nonsense.h"
#include "unit.h"

#define BYTES 100
#define PLACES 8

static void put(struct events *e, const char *text)
{
	events_put(e, text, strlen(text));
}

static void expect(const struct events *e, uint64_t id, const char *text)
{
	size_t len = 0;
	const char *got = events_text(e, id, &len);

	assert_non_null(got);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(got, text, len);
}

static void expect_range(const struct events *e, uint64_t first, uint64_t next)
{
	size_t len;

	assert_int_equal(events_first(e), first);
	assert_int_equal(events_next(e), next);
	assert_null(events_text(e, first - 1, &len));
	assert_null(events_text(e, next, &len));
}

static void test_empty(void **state)
{
	struct events *e = events_new(BYTES, PLACES);
	uint64_t cursor = 1;

	expect_range(e, 1, 1);
	assert_int_equal(events_catch_up(e, &cursor), 0);
	assert_int_equal(cursor, 1);
	events_free(e);
	events_free(NULL);
}

static void test_ids_grow_by_one(void **state)
{
	struct events *e = events_new(BYTES, PLACES);

	put(e, "one");
	put(e, "two");
	expect_range(e, 1, 3);
	expect(e, 1, "one");
	expect(e, 2, "two");
	events_free(e);
}

static void test_bounded_in_number(void **state)
{
	struct events *e = events_new(BYTES, PLACES);

	for (int i = 0; i < PLACES + 3; i++)
		put(e, "x");
	expect_range(e, 4, PLACES + 4);
	events_free(e);
}

static void test_bounded_in_bytes(void **state)
{
	struct events *e = events_new(10, PLACES);

	put(e, "aaaa");
	put(e, "bbbb");
	put(e, "cccc"); /* does not fit behind: to the front, where only the first was */
	expect_range(e, 2, 4);
	expect(e, 2, "bbbb");
	expect(e, 3, "cccc");
	put(e, "dddddddddd"); /* all of it */
	expect_range(e, 4, 5);
	expect(e, 4, "dddddddddd");
	put(e, "e");
	expect_range(e, 5, 6);
	expect(e, 5, "e");
	events_free(e);
}

/* One that is too long has an id and no text, and no reader is told a later one for it. */
static void test_too_long(void **state)
{
	struct events *e = events_new(10, PLACES);
	uint64_t cursor = 1;

	put(e, "a");
	put(e, "12345678901");
	expect_range(e, 3, 3);
	assert_int_equal(events_catch_up(e, &cursor), 2);
	put(e, "b");
	expect(e, 3, "b");
	assert_int_equal(cursor, 3);
	events_free(e);
}

static void test_skipped(void **state)
{
	struct events *e = events_new(BYTES, PLACES);
	uint64_t cursor = 1;

	events_skip(e, 0);
	expect_range(e, 1, 1);
	put(e, "a");
	events_skip(e, 5);
	expect_range(e, 7, 7);
	put(e, "b");
	expect(e, 7, "b");
	assert_int_equal(events_catch_up(e, &cursor), 6);
	assert_int_equal(cursor, 7);
	events_free(e);
}

static void test_cursor(void **state)
{
	struct events *e = events_new(BYTES, 2);
	uint64_t behind = 1, there = 4, ahead = 99, none = 0;

	for (int i = 0; i < 4; i++)
		put(e, "x");
	expect_range(e, 3, 5);
	assert_int_equal(events_catch_up(e, &behind), 2);
	assert_int_equal(behind, 3);
	assert_int_equal(events_catch_up(e, &behind), 0);
	assert_int_equal(events_catch_up(e, &there), 0);
	assert_int_equal(there, 4);
	assert_int_equal(events_catch_up(e, &ahead), 0);
	assert_int_equal(ahead, 5);
	assert_int_equal(events_catch_up(e, &none), 3);
	events_free(e);
}

/* Texts of all lengths, many rounds: what is kept is what was put, and as much as there is room
 * for. */
static void test_many(void **state)
{
	enum { SIZE = 1000, MAX = 50, LONGEST = 120 };
	struct events *e = events_new(SIZE, MAX);
	size_t kept = 0;

	for (uint64_t id = 1; id < 20000; id++) {
		size_t len = 1 + nonsense_number() % LONGEST;
		char text[LONGEST];

		memset(text, 'a' + id % 26, len);
		events_put(e, text, len);
		assert_int_equal(events_next(e), id + 1);
		kept = 0;
		for (uint64_t i = events_first(e); i <= id; i++) {
			const char *got = events_text(e, i, &len);

			for (size_t k = 0; k < len; k++)
				assert_true(got[k] == (char)('a' + i % 26));
			kept += len;
		}
		assert_true(kept <= SIZE && id + 1 - events_first(e) <= MAX);
		/* What is given up: the end of the ring, and room for the longest. */
		assert_true(id < MAX || id + 1 - events_first(e) == MAX ||
			    kept >= SIZE - 2 * LONGEST);
	}
	events_free(e);
}

int main(void)
{
	const struct CMUnitTest events[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_ids_grow_by_one),
		cmocka_unit_test(test_bounded_in_number),
		cmocka_unit_test(test_bounded_in_bytes),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_skipped),
		cmocka_unit_test(test_cursor),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(events, NULL, NULL);
}
