// SPDX-License-Identifier: GPL-2.0
/* An event in one line. */
#include "message.h"

#include <string.h>

#include "causes.h"
#include "given.h"
#include "unit.h"

static const char *message(const struct record *r, const char *cause, const char *summary)
{
	static char text[MESSAGE_LEN];
	struct verdict v = {.cause = cause_find(cause)};

	verdict_summary(&v, "%s", summary);
	message_text(text, r, &v);
	return text;
}

static void test_directions(void **state)
{
	struct record r = record_of(&(struct given){.state = STATE_ESTABLISHED});

	assert_string_equal(message(&r, "close-unread-data", "nginx (812) closed it"),
			    "TCP reset sent from 10.0.0.1:80 to 10.0.0.2:41234: "
			    "close-unread-data: nginx (812) closed it");
	r.e.direction = DIRECTION_RECEIVED;
	assert_string_equal(message(&r, "peer-aborted", "the peer aborted the live connection"),
			    "TCP reset received from 10.0.0.2:41234 at 10.0.0.1:80: "
			    "peer-aborted: the peer aborted the live connection");
	r.e.direction = DIRECTION_NONE;
	assert_string_equal(message(&r, "retransmission-timeout", "no answer"),
			    "TCP connection died without a reset, of 10.0.0.1:80 with "
			    "10.0.0.2:41234: retransmission-timeout: no answer");
}

/* It stands for many, and has neither end. */
static void test_suppressed(void **state)
{
	struct record r = {.suppressed = 7};

	r.e.direction = DIRECTION_SENT;
	assert_string_equal(message(&r, "port-closed", "7 more like this"),
			    "TCP resets sent: port-closed: 7 more like this");
	r.e.direction = DIRECTION_RECEIVED;
	assert_string_equal(message(&r, "connection-refused", "7 more like this"),
			    "TCP resets received: connection-refused: 7 more like this");
	r.e.direction = DIRECTION_NONE;
	assert_string_equal(message(&r, "connect-timeout", "7 more like this"),
			    "TCP connections died without a reset: connect-timeout: "
			    "7 more like this");
}

/* The longest ends, cause and summary have room. */
static void test_longest(void **state)
{
	struct record r = record_of(&(struct given){.state = STATE_ESTABLISHED});
	char summary[TEXT_LEN];
	const char *text, *longest = "";

	for (size_t i = 0; cause_at(i); i++)
		if (strlen(cause_at(i)->id) > strlen(longest))
			longest = cause_at(i)->id;
	memset(summary, 's', sizeof(summary) - 1);
	summary[sizeof(summary) - 1] = '\0';
	r.e.direction = DIRECTION_NONE;
	memset(r.e.flow.local, 0xfe, sizeof(r.e.flow.local));
	memset(r.e.flow.peer, 0xfe, sizeof(r.e.flow.peer));
	r.e.flow.local_port = r.e.flow.peer_port = 65535;
	text = message(&r, longest, summary);
	assert_non_null(strstr(text, "[fefe:fefe:fefe:fefe:fefe:fefe:fefe:fefe]:65535: "));
	assert_string_equal(text + strlen(text) - strlen(summary), summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_suppressed),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests_name("message", tests, NULL, NULL);
}
