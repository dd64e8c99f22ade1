// SPDX-License-Identifier: GPL-2.0
/*
 * Facts that make no sense: whatever BPF may send, or a replayed file may hold, is judged and
 * written without harm. The sanitizers see what no assertion can.
 */
#include <string.h>

#include "causes.h"
#include "nonsense.h"
#include "shown.h"
#include "unit.h"

#define ROUNDS 20000

static void check_harmless(const char *text)
{
	for (const char *p = text; *p; p++)
		assert_true(*p == '\n' || (*p & 0xe0) != 0);
}

static void test_nonsense(void **state)
{
	const struct style style = {.evidence = true, .stack = true};
	static char text[SHOWN_LEN];
	struct out *out = shown_new();

	for (int i = 0; i < ROUNDS; i++) {
		struct record r = nonsense();
		struct verdict v;

		judge(&r, &v);
		assert_non_null(v.cause);
		assert_true(v.summary[0]);
		json_put(out, &style, &r, &v);
		assert_true(is_json_line(shown(out, text)));
		text_put(out, &style, &r, &v);
		check_harmless(shown(out, text));
	}
	shown_free(out);
}

/* Judging is a function of the record alone. */
static void test_pure(void **state)
{
	for (int i = 0; i < ROUNDS / 10; i++) {
		struct record r = nonsense(), before = r;
		struct verdict first, second;

		judge(&r, &first);
		judge(&r, &second);
		assert_memory_equal(&r, &before, sizeof(r));
		assert_ptr_equal(first.cause, second.cause);
		assert_string_equal(first.summary, second.summary);
		assert_int_equal(first.evidence_len, second.evidence_len);
	}
}

int main(void)
{
	const struct CMUnitTest random_facts[] = {
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_pure),
	};

	return cmocka_run_group_tests(random_facts, NULL, NULL);
}
