// SPDX-License-Identifier: GPL-2.0
/* Who is connected to a server: whose time is up, and who makes room. */
#include "crowd.h"

#include <arpa/inet.h>

#include "unit.h"

#define SECOND 1000000000ULL

static struct crowd crowd;
static struct in6_addr here, there;

static int set_up(void **state)
{
	crowd = (struct crowd){0};
	inet_pton(AF_INET6, "::ffff:10.0.0.1", &here);
	inet_pton(AF_INET6, "2001:db8::1", &there);
	return 0;
}

static void test_address(void **state)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a000001)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = there};
	struct in6_addr a = crowd_address((struct sockaddr *)&v4),
			b = crowd_address((struct sockaddr *)&v6);

	assert_memory_equal(&a, &here, sizeof(a));
	assert_memory_equal(&b, &there, sizeof(b));
}

/* To ask, to take the answer, to ask again. */
static void test_clock(void **state)
{
	int one = crowd_add(&crowd, &here, SECOND);

	assert_int_equal(crowd_deadline_ns(&crowd), (1 + CROWD_ASK_S) * SECOND);
	assert_int_equal(crowd_late(&crowd, (1 + CROWD_ASK_S) * SECOND - 1), -1);
	assert_int_equal(crowd_late(&crowd, (1 + CROWD_ASK_S) * SECOND), one);
	crowd_asked(&crowd, one, false, 5 * SECOND);
	assert_int_equal(crowd_deadline_ns(&crowd), (5 + CROWD_ANSWER_S) * SECOND);
	crowd_answered(&crowd, one, 6 * SECOND);
	assert_int_equal(crowd_deadline_ns(&crowd), (6 + CROWD_ASK_S) * SECOND);
	crowd_remove(&crowd, one);
	assert_int_equal(crowd_deadline_ns(&crowd), UINT64_MAX);
}

/* A reader of an answer without an end stays. */
static void test_lasting(void **state)
{
	int one = crowd_add(&crowd, &here, 0);

	crowd_asked(&crowd, one, true, 0);
	assert_int_equal(crowd_deadline_ns(&crowd), UINT64_MAX);
	assert_int_equal(crowd_late(&crowd, UINT64_MAX), -1);
	assert_int_equal(crowd_oldest(&crowd, NULL), -1);
	assert_int_equal(crowd_count(&crowd, &here), 1);
}

static void test_oldest(void **state)
{
	int one = crowd_add(&crowd, &here, 3), two = crowd_add(&crowd, &here, 2),
	    three = crowd_add(&crowd, &there, 1);

	assert_int_equal(crowd_oldest(&crowd, NULL), three);
	assert_int_equal(crowd_oldest(&crowd, &here), two);
	crowd_asked(&crowd, two, false, 4);
	assert_int_equal(crowd_oldest(&crowd, &here), one);
	crowd_asked(&crowd, one, false, 4);
	assert_int_equal(crowd_oldest(&crowd, &here), -1);
}

/* Whoever was cut is cut, whatever comes of it still. */
static void test_cut(void **state)
{
	int one = crowd_add(&crowd, &here, 0);

	crowd_cut(&crowd, one);
	crowd_asked(&crowd, one, false, 1);
	crowd_answered(&crowd, one, 2);
	assert_int_equal(crowd_count(&crowd, NULL), 0);
	assert_int_equal(crowd_oldest(&crowd, NULL), -1);
	assert_int_equal(crowd_late(&crowd, UINT64_MAX), -1);
	assert_int_not_equal(crowd_add(&crowd, &here, 3), one);
	crowd_remove(&crowd, one);
	assert_int_equal(crowd_add(&crowd, &here, 3), one);
}

static void test_full(void **state)
{
	for (int i = 0; i < CROWD_PLACES; i++)
		assert_int_equal(crowd_add(&crowd, i % 2 ? &here : &there, i), i);
	assert_int_equal(crowd_add(&crowd, &here, 0), -1);
	assert_int_equal(crowd_count(&crowd, &here), CROWD_PLACES / 2);
	assert_int_equal(crowd_count(&crowd, NULL), CROWD_PLACES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_address, set_up),
		cmocka_unit_test_setup(test_clock, set_up),
		cmocka_unit_test_setup(test_lasting, set_up),
		cmocka_unit_test_setup(test_oldest, set_up),
		cmocka_unit_test_setup(test_cut, set_up),
		cmocka_unit_test_setup(test_full, set_up),
	};

	return cmocka_run_group_tests_name("crowd", tests, NULL, NULL);
}
