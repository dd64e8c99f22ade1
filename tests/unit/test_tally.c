// SPDX-License-Identifier: GPL-2.0
/* The summary at the end: every event is in exactly one of its numbers. */
#define _GNU_SOURCE /* memfd_create() */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "causes.h"
#include "log.h"
#include "tally.h"
#include "unit.h"

static const struct cause often = {.id = "often"}, once = {.id = "once"};

static void add(struct tally *t, const struct cause *cause, enum direction direction, int n)
{
	struct record r = {.e = {.direction = direction}};
	struct verdict v = {.cause = cause};

	while (n--)
		tally_add(t, &r, &v);
}

/* What tally_say() says on stderr. */
static void said(struct tally *t, const __u64 counts[COUNT_MAX], char *buf, size_t size)
{
	int fd = memfd_create("stderr", MFD_CLOEXEC), before = dup(STDERR_FILENO);
	ssize_t len;

	fflush(stderr);
	dup2(fd, STDERR_FILENO);
	tally_say(t, counts, 2.5);
	fflush(stderr);
	dup2(before, STDERR_FILENO);
	close(before);
	len = pread(fd, buf, size - 1, 0);
	close(fd);
	assert_true(len >= 0);
	buf[len] = '\0';
}

static void test_add(void **state)
{
	struct tally t = {.shown = 0};

	add(&t, &once, DIRECTION_RECEIVED, 1);
	add(&t, &often, DIRECTION_SENT, 3);
	add(&t, &often, DIRECTION_NONE, 1);
	assert_int_equal(t.shown, 5);
	assert_int_equal(t.by_direction[DIRECTION_SENT], 3);
	assert_int_equal(t.by_direction[DIRECTION_RECEIVED], 1);
	assert_int_equal(t.by_direction[DIRECTION_NONE], 1);
	assert_int_equal(t.causes_len, 2);
}

static void test_say(void **state)
{
	const __u64 counts[COUNT_MAX] = {
		[COUNT_SENT] = 8,
		[COUNT_RECEIVED] = 4,
		[COUNT_PHANTOM] = 1,
		[COUNT_LOST] = 2,
	};
	struct tally t = {.filtered = 5};
	char text[1024];

	add(&t, &once, DIRECTION_RECEIVED, 1);
	add(&t, &often, DIRECTION_SENT, 3);
	said(&t, counts, text, sizeof(text));
	assert_non_null(strstr(text, "rstwhy: 4 events in 2.5 s: 3 sent, 1 received, 0 silent\n"));
	assert_non_null(strstr(text, "rstwhy:        3  often\nrstwhy:        1  once\n"));
	assert_non_null(strstr(text, "counted 11 = shown 4 + filtered 5 "));
	assert_non_null(strstr(text, "lost 2\n"));
}

static void test_quiet(void **state)
{
	const __u64 counts[COUNT_MAX] = {[COUNT_SENT] = 1};
	struct tally t = {.shown = 1};
	char text[1024];

	log_set_level(LOG_QUIET);
	said(&t, counts, text, sizeof(text));
	log_set_level(LOG_NORMAL);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_say),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
