// SPDX-License-Identifier: GPL-2.0
/* Texts of other people, for a terminal. */
#include "printable.h"

#include "shown.h"
#include "unit.h"

static void check(const char *bytes, size_t len, const char *expected)
{
	struct out *out = shown_new();
	char buf[SHOWN_LEN];

	assert_non_null(out);
	out_printable(out, bytes, len);
	assert_string_equal(shown(out, buf), expected);
	shown_free(out);
}

#define CHECK(bytes, expected) check(bytes, sizeof(bytes) - 1, expected)

static void test_plain(void **state)
{
	CHECK("", "");
	CHECK("nginx: worker (1) ~", "nginx: worker (1) ~");
	CHECK("gr\303\274n \342\202\254 \360\237\220\247",
	      "gr\303\274n \342\202\254 \360\237\220\247");
	check("not all of it", 3, "not");
	CHECK("up to\0here", "up to");
}

static void test_control(void **state)
{
	CHECK("a\nb\rc\td\177", "a?b?c?d?");
	CHECK("\033[2J\033]0;x\007", "?[2J?]0;x?");
	CHECK("\302\233m\302\200\302\237\302\240", "?m??\302\240");
}

/* A lone 0x9b is CSI to a terminal that does not speak UTF-8. */
static void test_no_utf8(void **state)
{
	CHECK("\2332J", "?2J");
	CHECK("a\303", "a?");
	CHECK("\300\233", "??");
	CHECK("\355\240\200", "???");
}

/* "gpj.exe" would be read as "exe.jpg". */
static void test_turned_around(void **state)
{
	CHECK("\342\200\256gpj.exe\342\200\254", "?gpj.exe?");
	CHECK("\330\234a\330\233", "?a\330\233"); /* U+061C, U+061B */
	CHECK("\342\200\216\342\200\217\342\200\250\342\201\246\342\201\251", "?????");
	CHECK("\342\200\215\342\200\220\342\200\247\342\200\257\342\201\245\342\201\252",
	      "\342\200\215\342\200\220\342\200\247\342\200\257\342\201\245\342\201\252");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_no_utf8),
		cmocka_unit_test(test_turned_around),
	};

	return cmocka_run_group_tests_name("printable", tests, NULL, NULL);
}
