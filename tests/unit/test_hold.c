// SPDX-License-Identifier: GPL-2.0
/* Records that wait for what the next ones say about them. */
#include <stdio.h>
#include <string.h>

#include "hold.h"
#include "unit.h"

#define SK 0xffff888000001000ULL
#define OTHER_SK 0xffff888000002000ULL
#define START 1000000000ULL
#define MANY 1000 /* more than there is room for */

static int set_up(void **state)
{
	*state = hold_new();
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	hold_free(*state);
	return 0;
}

/* n tells records apart, and is their time. */
static struct record record(unsigned n, uint64_t sk, enum direction direction, unsigned bits)
{
	struct record r = {
		.e = {.time_ns = n,
		      .sk = sk,
		      .direction = direction,
		      .have = HAVE_SOCK,
		      .sock = {.bits = bits}},
	};

	snprintf(r.id, sizeof(r.id), "%016x", n);
	return r;
}

static void push(struct hold *h, struct record r, uint64_t now)
{
	*hold_slot(h) = r;
	hold_push(h, now);
}

static void push_sure(struct hold *h, unsigned n, uint64_t now)
{
	push(h, record(n, OTHER_SK, DIRECTION_SENT, 0), now);
}

static void push_phantom(struct hold *h, unsigned n, uint64_t now)
{
	push(h, record(n, SK, DIRECTION_RECEIVED, SOCK_BIT_PHANTOM), now);
}

static void push_answer(struct hold *h, unsigned n, uint64_t now)
{
	push(h, record(n, SK, DIRECTION_SENT, SOCK_BIT_AFTER_RESET), now);
}

static void expect(const struct record *r, unsigned n)
{
	assert_non_null(r);
	assert_int_equal(r->e.time_ns, n);
}

static void test_order(void **state)
{
	struct hold *h = *state;

	push_sure(h, 1, START);
	push_phantom(h, 2, START);
	push_sure(h, 3, START);
	expect(hold_pop(h, START + HOLD_NS), 1);
	expect(hold_pop(h, START + HOLD_NS), 2);
	expect(hold_pop(h, START + HOLD_NS), 3);
	assert_null(hold_pop(h, START + HOLD_NS));
}

/* The ring buffer of several CPUs is only nearly in order. */
static void test_order_of_time(void **state)
{
	struct hold *h = *state;

	push_sure(h, 3, START);
	push_sure(h, 1, START + 1);
	push_sure(h, 2, START + 2);
	expect(hold_drain(h), 1);
	expect(hold_drain(h), 2);
	expect(hold_drain(h), 3);
}

static void test_equal_times_keep_their_order(void **state)
{
	struct hold *h = *state;

	push(h, record(5, 1, DIRECTION_SENT, 0), START);
	push(h, record(5, 2, DIRECTION_SENT, 0), START);
	assert_int_equal(hold_drain(h)->e.sk, 1);
	assert_int_equal(hold_drain(h)->e.sk, 2);
}

static void test_phantom_is_taken_back(void **state)
{
	struct hold *h = *state;

	push_phantom(h, 1, START);
	push_answer(h, 2, START + 1000);
	expect(hold_pop(h, START + HOLD_NS + 1000), 2);
	assert_null(hold_drain(h));
}

static void test_phantom_of_another_socket_stays(void **state)
{
	struct hold *h = *state;

	push(h, record(1, OTHER_SK, DIRECTION_RECEIVED, SOCK_BIT_PHANTOM), START);
	push_answer(h, 2, START);
	expect(hold_drain(h), 1);
	expect(hold_drain(h), 2);
}

static void test_only_a_phantom_is_taken_back(void **state)
{
	struct hold *h = *state;

	push(h, record(1, SK, DIRECTION_RECEIVED, 0), START);
	push_answer(h, 2, START);
	expect(hold_drain(h), 1);
	expect(hold_drain(h), 2);
}

/* The address of a socket was used again: the later one is meant, and only that. */
static void test_one_answer_takes_one_back(void **state)
{
	struct hold *h = *state;

	push_phantom(h, 1, START);
	push_phantom(h, 2, START);
	push_answer(h, 3, START);
	expect(hold_drain(h), 1);
	expect(hold_drain(h), 3);
	assert_null(hold_drain(h));
}

static void test_released_in_time(void **state)
{
	struct hold *h = *state;

	assert_true(hold_wait(h, START) == UINT64_MAX);
	push_phantom(h, 1, START);
	assert_int_equal(hold_wait(h, START), HOLD_NS);
	assert_int_equal(hold_wait(h, START + 1), HOLD_NS - 1);
	assert_null(hold_pop(h, START + HOLD_NS - 1));
	assert_int_equal(hold_wait(h, START + HOLD_NS), 0);
	expect(hold_pop(h, START + HOLD_NS), 1);
	assert_true(hold_wait(h, START + HOLD_NS) == UINT64_MAX);
}

static void test_drain_does_not_wait(void **state)
{
	struct hold *h = *state;

	push_phantom(h, 1, START);
	push_sure(h, 2, START);
	assert_null(hold_pop(h, START));
	expect(hold_drain(h), 1);
	expect(hold_drain(h), 2);
	assert_null(hold_drain(h));
}

/* As trace.c does it: room is made before each push. */
static void test_full(void **state)
{
	struct hold *h = *state;
	unsigned next = 1, n;

	for (n = 1; n <= MANY; n++) {
		if (hold_is_full(h)) {
			assert_int_equal(hold_wait(h, START), 0);
			expect(hold_pop(h, START), next++);
			assert_false(hold_is_full(h));
		}
		push_phantom(h, n, START);
	}
	assert_true(next > 1);
	while (next <= MANY)
		expect(hold_drain(h), next++);
	assert_null(hold_drain(h));
}

/* Slots are used again; what was taken back must not spoil them. */
static void test_many_rounds(void **state)
{
	struct hold *h = *state;

	for (unsigned n = 0; n < MANY; n++) {
		push_phantom(h, 3 * n + 1, START);
		push_answer(h, 3 * n + 2, START);
		push_sure(h, 3 * n + 3, START);
		expect(hold_drain(h), 3 * n + 2);
		expect(hold_drain(h), 3 * n + 3);
		assert_null(hold_drain(h));
	}
}

static struct record end(unsigned n, enum direction direction, bool mirrored)
{
	struct record r = record(n, n, direction, 0);
	struct flow here = {.local = {1}, .local_port = 80, .peer = {2}, .peer_port = 41234};
	struct flow there = {.local = {2}, .local_port = 41234, .peer = {1}, .peer_port = 80};

	r.e.flow = mirrored ? there : here;
	return r;
}

static void test_both_ends_name_each_other(void **state)
{
	struct hold *h = *state;
	const struct record *r;

	push(h, end(2, DIRECTION_RECEIVED, true), START);
	push(h, end(1, DIRECTION_SENT, false), START);
	r = hold_drain(h);
	expect(r, 1);
	assert_string_equal(r->pair, "0000000000000002");
	r = hold_drain(h);
	expect(r, 2);
	assert_string_equal(r->pair, "0000000000000001");
}

static void expect_unpaired(struct hold *h, struct record a, struct record b)
{
	push(h, a, START);
	push(h, b, START);
	assert_string_equal(hold_drain(h)->pair, "");
	assert_string_equal(hold_drain(h)->pair, "");
}

static void test_no_pair(void **state)
{
	struct hold *h = *state;

	expect_unpaired(h, end(1, DIRECTION_SENT, false), end(2, DIRECTION_SENT, true));
	expect_unpaired(h, end(1, DIRECTION_SENT, false), end(2, DIRECTION_RECEIVED, false));
	expect_unpaired(h, end(1, DIRECTION_SENT, false), end(2, DIRECTION_NONE, true));
}

static void test_a_pair_has_two(void **state)
{
	struct hold *h = *state;

	push(h, end(1, DIRECTION_SENT, false), START);
	push(h, end(2, DIRECTION_RECEIVED, true), START);
	push(h, end(3, DIRECTION_RECEIVED, true), START);
	assert_string_equal(hold_drain(h)->pair, "0000000000000002");
	assert_string_equal(hold_drain(h)->pair, "0000000000000001");
	assert_string_equal(hold_drain(h)->pair, "");
}

/* By their time, not by when they came. */
static void test_the_oldest_is_paired(void **state)
{
	struct hold *h = *state;

	push(h, end(2, DIRECTION_SENT, false), START);
	push(h, end(1, DIRECTION_SENT, false), START);
	push(h, end(3, DIRECTION_SENT, false), START);
	push(h, end(4, DIRECTION_RECEIVED, true), START);
	push(h, end(5, DIRECTION_RECEIVED, true), START);
	assert_string_equal(hold_drain(h)->pair, "0000000000000004");
	assert_string_equal(hold_drain(h)->pair, "0000000000000005");
	assert_string_equal(hold_drain(h)->pair, "");
	assert_string_equal(hold_drain(h)->pair, "0000000000000001");
	assert_string_equal(hold_drain(h)->pair, "0000000000000002");
}

static void test_what_left_is_not_paired(void **state)
{
	struct hold *h = *state;

	for (unsigned n = 0; n < MANY; n++) {
		push(h, end(3 * n + 1, DIRECTION_SENT, false), START);
		expect(hold_drain(h), 3 * n + 1);
		push(h, end(3 * n + 2, DIRECTION_RECEIVED, true), START);
		assert_string_equal(hold_drain(h)->pair, "");
	}
}

static void test_free_of_nothing(void **state)
{
	hold_free(NULL);
}

#define HOLD_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest hold[] = {
		HOLD_TEST(test_order),
		HOLD_TEST(test_order_of_time),
		HOLD_TEST(test_equal_times_keep_their_order),
		HOLD_TEST(test_phantom_is_taken_back),
		HOLD_TEST(test_phantom_of_another_socket_stays),
		HOLD_TEST(test_only_a_phantom_is_taken_back),
		HOLD_TEST(test_one_answer_takes_one_back),
		HOLD_TEST(test_released_in_time),
		HOLD_TEST(test_drain_does_not_wait),
		HOLD_TEST(test_full),
		HOLD_TEST(test_many_rounds),
		HOLD_TEST(test_both_ends_name_each_other),
		HOLD_TEST(test_no_pair),
		HOLD_TEST(test_a_pair_has_two),
		HOLD_TEST(test_the_oldest_is_paired),
		HOLD_TEST(test_what_left_is_not_paired),
		cmocka_unit_test(test_free_of_nothing),
	};

	return cmocka_run_group_tests(hold, NULL, NULL);
}
