// SPDX-License-Identifier: GPL-2.0
/* The user of --user. Of /etc/passwd only what every system has. */
#include "identity.h"

#include "unit.h"

static void is(const char *text, uid_t uid, gid_t gid)
{
	struct identity who = {0};

	assert_null(identity_parse(text, &who));
	assert_int_equal(who.uid, uid);
	assert_int_equal(who.gid, gid);
}

static void is_wrong(const char *text)
{
	struct identity who = {7, 8};

	assert_non_null(identity_parse(text, &who));
	assert_int_equal(who.uid, 7);
	assert_int_equal(who.gid, 8);
}

static void test_numbers(void **state)
{
	is("4000000:5", 4000000, 5);
	is("4000000:0", 4000000, 0);
	is("4294967294:4294967294", 4294967294U, 4294967294U);
	is_wrong("4294967295:1"); /* to the kernel: no change */
	is_wrong("99999999999999999999:1");
	is_wrong("4000000"); /* of no group */
	is_wrong("-1:1");
	is_wrong("0:5");
}

static void test_names(void **state)
{
	is("daemon", 1, 1);
	is("daemon:root", 1, 0);
	is("1", 1, 1);
	is("daemon:4000000", 1, 4000000);
	is_wrong("root");
	is_wrong("no such user");
	is_wrong("daemon:no such group");
}

static void test_nonsense(void **state)
{
	is_wrong("");
	is_wrong(":");
	is_wrong(":daemon");
	is_wrong("daemon:");
	is_wrong("daemon:root:root");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
