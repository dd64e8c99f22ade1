// SPDX-License-Identifier: GPL-2.0
/* The list of events at every width: nothing beyond it, what matters most stays longest. */
#include <string.h>

#include "causes.h"
#include "fit.h"
#include "list_columns.h"
#include "unit.h"

static struct brief brief(const char *peer, unsigned pid)
{
	struct brief b = {
		.direction = DIRECTION_RECEIVED,
		.cause = cause_find("write-after-peer-close"),
		.state = STATE_ESTABLISHED,
		.flow = {.local_port = 65535, .peer_port = 41234},
		.pid = pid,
		.process = "python3",
	};

	memcpy(b.flow.local, peer, 16);
	memcpy(b.flow.peer, peer, 16);
	return b;
}

static struct brief ipv4(void)
{
	return brief("\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\xa8\x64\xc8", 16053);
}

static struct brief ipv6(void)
{
	return brief("\xfd\x12\x34\x56\x78\x9a\xbc\xde\xf0\x12\x34\x56\x78\x9a\xbc\xd0", 16053);
}

/* The line of one event in a list of it alone. */
static const char *line(const struct brief *b, bool with_cause, int width, char text[LIST_LINE_LEN])
{
	struct list_columns c = list_columns(b, 1, with_cause, width);

	return list_line(&c, b, text);
}

static void check(const struct brief *b, bool with_cause, int width, const char *const words[])
{
	char text[LIST_LINE_LEN];

	line(b, with_cause, width, text);
	assert_in_range(strlen(text), 1, width);
	for (; *words; words++)
		if (!strstr(text, *words))
			fail_msg("no '%s' in %d columns: %s", *words, width, text);
}

#define CHECK(b, with_cause, width, ...) \
	check(b, with_cause, width, (const char *const[]){__VA_ARGS__, NULL})

static void test_ipv4(void **state)
{
	struct brief b = ipv4();

	CHECK(&b, false, 100, "received 192.168.100.200:65535 192.168.100.200:41234 established ",
	      "python3/16053");
	CHECK(&b, false, 80, "recv  192.168.100.200:65535 192.168.100.200:41234 python3/16053");
	CHECK(&b, true, 80, "recv ", ":65535", ":41234", "write-after-pe", "python3/16053");
	CHECK(&b, true, 120, "192.168.100.200:41234 write-after-peer-close established python3/16");
}

static void test_ipv6(void **state)
{
	struct brief b = ipv6();

	CHECK(&b, false, 80, "[fd12:", "bcd0]:65535", "bcd0]:41234", "python3/16053");
	CHECK(&b, true, 80, "[fd12:", "]:65535", "]:41234", "write-after-pe", "python3/16053");
	CHECK(&b, false, 120, "[fd12:", "bcd0]:65535", "bcd0]:41234", "established python3/16053");
	CHECK(&b, true, 120, "[fd12:", "bcd0]:41234", "write-after-peer-close", "python3/16053");
	CHECK(&b, true, 200, "received ", "[fd12:3456:789a:bcde:f012:3456:789a:bcd0]:65535 ",
	      "[fd12:3456:789a:bcde:f012:3456:789a:bcd0]:41234 ",
	      " write-after-peer-close established python3/16053");
}

static void test_every_width(void **state)
{
	struct brief events[] = {ipv4(), ipv6()};

	for (int width = 40; width < 200; width++)
		for (unsigned i = 0; i < 4; i++)
			CHECK(&events[i & 1], i & 2, width, "rec", ":41234");
}

/* Columns stand below each other, whatever the addresses. */
static void test_aligned(void **state)
{
	struct brief events[] = {ipv4(), ipv6()};

	for (int width = 60; width < 200; width += 10) {
		struct list_columns c = list_columns(events, 2, false, width);
		char head[LIST_LINE_LEN], text[LIST_LINE_LEN];
		size_t at;

		list_head(&c, head);
		at = strstr(head, "PROCESS") - head;
		for (unsigned i = 0; i < 2; i++) {
			list_line(&c, &events[i], text);
			assert_true(at < strlen(text) && text[at - 1] == ' ' && text[at] == 'p');
		}
	}
}

static void test_utf8(void **state)
{
	struct brief b = ipv4();
	char text[LIST_LINE_LEN];

	strcpy(b.process, "\303\244\303\266\303\274");
	assert_non_null(strstr(line(&b, false, 100, text), " \303\244\303\266\303\274/16053"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),        cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_every_width), cmocka_unit_test(test_aligned),
		cmocka_unit_test(test_utf8),
	};

	return cmocka_run_group_tests_name("list columns", tests, NULL, NULL);
}
