// SPDX-License-Identifier: GPL-2.0
/* What an event is called: what makes another id, and what must not. */
#include "event_id.h"

#include <string.h>

#include "unit.h"

#define BOOT 1764000000

static const struct event event = {
	.time_ns = 25119232515586,
	.sk = 0xffff888012345640,
	.direction = DIRECTION_SENT,
	.flow = {.local = {10, 9, 0, 2}, .peer = {10, 9, 0, 1}, 81, 54754, 4026536000},
};

static void assert_another(uint64_t boot, struct event other)
{
	char one[EVENT_ID_LEN], two[EVENT_ID_LEN + 1];

	event_id(BOOT, &event, one);
	event_id(boot, &other, two);
	assert_string_not_equal(one, two);
}

/* Of an id all else is told: were the address of the socket in it, it could be computed. */
static void test_no_kernel_address(void **state)
{
	char one[EVENT_ID_LEN], two[EVENT_ID_LEN + 1];
	struct event other = event;

	other.sk = 0xffff888087654300;
	event_id(BOOT, &event, one);
	event_id(BOOT, &other, two);
	assert_string_equal(one, two);
}

static void test_unique(void **state)
{
	struct event other = event;

	assert_another(BOOT + 1, event);
	other.time_ns++;
	assert_another(BOOT, other);
	other = event;
	other.direction = DIRECTION_RECEIVED;
	assert_another(BOOT, other);
	other = event;
	other.flow.local_port++;
	assert_another(BOOT, other);
	other = event;
	other.flow.peer_port++;
	assert_another(BOOT, other);
	other = event;
	other.flow.netns++;
	assert_another(BOOT, other);
	other = event;
	other.flow.local[3]++;
	assert_another(BOOT, other);
	other = event;
	other.flow.peer[15]++;
	assert_another(BOOT, other);
}

static void test_shape(void **state)
{
	char id[EVENT_ID_LEN];

	event_id(BOOT, &event, id);
	assert_int_equal(strlen(id), EVENT_ID_LEN - 1);
	assert_int_equal(strspn(id, "0123456789abcdef"), EVENT_ID_LEN - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_kernel_address),
		cmocka_unit_test(test_unique),
		cmocka_unit_test(test_shape),
	};

	return cmocka_run_group_tests_name("event_id", tests, NULL, NULL);
}
