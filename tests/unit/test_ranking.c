// SPDX-License-Identifier: GPL-2.0
/* The most frequent keys: exact while there is room, bounded from above without. */
#include "ranking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nonsense.h"
#include "unit.h"

#define ROOM 8

static int set_up(void **state)
{
	*state = ranking_new(ROOM);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	ranking_free(*state);
	return 0;
}

static struct ranked *add(struct ranking *r, const char *key, uint64_t n)
{
	return ranking_add(r, key, DIRECTION_SENT, n, 1000);
}

static void test_exact_with_room(void **state)
{
	struct ranking *r = *state;
	const struct ranked *top[3];

	ranking_add(r, "nginx", DIRECTION_SENT, 3, 10);
	ranking_add(r, "redis", DIRECTION_RECEIVED, 5, 20);
	ranking_add(r, "nginx", DIRECTION_RECEIVED, 4, 30);
	assert_int_equal(ranking_top(r, top, 3), 2);
	assert_string_equal(top[0]->key, "nginx");
	assert_int_equal(top[0]->total, 7);
	assert_int_equal(top[0]->count[DIRECTION_SENT], 3);
	assert_int_equal(top[0]->count[DIRECTION_RECEIVED], 4);
	assert_int_equal(top[0]->first_ns, 10);
	assert_int_equal(top[0]->last_ns, 30);
	assert_int_equal(top[0]->error, 0);
	assert_string_equal(top[1]->key, "redis");
	assert_true(ranking_is_complete(r));
	assert_int_equal(ranking_top(r, top, 1), 1);
	assert_string_equal(top[0]->key, "nginx");
	assert_int_equal(ranking_top(r, top, 0), 0);
}

static void test_equal_ones_by_time(void **state)
{
	struct ranking *r = *state;
	const struct ranked *top[2];

	ranking_add(r, "early", DIRECTION_SENT, 1, 10);
	ranking_add(r, "late", DIRECTION_SENT, 1, 20);
	assert_int_equal(ranking_top(r, top, 2), 2);
	assert_string_equal(top[0]->key, "late");
}

static void test_no_room(void **state)
{
	struct ranking *r = *state;
	char key[16];
	struct ranked *row;

	for (int i = 0; i < ROOM; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		add(r, key, 10 + i);
	}
	row = add(r, "newcomer", 1);
	assert_false(ranking_is_complete(r));
	assert_int_equal(ranking_len(r), ROOM);
	assert_int_equal(row->error, 10); /* of key0, which was the rarest */
	assert_int_equal(row->total, 11);
	assert_int_equal(row->count[DIRECTION_SENT], 1);
	assert_int_equal(add(r, "key0", 1)->error, 11);
}

/* What the algorithm promises, against a true count. */
static void test_promise(void **state)
{
	enum { KEYS = 200, EVENTS = 20000 };
	static unsigned truth[KEYS];
	struct ranking *r = *state;
	char key[16];
	uint64_t total = 0;

	for (int i = 0; i < EVENTS; i++) {
		/* Half of all are of four keys. */
		unsigned k =
			nonsense_number() % 2 ? nonsense_number() % 4 : nonsense_number() % KEYS;

		snprintf(key, sizeof(key), "%u", k);
		truth[k]++;
		add(r, key, 1);
	}
	for (unsigned i = 0; i < ranking_len(r); i++) {
		const struct ranked *row = ranking_at(r, i);
		unsigned k = atoi(row->key);

		assert_in_range(truth[k], row->total - row->error, row->total);
		total += row->total;
	}
	assert_int_equal(total, EVENTS);
	for (unsigned k = 0; k < 4; k++) {
		const struct ranked *top[4];
		bool told = false;

		snprintf(key, sizeof(key), "%u", k);
		ranking_top(r, top, 4);
		for (int i = 0; i < 4; i++)
			told |= !strcmp(top[i]->key, key);
		assert_true(told);
	}
}

static uint64_t smallest(const struct ranking *r)
{
	uint64_t min = UINT64_MAX;

	for (unsigned i = 0; i < ranking_len(r); i++)
		if (ranking_at(r, i)->total < min)
			min = ranking_at(r, i)->total;
	return min;
}

/* Whoever gives up its room, none was rarer. */
static void test_rarest_goes(void **state)
{
	struct ranking *r = *state;
	char key[16];

	for (int i = 0; i < 5000; i++) {
		uint64_t min = ranking_len(r) == ROOM ? smallest(r) : 0;
		unsigned keys = i % 700 < 350 ? 3 * ROOM : 10000;
		struct ranked *row;

		snprintf(key, sizeof(key), "%u", (unsigned)(nonsense_number() % keys));
		row = ranking_add(r, key, DIRECTION_SENT, 1 + nonsense_number() % 3, i);
		if (row->first_ns == (uint64_t)i) /* a new one */
			assert_int_equal(row->error, min);
	}
}

static void test_long_key(void **state)
{
	struct ranking *r = *state;
	char key[2 * RANKING_KEY_LEN];

	memset(key, 'x', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	add(r, key, 1);
	key[RANKING_KEY_LEN] = 'y'; /* beyond what counts */
	assert_int_equal(add(r, key, 1)->total, 2);
	assert_int_equal(strlen(ranking_at(r, 0)->key), RANKING_KEY_LEN - 1);
}

static void test_clear(void **state)
{
	struct ranking *r = *state;

	add(r, "nginx", 5);
	ranking_clear(r);
	assert_int_equal(ranking_len(r), 0);
	assert_int_equal(add(r, "nginx", 1)->total, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_exact_with_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_equal_ones_by_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_promise, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_rarest_goes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_long_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_clear, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
