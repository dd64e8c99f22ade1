// SPDX-License-Identifier: GPL-2.0
/* The latest events in a bounded number of bytes: what is rare stays. */
#include <stdio.h>
#include <string.h>

#include "causes.h"
#include "kept.h"
#include "unit.h"

#define ROOM 65536
#define LINE 500
#define SECOND 1000000000ULL

static const struct cause often = {.id = "often"}, rare = {.id = "rare"};

static int set_up(void **state)
{
	*state = keep_new(ROOM);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	keep_free(*state);
	return 0;
}

static struct brief brief(const struct cause *cause, unsigned n, uint64_t time_ns)
{
	struct brief b = {.cause = cause, .time_ns = time_ns};

	snprintf(b.id, sizeof(b.id), "%s-%u", cause->id, n);
	return b;
}

static void add(struct keep *k, const struct cause *cause, unsigned n)
{
	struct brief b = brief(cause, n, n * SECOND);
	char line[LINE];

	memset(line, 'x', sizeof(line));
	assert_true(keep_wants(k, &b));
	assert_true(keep_add(k, &b, true, line, sizeof(line)));
}

struct sum {
	size_t bytes, often, rare;
	uint64_t last_ns;
	bool in_order;
};

static void sum_up(void *context, struct kept *kept)
{
	struct sum *s = context;

	s->bytes += kept->len;
	s->rare += kept->brief.cause == &rare;
	s->often += kept->brief.cause == &often;
	if (kept->brief.cause == &often) {
		s->in_order &= kept->brief.time_ns > s->last_ns;
		s->last_ns = kept->brief.time_ns;
	}
	assert_int_equal(strlen(kept->json), kept->len);
}

static void test_flood_leaves_the_rare(void **state)
{
	struct keep *k = *state;
	struct sum sum = {.in_order = true};

	for (unsigned i = 1; i <= 3; i++)
		add(k, &rare, i);
	for (unsigned i = 1; i <= 10000; i++)
		add(k, &often, i);
	keep_each(k, sum_up, &sum);
	assert_int_equal(sum.rare, 3);
	assert_in_range(sum.often, 20, ROOM / LINE);
	assert_in_range(sum.bytes, ROOM / 3, ROOM);
	assert_int_equal(keep_len(k), sum.rare + sum.often);
	assert_true(sum.in_order);
	assert_int_equal(sum.last_ns, 10000 * SECOND);
}

static void test_find(void **state)
{
	struct keep *k = *state;

	add(k, &often, 1);
	add(k, &rare, 2);
	assert_non_null(keep_find(k, "often-1"));
	assert_int_equal(keep_find(k, "rare-2")->brief.time_ns, 2 * SECOND);
	for (unsigned i = 2; i <= 1000; i++)
		add(k, &often, i);
	assert_null(keep_find(k, "often-1"));
	assert_non_null(keep_find(k, "often-1000"));
	assert_null(keep_find(k, ""));
}

static void test_so_many_of_a_second(void **state)
{
	struct keep *k = *state;
	struct brief b = brief(&often, 1, SECOND), other = brief(&rare, 1, SECOND);

	for (unsigned i = 0; i < KEEP_A_SECOND; i++) {
		assert_true(keep_wants(k, &b));
		keep_add(k, &b, true, "{}", 2);
	}
	assert_false(keep_wants(k, &b));
	assert_true(keep_wants(k, &other));
	b.time_ns = 2 * SECOND;
	assert_true(keep_wants(k, &b));
}

static void test_too_large(void **state)
{
	static char line[ROOM];
	struct brief b = brief(&often, 1, SECOND);

	assert_false(keep_add(*state, &b, true, line, sizeof(line)));
	assert_int_equal(keep_len(*state), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_flood_leaves_the_rare, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_find, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_so_many_of_a_second, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_too_large, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
