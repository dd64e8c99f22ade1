// SPDX-License-Identifier: GPL-2.0
/* The file of an output: its end, its identity, its numbered names. */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

static char place[] = "/tmp/rstwhy-unit-XXXXXX";

static int go_there(void **state)
{
	return !mkdtemp(place) || chdir(place);
}

static int leave(void **state)
{
	return chdir("/") || tree_remove(place);
}

static int file_with(const char *name, const char *text)
{
	int fd = file_open(name, O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	return fd;
}

static void assert_holds(const char *name, const char *wanted)
{
	char text[32] = "";
	FILE *file = fopen(name, "r");

	assert_non_null(file);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, file), strlen(wanted));
	fclose(file);
	assert_string_equal(text, wanted);
}

static void test_continue(void **state)
{
	int fd = file_with("a", "one\n"), again = file_open("a", 0), other = file_with("b", "");

	assert_int_equal(write(again, "two\n", 4), 4);
	assert_holds("a", "one\ntwo\n");
	assert_int_equal(file_size(fd), 8);
	assert_true(file_is_regular(fd));
	assert_true(file_is_same(fd, again));
	assert_false(file_is_same(fd, other));
	close(fd);
	close(again);
	close(other);
	assert_int_equal(file_open("none/a", 0), -ENOENT);
}

/* Of a file that somebody else has written to, or emptied, nothing is taken back. */
static void test_take_back(void **state)
{
	int fd = file_with("a", "one\n"), other = file_open("a", 0);

	assert_int_equal(write(fd, "tw", 2), 2);
	assert_int_equal(file_take_back(fd, 2), 0);
	assert_int_equal(write(fd, "three\n", 6), 6);
	assert_holds("a", "one\nthree\n");
	assert_int_equal(write(other, "x", 1), 1);
	assert_int_equal(file_take_back(fd, 6), -EBUSY);
	assert_holds("a", "one\nthree\nx");
	assert_int_equal(ftruncate(other, 0), 0);
	assert_int_equal(file_take_back(other, 1), -EBUSY);
	close(fd);
	close(other);
}

static void test_ends_line(void **state)
{
	int whole = file_with("a", "one\n"), half = file_with("b", "one\ntw");

	assert_true(file_ends_line(whole, "a"));
	assert_false(file_ends_line(half, "b"));
	assert_false(file_ends_line(whole, "none"));
	assert_false(file_ends_line(half, "a")); /* not the file that is meant */
	close(whole);
	close(half);
}

static void test_shift(void **state)
{
	char name[16], text[16];

	for (int i = 0; i < 12; i++) {
		snprintf(text, sizeof(text), "%d", i);
		close(file_with("log", text));
		assert_int_equal(file_shift("log"), 0);
	}
	for (int i = 1; i <= FILE_OLD_MAX; i++) {
		snprintf(name, sizeof(name), "log.%d", i);
		snprintf(text, sizeof(text), "%d", 12 - i);
		assert_holds(name, text);
	}
	assert_int_equal(access("log", F_OK), -1);
	assert_int_equal(access("log.10", F_OK), -1);
	assert_int_equal(file_shift("log"), 0); /* somebody has taken it away */
	assert_holds("log.1", "11");
	assert_int_equal(file_shift("log.9/x"), -ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_continue),
		cmocka_unit_test(test_take_back),
		cmocka_unit_test(test_ends_line),
		cmocka_unit_test(test_shift),
	};

	return cmocka_run_group_tests_name("output_file", tests, go_there, leave);
}
