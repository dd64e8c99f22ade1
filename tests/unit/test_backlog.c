// SPDX-License-Identifier: GPL-2.0
/* What a slow reader has not taken yet. */
#include "backlog.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#define ROOM 64

static struct backlog *b;

static int begin(void **state)
{
	b = backlog_new(ROOM);
	return !b;
}

static int end(void **state)
{
	backlog_free(b);
	return 0;
}

static void assert_next(const char *wanted)
{
	size_t len;
	const char *next = backlog_next(b, &len);

	assert_int_equal(len, strlen(wanted));
	if (len)
		assert_memory_equal(next, wanted, len);
	else
		assert_null(next);
}

static bool put(const char *text)
{
	return backlog_put(b, text, strlen(text), true);
}

static void test_order(void **state)
{
	assert_next("");
	assert_true(put("one\n"));
	assert_true(put("two\n"));
	assert_true(backlog_put(b, "", 0, false));
	assert_next("one\ntwo\n");
	backlog_written(b, 4);
	assert_next("two\n");
	backlog_written(b, 4);
	assert_next("");
}

/* One that is written in part is not written yet; a heading is no event. */
static void test_events(void **state)
{
	assert_true(backlog_put(b, "TIME\n", 5, false));
	assert_int_equal(backlog_events(b), 0);
	put("one\n");
	put("two\n");
	backlog_written(b, 5);
	backlog_written(b, 3);
	assert_int_equal(backlog_events(b), 2);
	backlog_written(b, 1);
	assert_int_equal(backlog_events(b), 1);
	backlog_written(b, 4);
	assert_int_equal(backlog_events(b), 0);
}

/* Wholly or not at all; what is written makes room. */
static void test_full(void **state)
{
	char text[ROOM + 1] = {0};

	memset(text, 'x', ROOM - 4);
	assert_true(put(text));
	assert_false(put("five\n"));
	assert_true(put("abc\n"));
	assert_false(put("x"));
	assert_int_equal(backlog_events(b), 2);
	backlog_written(b, 5);
	assert_true(put("five\n"));
	backlog_written(b, ROOM - 9);
	assert_next("abc\nfive\n");
}

/* However the reader lags: what comes out is what went in. */
static void test_many(void **state)
{
	char line[16];
	unsigned in = 0, out = 0;

	while (out < 100000) {
		size_t len;
		const char *next;

		for (; snprintf(line, sizeof(line), "%06u\n", in) && put(line); in++)
			;
		next = backlog_next(b, &len);
		assert_true(len >= 7);
		for (unsigned i = 0; i < 1 + out % (len / 7); i++, out++) {
			snprintf(line, sizeof(line), "%06u\n", out);
			assert_memory_equal(next + 7 * i, line, 7);
			backlog_written(b, 3);
			backlog_written(b, 4);
			next = backlog_next(b, &len) ? backlog_next(b, &len) - 7 * (i + 1) : next;
		}
		assert_int_equal(backlog_events(b), in - out);
	}
}

static void test_clear(void **state)
{
	put("one\n");
	backlog_written(b, 1);
	backlog_clear(b);
	assert_next("");
	assert_int_equal(backlog_events(b), 0);
	put("two\n");
	assert_next("two\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_order), TEST(test_events), TEST(test_full),
		TEST(test_many),  TEST(test_clear),
	};

	return cmocka_run_group_tests_name("backlog", tests, NULL, NULL);
}
