// SPDX-License-Identifier: GPL-2.0
/* What print_text() writes is what snprintf() writes, whatever the room. */
#include <limits.h>
#include <stdio.h>

#include "print.h"
#include "unit.h"

#define ROOM 80

/* Both at every size: nothing is written behind it. */
#define CHECK(...)                                                                               \
	do {                                                                                     \
		for (size_t size = 1; size <= ROOM; size++) {                                    \
			char expected[ROOM + 1], text[ROOM + 1];                                 \
                                                                                                 \
			memset(expected, '#', sizeof(expected));                                 \
			memset(text, '#', sizeof(text));                                         \
			snprintf(expected, size, __VA_ARGS__);                                   \
			assert_int_equal(strlen(expected), print_text(text, size, __VA_ARGS__)); \
			assert_string_equal(text, expected);                                     \
			assert_int_equal(text[size], '#');                                       \
		}                                                                                \
	} while (0)

static void test_plain(void **state)
{
	CHECK("%s", "");
	CHECK("nothing to convert");
	CHECK("100 %%, %s%s", "a", "");
}

static void test_strings(void **state)
{
	static const char no_nul[4] = {'a', 'b', 'c', 'd'};

	CHECK("%s (%u)", "nginx", 812u);
	CHECK("<%.*s>", 4, no_nul);
	CHECK("<%.*s> <%.*s> <%.*s>", 2, "abc", 0, "abc", -1, "abc");
}

static void test_numbers(void **state)
{
	CHECK("%u %u", 0u, UINT_MAX);
	CHECK("%d %d %d %d", 0, -1, INT_MIN, INT_MAX);
	CHECK("%llu %llu", 0ULL, ULLONG_MAX);
}

static void test_plural(void **state)
{
	char text[ROOM];

	for (unsigned n = 0; n < 3; n++) {
		print_text(text, sizeof(text), "%u byte%s", n, plural(n));
		assert_string_equal(text, n == 1 ? "1 byte" : n ? "2 bytes" : "0 bytes");
	}
}

/* Not its own: snprintf() does the whole. */
static void test_others(void **state)
{
	CHECK("%s has %g s", "HAProxy", 1.5);
	CHECK("%u of %.2f, %5d, %-5s, %lu, %.16s", 7u, 2.345, 42, "ab", 9ul,
	      "twice four are eight");
	CHECK("%d, %d, %x", 1, 2, 255u);
}

int main(void)
{
	const struct CMUnitTest print[] = {
		cmocka_unit_test(test_plain),   cmocka_unit_test(test_strings),
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_plural),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(print, NULL, NULL);
}
