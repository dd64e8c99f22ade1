// SPDX-License-Identifier: GPL-2.0
/* What is too long loses its middle, never half a character. */
#include <string.h>

#include "fit.h"
#include "shown.h"
#include "unit.h"

static void check(const char *text, int width, const char *expected)
{
	char buf[FIT_LEN];

	assert_string_equal(fit_middle(text, width, buf), expected);
	assert_in_range(fit_columns(expected, strlen(expected)), 0, width > 1 ? width : 1);
}

static void test_middle(void **state)
{
	check("", 10, "");
	check("10.0.0.1:80", 11, "10.0.0.1:80");
	check("10.0.0.1:80", 10, "10.~0.1:80");
	check("[fd12:3456:789a:bcde:f012:3456:789a:bcd0]:8080", 24, "[fd12:345~89a:bcd0]:8080");
}

/* A port is never cut off where an address has room at all. */
static void test_port(void **state)
{
	static const char text[] = "[fd12:3456:789a:bcde:f012:3456:789a:bcd0]:65535";
	char buf[FIT_LEN];

	for (int width = 13; width < 60; width++) {
		const char *got = fit_middle(text, width, buf);

		assert_string_equal(got + strlen(got) - 7, "]:65535");
		assert_in_range(strlen(got), 0, width);
	}
}

static void test_utf8(void **state)
{
	check("\303\244\303\266\303\274\303\237", 4, "\303\244\303\266\303\274\303\237");
	check("\303\244\303\266\303\274\303\237\303\244\303\266\303\274", 6,
	      "\303\244\303\266~\303\244\303\266\303\274");
}

static void test_nothing(void **state)
{
	check("abcdef", 2, "~f");
	check("abcdef", 1, "~");
	check("abcdef", 0, "~");
}

static void check_lines(const char *text, int width, const char *expected)
{
	static char buf[SHOWN_LEN];
	struct out *out = shown_new();

	fit_lines(out, text, strlen(text), width);
	assert_string_equal(shown(out, buf), expected);
	shown_free(out);
}

static void test_lines(void **state)
{
	check_lines("one\n\n  two\n", 5, "one\n\n  two\n");
	check_lines("  key          value\n", 12, "  key\n    value\n");
	check_lines("  ss -tnp state established\n", 15, "  ss -tnp state\n    established\n");
	check_lines("/opt/no/space/within\n", 10, "/opt/no/sp\n  ace/with\n  in\n");
	check_lines("\303\244\303\266\303\274\n", 2, "\303\244\303\266\n  \303\274\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_middle), cmocka_unit_test(test_port),
		cmocka_unit_test(test_utf8),   cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests_name("fit", tests, NULL, NULL);
}
