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

/* What tally_say() or tally_say_so_far() says on stderr. */
static void said(void say(struct tally *, const __u64 *, double), struct tally *t,
		 const __u64 counts[COUNT_MAX], char *buf, size_t size)
{
	int fd = memfd_create("stderr", MFD_CLOEXEC), before = dup(STDERR_FILENO);
	ssize_t len;

	fflush(stderr);
	dup2(fd, STDERR_FILENO);
	say(t, counts, 2.5);
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
	/* A missed run is one of the lost, and in no direction; a skipped one is in no sum. */
	const __u64 counts[COUNT_MAX] = {
		[COUNT_SENT] = 8, [COUNT_RECEIVED] = 4, [COUNT_PHANTOM] = 1,
		[COUNT_LOST] = 2, [COUNT_MISSED] = 1,   [COUNT_SKIPPED] = 9,
	};
	struct tally t = {.filtered = 6};
	char text[1024];

	add(&t, &once, DIRECTION_RECEIVED, 1);
	add(&t, &often, DIRECTION_SENT, 3);
	said(tally_say, &t, counts, text, sizeof(text));
	assert_non_null(strstr(text, "rstwhy: 4 events in 2.5 s: 3 sent, 1 received, 0 silent\n"));
	assert_non_null(strstr(text, "rstwhy:        3  often\nrstwhy:        1  once\n"));
	assert_non_null(strstr(text, "counted 12 = shown 4 + filtered 6 "));
	assert_non_null(strstr(text, "lost 2\n"));
	assert_non_null(strstr(text, "among the lost: 1 run skipped by the kernel, "));
	assert_non_null(strstr(text, "rstwhy: 9 runs of other programs skipped\n"));
}

/* In the middle of a run the sum closes, too, also where one count was read later than another. */
static void test_say_so_far(void **state)
{
	__u64 counts[COUNT_MAX] = {[COUNT_SENT] = 10, [COUNT_SUPPRESSED] = 3};
	struct tally t = {.filtered = 2, .shown = 1};
	char text[1024];

	said(tally_say_so_far, &t, counts, text, sizeof(text));
	assert_non_null(strstr(text, "counted 10 = shown 1 + filtered 2 + suppressed 3 + lost 0 "
				     "+ under way 4\n"));
	counts[COUNT_SENT] = 5;
	said(tally_say_so_far, &t, counts, text, sizeof(text));
	assert_non_null(strstr(text, "counted 6 = shown 1 + filtered 2 + suppressed 3 + lost 0\n"));
}

/* What nobody asked for. */
static void test_quiet(void **state)
{
	const __u64 counts[COUNT_MAX] = {[COUNT_SENT] = 1};
	struct tally t = {.shown = 1};
	char text[1024];

	log_set_level(LOG_QUIET);
	said(tally_say, &t, counts, text, sizeof(text));
	assert_string_equal(text, "");
	said(tally_say_so_far, &t, counts, text, sizeof(text));
	assert_non_null(strstr(text, "1 events in"));
	assert_non_null(strstr(text, "counted 1 = shown 1 "));
	log_set_level(LOG_NORMAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_say),
		cmocka_unit_test(test_say_so_far),
		cmocka_unit_test(test_quiet),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
