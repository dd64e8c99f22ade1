// SPDX-License-Identifier: GPL-2.0
/* The catalogue as a whole: nothing in it without a test, a name of its own, and an article. */
#include <ctype.h>
#include <string.h>

#include "filter.h"
#include "hints.h"
#include "row.h"
#include "tally.h"
#include "unit.h"

static const struct row *const tables[] = {rows_active, rows_answer, rows_received, rows_silent,
					   rows_hints};

static bool is(const char *id, const char *other)
{
	return other && !strcmp(id, other);
}

static bool expects(const struct row *row, const char *id)
{
	return is(id, row->now.cause) || is(id, row->nameless.cause) || is(id, row->before.cause) ||
	       is(id, row->blind.cause) || is(id, row->hint);
}

static bool some_row_expects(const char *id)
{
	for (size_t t = 0; t < LENGTH(tables); t++)
		for (const struct row *row = tables[t]; row->name; row++)
			if (expects(row, id))
				return true;
	return false;
}

static size_t count_causes(void)
{
	size_t n = 0;

	while (cause_at(n))
		n++;
	return n;
}

static void test_every_cause_has_a_row(void **state)
{
	unsigned missing = 0;

	for (size_t i = 0; cause_at(i); i++)
		if (!some_row_expects(cause_at(i)->id)) {
			print_error("no row expects the cause %s\n", cause_at(i)->id);
			missing++;
		}
	assert_int_equal(missing, 0);
}

static void test_every_hint_has_a_row(void **state)
{
	unsigned missing = 0;

	for (size_t i = 0; hint_at(i); i++)
		if (!some_row_expects(hint_at(i)->id)) {
			print_error("no row expects the hint %s\n", hint_at(i)->id);
			missing++;
		}
	assert_int_equal(missing, 0);
}

/* How often the catalogue and the hints use this id: `explain` looks in both. */
static unsigned uses(const char *id)
{
	unsigned n = 0;

	for (size_t i = 0; cause_at(i); i++)
		n += is(id, cause_at(i)->id);
	for (size_t i = 0; hint_at(i); i++)
		n += is(id, hint_at(i)->id);
	return n;
}

static void check_name(const char *id, const char *title)
{
	assert_int_equal(uses(id), 1);
	for (const char *p = id; *p; p++)
		assert_true(islower((unsigned char)*p) || isdigit((unsigned char)*p) || *p == '-');
	assert_non_null(title);
	assert_true(title[0]);
}

static void test_ids(void **state)
{
	for (size_t i = 0; cause_at(i); i++) {
		assert_ptr_equal(cause_find(cause_at(i)->id), cause_at(i));
		check_name(cause_at(i)->id, cause_at(i)->title);
	}
	for (size_t i = 0; hint_at(i); i++)
		check_name(hint_at(i)->id, hint_at(i)->title);
	assert_null(cause_find("nosuch"));
	assert_null(cause_find(""));
}

static void test_unknown_is_last(void **state)
{
	assert_string_equal(cause_at(count_causes() - 1)->id, "unknown");
}

static unsigned lacks(const char *id, const char *part, const char *text)
{
	if (text && *text)
		return 0;
	print_error("%s: the article lacks `%s`\n", id, part);
	return 1;
}

static unsigned lacking(const char *id, const struct article *a)
{
	return lacks(id, "what", a->what) + lacks(id, "know", a->know) +
	       lacks(id, "confirm", a->confirm) + lacks(id, "advice", a->advice) +
	       lacks(id, "references", a->references);
}

static void test_articles(void **state)
{
	unsigned missing = 0;

	for (size_t i = 0; cause_at(i); i++)
		missing += lacking(cause_at(i)->id, &cause_at(i)->article);
	for (size_t i = 0; hint_at(i); i++)
		missing += lacking(hint_at(i)->id, &hint_at(i)->article);
	assert_int_equal(missing, 0);
}

/* Arrays elsewhere that have one element for each cause. */
static void test_there_is_room_for_all(void **state)
{
	assert_true(count_causes() <= FILTER_CAUSES_MAX);
	assert_true(count_causes() <= CAUSES_MAX);
	assert_null(hint_at(HINTS_MAX));
}

int main(void)
{
	const struct CMUnitTest catalogue[] = {
		cmocka_unit_test(test_every_cause_has_a_row),
		cmocka_unit_test(test_every_hint_has_a_row),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_unknown_is_last),
		cmocka_unit_test(test_articles),
		cmocka_unit_test(test_there_is_room_for_all),
	};

	return cmocka_run_group_tests(catalogue, NULL, NULL);
}
