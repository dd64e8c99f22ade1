// SPDX-License-Identifier: GPL-2.0
/* Idle timeouts: the file, whatever is in it, and what fits. */
#define _GNU_SOURCE /* memfd_create() */
#include "timeouts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

static char error[TIMEOUTS_ERROR_LEN];
static char path[64];
static int fd = -1;

static int clean(void **state)
{
	timeouts_forget();
	if (fd >= 0)
		close(fd);
	fd = -1;
	error[0] = '\0';
	return 0;
}

static int read_bytes(const char *bytes, size_t len)
{
	clean(NULL);
	fd = memfd_create("timeouts", MFD_CLOEXEC);
	assert_int_equal(write(fd, bytes, len), len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return timeouts_read(path, error);
}

#define READ(bytes) read_bytes(bytes, sizeof(bytes) - 1)

static void check_good(int result, size_t n)
{
	size_t added = 0;

	if (result)
		fail_msg("%s", error);
	while (strcmp(timeout_at(added)->who, "gunicorn (keepalive)"))
		added++;
	assert_int_equal(added, n);
}

static void check_bad(int result, unsigned line, const char *why)
{
	char place[80];

	assert_int_equal(result, -EINVAL);
	snprintf(place, sizeof(place), "%s:%u: ", path, line);
	if (strncmp(error, place, strlen(place)) || !strstr(error, why))
		fail_msg("not line %u, %s: %s", line, why, error);
}

static void check_first(double seconds, const char *who, const char *source)
{
	assert_true(timeout_at(0)->seconds == seconds);
	assert_string_equal(timeout_at(0)->who, who);
	assert_string_equal(timeout_at(0)->source, source);
}

static void test_good_lines(void **state)
{
	check_good(READ("42\tour proxy\thttps://wiki/proxy\n"), 1);
	check_first(42, "our proxy", "https://wiki/proxy");
	check_good(READ("# a comment\n\n1.5\tour \"own\" box\n90\tanother\n"), 2);
	check_first(1.5, "our \"own\" box", "");
}

static void test_odd_but_good(void **state)
{
	check_good(READ(""), 0);
	check_good(READ("\n\n#\n"), 0);
	check_good(READ("42\tno newline at the end"), 1);
	check_first(42, "no newline at the end", "");
	check_good(READ("42\tdos\tsource\r\n\r\n43\tdos\r\n"), 2);
	check_first(42, "dos", "source");
	check_good(READ("007\tsecret\n"), 1);
}

static void test_said_twice(void **state)
{
	check_good(READ("42\ta\n42\ta\n42\tb\n"), 2);
	check_good(READ("350\tAWS Network Load Balancer\n"), 0);
}

static void test_bad_numbers(void **state)
{
	static const char
		*const wrong[] =
			{
				"abc",           "",          "-5",  "+5",  " 5", "5 ",    "nan",
				"inf",           "0x10",      "1e3", "5,5", "5s", "1.2.3", ".",
				"\357\273\2775", /* a byte order mark */
				"5\r",           "350 nginx",
			};

	for (size_t i = 0; i < LENGTH(wrong); i++) {
		char line[64];
		int len = snprintf(line, sizeof(line), "9\tgood\n%s\twho\n", wrong[i]);

		check_bad(read_bytes(line, len), 2, "is no number of seconds");
	}
	check_bad(READ("# x\n\n\nabc\twho\n"), 4, "'abc' is no number of seconds");
}

static void test_out_of_range(void **state)
{
	check_bad(READ("0\twho\n"), 1, "is not between 1 and 100000000");
	check_bad(READ("0.99\twho\n"), 1, "is not between");
	check_bad(READ("100000001\twho\n"), 1, "is not between");
	check_bad(READ("99999999999999999999999999999999999999999999999999\twho\n"), 1,
		  "not between");
}

static void test_bad_columns(void **state)
{
	check_bad(READ("350\n"), 1, "'350' is followed by no tab and name");
	check_bad(READ("350\t\n"), 1, "no tab and name");
	check_bad(READ("350\t  \tsource\n"), 1, "no tab and name");
	check_bad(READ("350\t\tsource\n"), 1, "no tab and name");
	check_bad(READ("350\twho\tsource\tmore\n"), 1, "more than three columns");
}

static void test_no_text(void **state)
{
	char junk[70000];

	check_bad(READ("9\tgood\n8\tb\0d\n"), 2, "NUL byte");
	check_bad(READ("\0"), 1, "NUL byte");
	memset(junk, 'x', sizeof(junk));
	check_bad(read_bytes(junk, sizeof(junk)), 1, "the line is too long");
	memset(junk, '#', sizeof(junk));
	check_bad(read_bytes(junk, sizeof(junk)), 1, "the line is too long");
	memset(junk, '5', 500);
	check_bad(read_bytes(junk, 500), 1, "seconds is not between");
	memset(junk, '\xff', 100);
	junk[100] = '\n';
	check_bad(read_bytes(junk, 101), 1, "is no number");
}

static void test_too_many(void **state)
{
	static char lines[100000];
	size_t len = 0;

	for (int i = 0; i < 2000; i++)
		len += sprintf(lines + len, "%d\tproduct\n", 1000 + i);
	check_bad(read_bytes(lines, len), 1001, "more timeouts than there is room for");
	assert_non_null(timeout_at(1000));
}

static void check_unreadable(const char *name, const char *why)
{
	assert_int_equal(timeouts_read(name, error), -EINVAL);
	if (!strstr(error, name) || !strstr(error, why))
		fail_msg("%s: %s", name, error);
}

static void test_unreadable(void **state)
{
	static char long_name[5000];

	check_unreadable("/", "Is a directory");
	check_unreadable("/nonexistent/file", "No such file");
	check_unreadable("", "No such file");
	check_unreadable("/dev/zero", ":1: a NUL byte");
	memset(long_name, 'n', sizeof(long_name) - 1);
	assert_int_equal(timeouts_read(long_name, error), -EINVAL);
}

/* The list that is compiled in is the file, by the rules for files. */
static void test_built_in(void **state)
{
	double last = 0;
	const struct timeout *t;

	assert_int_equal(timeouts_read("user/judge/timeouts.tsv", error), 0);
	check_first(2, "gunicorn (keepalive)", "https://github.com/conbench/conbench/issues/1156");
	for (size_t i = 0; (t = timeout_at(i)); i++) {
		assert_true(t->seconds >= last); /* sorted */
		assert_true(t->source[0]);
		last = t->seconds;
	}
	assert_true(last == 432000);
}

static bool fits(double seconds, double idle)
{
	struct timeout t = {seconds, "who", ""};

	return timeout_matches(&t, idle);
}

static void test_tolerance(void **state)
{
	assert_true(fits(5, 5) && fits(5, 4.86) && fits(5, 5.14));
	assert_false(fits(5, 4.84) || fits(5, 5.16));
	assert_true(fits(60, 59.41) && fits(60, 60.59));
	assert_false(fits(60, 59.39) || fits(60, 60.61) || fits(60, 65));
	assert_true(fits(350, 348.1) && fits(350, 351.9));
	assert_false(fits(350, 347.9) || fits(350, 352.1));
	assert_true(fits(432000, 432001.9));
	assert_false(fits(432000, 432002.1));
	assert_false(fits(5, -1) || fits(5, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_built_in, clean),
		cmocka_unit_test_teardown(test_good_lines, clean),
		cmocka_unit_test_teardown(test_odd_but_good, clean),
		cmocka_unit_test_teardown(test_said_twice, clean),
		cmocka_unit_test_teardown(test_bad_numbers, clean),
		cmocka_unit_test_teardown(test_out_of_range, clean),
		cmocka_unit_test_teardown(test_bad_columns, clean),
		cmocka_unit_test_teardown(test_no_text, clean),
		cmocka_unit_test_teardown(test_too_many, clean),
		cmocka_unit_test_teardown(test_unreadable, clean),
		cmocka_unit_test_teardown(test_tolerance, clean),
	};

	return cmocka_run_group_tests_name("timeouts", tests, NULL, NULL);
}
