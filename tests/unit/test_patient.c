// SPDX-License-Identifier: GPL-2.0
/* A descriptor whose reader may sleep: a pipe, and what becomes of the lines. */
#define _GNU_SOURCE /* pipe2() */
#include "patient.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "unit.h"

#define LINE_LEN 1000

static int ends[2];
static struct patient *p;
static unsigned complaints;

static bool take_complaint(const char *line)
{
	complaints += !!strstr(line, "write to stdout: nobody reads it");
	return true;
}

static int begin(void **state)
{
	signal(SIGPIPE, SIG_IGN);
	complaints = 0;
	log_divert(take_complaint);
	p = pipe2(ends, O_CLOEXEC) ? NULL : patient_new(ends[1], "stdout");
	return !p;
}

static int end(void **state)
{
	patient_free(p);
	close(ends[0]);
	return close(ends[1]);
}

/* Line n: all of one letter. */
static bool put(unsigned n)
{
	char line[LINE_LEN];

	memset(line, 'a' + n % 26, sizeof(line));
	line[LINE_LEN - 1] = '\n';
	return patient_put(p, line, sizeof(line), true);
}

static void assert_line(unsigned n)
{
	char line[LINE_LEN];
	size_t len = 0;

	while (len < sizeof(line)) {
		ssize_t got;

		assert_int_equal(patient_write(p), 0);
		got = read(ends[0], line + len, sizeof(line) - len);
		assert_true(got > 0);
		len += got;
	}
	assert_int_equal(line[0], 'a' + n % 26);
	assert_int_equal(line[LINE_LEN - 2], 'a' + n % 26);
	assert_int_equal(line[LINE_LEN - 1], '\n');
}

/* More at once than there is room for, to who takes all: nothing is refused. */
static void test_takes_all(void **state)
{
	int null = open("/dev/null", O_WRONLY);
	struct patient *takes_all = patient_new(null, "/dev/null");
	char line[LINE_LEN];

	memset(line, 'a', sizeof(line));
	assert_non_null(takes_all);
	for (size_t n = 0; n < (3u << 20) / LINE_LEN; n++)
		assert_true(patient_put(takes_all, line, sizeof(line), true));
	assert_int_equal(patient_finish(takes_all), 0);
	assert_int_equal(patient_drop(takes_all), 0);
	patient_free(takes_all);
	close(null);
}

static void test_is_read(void **state)
{
	for (unsigned n = 0; n < 200; n++) {
		assert_true(put(n));
		assert_int_equal(patient_write(p), 0);
		assert_false(patient_waits(p));
		assert_line(n);
	}
}

/* More than the pipe and what may wait: nothing blocks, what is taken is whole and in order. The
 * pipe blocks as it did: others may write to it, too. */
static void test_sleeps(void **state)
{
	unsigned taken = 0;

	while (put(taken)) {
		taken++;
		assert_int_equal(patient_write(p), 0);
	}
	assert_false(put(0));
	assert_int_equal(complaints, 1); /* within a minute */
	assert_true(taken >= (1 << 20) / LINE_LEN);
	assert_true(patient_waits(p));
	assert_false(fcntl(ends[1], F_GETFL) & O_NONBLOCK);
	for (unsigned n = 0; n < taken; n++)
		assert_line(n);
	assert_false(patient_waits(p));
	assert_int_equal(patient_drop(p), 0);
}

/* At the end it waits for a moment, not for ever. */
static void test_finish(void **state)
{
	unsigned taken = 0;

	while (put(taken))
		taken++;
	assert_int_equal(patient_finish(p), 0);
	assert_true(patient_waits(p));
	assert_in_range(patient_drop(p), taken - (64 << 10) / LINE_LEN - 1, taken);
	assert_false(patient_waits(p));
}

static void test_gone(void **state)
{
	put(0);
	close(ends[0]);
	assert_int_equal(patient_write(p), -EPIPE);
	assert_int_equal(patient_finish(p), -EPIPE);
	assert_int_equal(patient_drop(p), 1);
	ends[0] = dup(STDIN_FILENO);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_takes_all), TEST(test_is_read), TEST(test_sleeps),
		TEST(test_finish),    TEST(test_gone),
	};

	return cmocka_run_group_tests_name("patient", tests, NULL, NULL);
}
