// SPDX-License-Identifier: GPL-2.0
/* How much an event matters. */
#include "severity.h"

#include "causes.h"
#include "hints.h"
#include "unit.h"

static const struct hint *hint_find(const char *id)
{
	const struct hint *h;

	for (size_t i = 0; (h = hint_at(i)); i++)
		if (!strcmp(h->id, id))
			return h;
	fail_msg("there is no hint %s", id);
	return NULL;
}

/* The ids stand in severity.c as texts: they must be of the catalogue. */
static void check(const char *id, enum tcp_state state, const char *hint, enum severity severity)
{
	struct verdict v = {.cause = cause_find(id), .state = state};

	assert_non_null(v.cause);
	if (hint)
		verdict_hint(&v, hint_find(hint), "so it seems");
	assert_int_equal(severity_of(&v), severity);
}

static void test_connection_lost(void **state)
{
	check("close-unread-data", STATE_ESTABLISHED, NULL, SEVERITY_NOTICE);
	check("write-after-peer-close", STATE_CLOSE_WAIT, NULL, SEVERITY_NOTICE);
	check("data-after-close", STATE_FIN_WAIT2, "same-host", SEVERITY_NOTICE);
	check("retransmission-timeout", STATE_ESTABLISHED, NULL, SEVERITY_NOTICE);
}

static void test_none_lost(void **state)
{
	check("port-closed", STATE_UNKNOWN, NULL, SEVERITY_INFO);
	check("connection-refused", STATE_SYN_SENT, "port-scan", SEVERITY_INFO);
	check("handshake-reset-by-peer", STATE_SYN_RECV, NULL, SEVERITY_INFO);
	check("timewait-reset", STATE_TIME_WAIT, NULL, SEVERITY_INFO);
	check("listener-stray-ack", STATE_LISTEN, NULL, SEVERITY_INFO);
}

static void test_exceptions(void **state)
{
	check("accept-queue-overflow", STATE_LISTEN, NULL, SEVERITY_WARNING);
	check("out-of-resources", STATE_ESTABLISHED, NULL, SEVERITY_WARNING);
	check("peer-aborted", STATE_ESTABLISHED, "possible-forgery", SEVERITY_WARNING);
	check("reset-ignored", STATE_ESTABLISHED, NULL, SEVERITY_DEBUG);
}

static void test_names(void **state)
{
	assert_string_equal(severity_name(SEVERITY_WARNING), "warning");
	assert_string_equal(severity_name(SEVERITY_NOTICE), "notice");
	assert_string_equal(severity_name(SEVERITY_INFO), "info");
	assert_string_equal(severity_name(SEVERITY_DEBUG), "debug");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_connection_lost),
		cmocka_unit_test(test_none_lost),
		cmocka_unit_test(test_exceptions),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("severity", tests, NULL, NULL);
}
