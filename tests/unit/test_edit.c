// SPDX-License-Identifier: GPL-2.0
/* A line that is typed: nothing is lost, no character is cut in two. */
#include <stdlib.h>
#include <string.h>

#include "edit.h"
#include "nonsense.h"
#include "unit.h"
#include "utf8.h"

static void type(struct edit *e, const char *text)
{
	for (; *text; text++)
		edit_insert(e, text, 1);
}

static void check(const struct edit *e, const char *left, const char *right)
{
	size_t len = strlen(left);

	assert_int_equal(e->at, len);
	assert_memory_equal(e->text, left, len);
	assert_string_equal(e->text + len, right);
}

static void test_move(void **state)
{
	struct edit e;

	edit_begin(&e, "--port=43");
	check(&e, "--port=43", "");
	edit_left(&e);
	type(&e, "4");
	check(&e, "--port=44", "3");
	edit_home(&e);
	edit_left(&e);
	check(&e, "", "--port=443");
	edit_right(&e);
	check(&e, "-", "-port=443");
	edit_end(&e);
	edit_right(&e);
	check(&e, "--port=443", "");
}

static void test_erase(void **state)
{
	struct edit e;

	edit_begin(&e, "abcdef");
	edit_erase_right(&e);
	edit_left(&e);
	edit_left(&e);
	edit_erase_right(&e);
	check(&e, "abcd", "f");
	edit_erase_left(&e);
	check(&e, "abc", "f");
	edit_erase_begin(&e);
	check(&e, "", "f");
	edit_erase_left(&e);
	edit_erase_begin(&e);
	check(&e, "", "f");
}

static void test_utf8(void **state)
{
	struct edit e;

	edit_begin(&e, "x\303\244\342\202\254");
	edit_left(&e);
	check(&e, "x\303\244", "\342\202\254");
	edit_erase_left(&e);
	check(&e, "x", "\342\202\254");
	edit_insert(&e, "\303\266", 2);
	edit_erase_right(&e);
	check(&e, "x\303\266", "");
}

/* The cursor is always seen, and what is left of it as far as there is room. */
static void test_view(void **state)
{
	struct edit e;
	int cursor;

	edit_begin(&e, "0123456789");
	assert_string_equal(edit_view(&e, 5, &cursor), "6789");
	assert_int_equal(cursor, 4);
	edit_left(&e);
	assert_string_equal(edit_view(&e, 5, &cursor), "56789");
	assert_int_equal(cursor, 4);
	edit_home(&e);
	assert_string_equal(edit_view(&e, 5, &cursor), "0123456789");
	assert_int_equal(cursor, 0);
	edit_end(&e);
	assert_string_equal(edit_view(&e, 80, &cursor), "0123456789");
	assert_int_equal(cursor, 10);
}

/* Too much of anything, in any order: it stays a string of whole characters. */
static void test_any(void **state)
{
	static void (*const acts[])(struct edit *) = {
		edit_left,       edit_right,       edit_home,        edit_end,
		edit_erase_left, edit_erase_right, edit_erase_begin,
	};
	struct edit e;

	edit_begin(&e, "");
	for (unsigned i = 0; i < 20000; i++) {
		unsigned what = nonsense_number() % 40;

		if (what < LENGTH(acts))
			acts[what](&e);
		else
			edit_insert(&e, "\342\202\254", 3);
		assert_in_range(strlen(e.text), e.at, sizeof(e.text) - 1);
		for (size_t at = 0; e.text[at]; at += 3)
			assert_int_equal(utf8_sequence((unsigned char *)e.text + at, 3), 3);
		assert_int_equal(e.at % 3, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_move), cmocka_unit_test(test_erase),
		cmocka_unit_test(test_utf8), cmocka_unit_test(test_view),
		cmocka_unit_test(test_any),
	};

	return cmocka_run_group_tests_name("edit", tests, NULL, NULL);
}
