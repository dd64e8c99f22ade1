// SPDX-License-Identifier: GPL-2.0
/* Lines from a pipe: whole ones, pieces, one that is too long, the last without its end. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"
#include "unit.h"

static int ends[2];
static struct lines *lines;

static int set_up(void **state)
{
	if (pipe(ends))
		return -1;
	lines = lines_new(ends[0]);
	return lines ? 0 : -1;
}

static int tear_down(void **state)
{
	lines_free(lines);
	close(ends[0]);
	return 0;
}

static void feed(const char *bytes, size_t len)
{
	assert_int_equal(write(ends[1], bytes, len), len);
	assert_int_equal(lines_read(lines), 0);
}

static void finish(void)
{
	close(ends[1]);
	assert_int_equal(lines_read(lines), 0);
}

static void check(enum line kind)
{
	const char *line;
	size_t len;

	assert_int_equal(lines_next(lines, &line, &len), kind);
}

static void check_line(enum line kind, const char *text, uint64_t number)
{
	const char *line;
	size_t len;

	assert_int_equal(lines_next(lines, &line, &len), kind);
	assert_int_equal(len, strlen(text));
	assert_memory_equal(line, text, len);
	assert_int_equal(lines_number(lines), number);
}

static void test_pieces(void **state)
{
	check(LINE_NONE);
	feed("one\ntw", 6);
	check_line(LINE_WHOLE, "one", 1);
	check(LINE_NONE);
	feed("o\n\nlast", 7);
	check_line(LINE_WHOLE, "two", 2);
	check_line(LINE_WHOLE, "", 3);
	check(LINE_NONE);
	finish();
	check_line(LINE_CUT, "last", 4);
	check(LINE_END);
	check(LINE_END);
}

static void test_nothing(void **state)
{
	finish();
	check(LINE_END);
	assert_int_equal(lines_number(lines), 0);
}

static char many[LINE_BYTES + 1];

/* In pieces that the pipe takes. */
static void feed_many(size_t len)
{
	memset(many, 'x', len);
	for (size_t done = 0; done < len;) {
		size_t n = len - done < 4096 ? len - done : 4096;

		feed(many + done, n);
		done += n;
		check(LINE_NONE);
	}
}

static void test_longest(void **state)
{
	feed_many(LINE_BYTES);
	feed("\nb\n", 1);
	many[LINE_BYTES] = '\0';
	check_line(LINE_WHOLE, many, 1);
	finish();
	check(LINE_END);
}

/* Told as soon as it is known: the rest may be 10 GB. */
static void test_too_long(void **state)
{
	feed_many(LINE_BYTES);
	feed("yz", 1);
	check(LINE_TOO_LONG);
	assert_int_equal(lines_number(lines), 1);
	check(LINE_NONE);
	feed_many(2 * 4096);
	feed("z\nb\n", 4);
	check_line(LINE_WHOLE, "b", 2);
	feed_many(LINE_BYTES);
	feed("y", 1);
	check(LINE_TOO_LONG);
	assert_int_equal(lines_number(lines), 3);
	finish();
	check(LINE_END);
	assert_int_equal(lines_number(lines), 3);
}

#define LINES_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LINES_TEST(test_pieces),
		LINES_TEST(test_nothing),
		LINES_TEST(test_longest),
		LINES_TEST(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
