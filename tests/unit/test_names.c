// SPDX-License-Identifier: GPL-2.0
/* Names of numbers. */
#include <errno.h>
#include <signal.h>

#include "names.h"
#include "unit.h"

static void check_duration(double seconds, const char *expected)
{
	char buf[DURATION_LEN];

	assert_string_equal(duration(seconds, buf), expected);
}

static void test_durations(void **state)
{
	check_duration(0, "0 ms");
	check_duration(0.000001, "0.001 ms");
	check_duration(0.00021, "0.21 ms");
	check_duration(0.00124, "1.24 ms");
	check_duration(0.0999, "99.9 ms");
	check_duration(0.35, "0.35 s");
	check_duration(2, "2 s");
	check_duration(350.1, "350 s");
	check_duration(12600, "3.5 h");
	check_duration(199999, "55.6 h");
	check_duration(200000, "2.31 days");
	check_duration(1139568.0 * 3600, "47,500 days");
	check_duration(999.6 * 86400, "1,000 days");
	check_duration(1000 * 86400, "1,000 days");
	check_duration(999499.0 * 86400, "999,000 days");
}

/* names.h promises minutes. */
static void test_minutes(void **state)
{
	check_duration(720, "12 min");
}

static void check_flags(__u8 flags, const char *expected)
{
	char buf[FLAGS_LEN];

	assert_string_equal(flags_text(flags, buf), expected);
}

static void test_flags(void **state)
{
	check_flags(0, "");
	check_flags(1, "F");
	check_flags(2, "S");
	check_flags(4, "R");
	check_flags(8, "P");
	check_flags(16, "A");
	check_flags(32, "U");
	check_flags(64, "E");
	check_flags(128, "C");
	check_flags(2 | 16, "SA");
	check_flags(8 | 16, "PA");
	check_flags(4 | 16, "RA");
	check_flags(1 | 8 | 16, "FPA");
	check_flags(0xff, "SFPRAUEC");
}

static void check_endpoint(const __u8 address[16], unsigned port, const char *expected)
{
	char buf[ENDPOINT_LEN];

	assert_string_equal(endpoint_text(address, port, buf), expected);
}

static void test_endpoints(void **state)
{
	const __u8 v4[16] = {[10] = 0xff, 0xff, 10, 0, 0, 1};
	const __u8 link_local[16] = {0xfe, 0x80, [15] = 1};
	const __u8 any6[16] = {0};
	const __u8 any4[16] = {[10] = 0xff, 0xff};
	const __u8 longest[16] = {0x20, 0x01, 0x14, 0x70, 0xe5, 0xbf, 0xde, 0xad,
				  0x49, 0x57, 0x21, 0x74, 0xe8, 0x2c, 0x48, 0x87};

	check_endpoint(v4, 80, "10.0.0.1:80");
	check_endpoint(any4, 0, "0.0.0.0:0");
	check_endpoint(link_local, 80, "[fe80::1]:80");
	check_endpoint(any6, 65535, "[::]:65535");
	check_endpoint(longest, 65535, "[2001:1470:e5bf:dead:4957:2174:e82c:4887]:65535");
}

static void test_addresses(void **state)
{
	const __u8 v4[16] = {[10] = 0xff, 0xff, 192, 168, 255, 255};
	const __u8 v6[16] = {0xfe, 0x80, [15] = 1};
	char buf[ADDRESS_LEN];

	assert_string_equal(address_text(v4, buf), "192.168.255.255");
	assert_string_equal(address_text(v6, buf), "fe80::1");
}

/* OpenTelemetry's values of network.connection.state. */
static void test_states(void **state)
{
	assert_string_equal(state_name(STATE_ESTABLISHED), "established");
	assert_string_equal(state_name(STATE_SYN_SENT), "syn_sent");
	assert_string_equal(state_name(STATE_SYN_RECV), "syn_received");
	assert_string_equal(state_name(STATE_NEW_SYN_RECV), "syn_received");
	assert_string_equal(state_name(STATE_FIN_WAIT1), "fin_wait_1");
	assert_string_equal(state_name(STATE_FIN_WAIT2), "fin_wait_2");
	assert_string_equal(state_name(STATE_TIME_WAIT), "time_wait");
	assert_string_equal(state_name(STATE_CLOSE), "closed");
	assert_string_equal(state_name(STATE_CLOSE_WAIT), "close_wait");
	assert_string_equal(state_name(STATE_LAST_ACK), "last_ack");
	assert_string_equal(state_name(STATE_LISTEN), "listen");
	assert_string_equal(state_name(STATE_CLOSING), "closing");
	assert_null(state_name(STATE_UNKNOWN));
	assert_null(state_name(STATE_MAX));
}

static void test_our_own(void **state)
{
	assert_string_equal(direction_name(DIRECTION_NONE), "none");
	assert_string_equal(direction_name(DIRECTION_SENT), "sent");
	assert_string_equal(direction_name(DIRECTION_RECEIVED), "received");
	assert_null(direction_name(DIRECTION_MAX));
	assert_string_equal(confidence_name(CERTAIN), "certain");
	assert_string_equal(confidence_name(LIKELY), "likely");
	assert_string_equal(confidence_name(POSSIBLE), "possible");
	assert_string_equal(role_name(ROLE_KILLER), "killer");
	assert_null(role_name(ROLE_NONE));
	for (int end = END_UNKNOWN; end <= END_REPAIR; end++)
		assert_non_null(end_words(end));
	assert_null(end_words(END_REPAIR + 1));
}

static void test_errors_and_signals(void **state)
{
	char buf[16];

	assert_string_equal(error_name(ECONNRESET), "ECONNRESET");
	assert_string_equal(error_name(EPIPE), "EPIPE");
	assert_null(error_name(0));
	assert_null(error_name(9999));
	assert_string_equal(signal_name(SIGKILL, buf), "SIGKILL");
	assert_string_equal(signal_name(SIGSEGV, buf), "SIGSEGV");
	assert_string_equal(signal_name(40, buf), "signal 40"); /* real time */
	assert_string_equal(signal_name(127, buf), "signal 127");
}

int main(void)
{
	const struct CMUnitTest names[] = {
		cmocka_unit_test(test_durations), cmocka_unit_test(test_minutes),
		cmocka_unit_test(test_flags),     cmocka_unit_test(test_endpoints),
		cmocka_unit_test(test_addresses), cmocka_unit_test(test_states),
		cmocka_unit_test(test_our_own),   cmocka_unit_test(test_errors_and_signals),
	};

	return cmocka_run_group_tests(names, NULL, NULL);
}
