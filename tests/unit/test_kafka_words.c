// SPDX-License-Identifier: GPL-2.0
/* The words of --kafka, and the lines of --kafka-config. */
#include "kafka_words.h"

#include <string.h>

#include "unit.h"

static void test_targets(void **state)
{
	static const char *const good[] = {
		"kafka/resets",          "kafka:9092/resets", "10.0.0.1:1,10.0.0.2:65535/a.b_c-D",
		"[fd09::1]:9092/resets", "[fd09::1]/resets",  "a,b,c/1",
	};

	for (size_t i = 0; i < LENGTH(good); i++)
		assert_null(kafka_target_error(good[i]));
	assert_string_equal(kafka_target_topic("a:1,b:2/resets"), "resets");
}

static void check_error(const char *target, const char *error)
{
	assert_non_null(kafka_target_error(target));
	assert_non_null(strstr(kafka_target_error(target), error));
}

static void test_bad_brokers(void **state)
{
	check_error("", "no /TOPIC");
	check_error("kafka:9092", "no /TOPIC");
	check_error("/resets", "no name");
	check_error(",/resets", "no name");
	check_error("a,/resets", "no name");
	check_error(",a/resets", "no name");
	check_error("a,,b/resets", "no name");
	check_error(":9092/resets", "no name");
	check_error("a b/resets", "a host name");
	check_error("ssl://a:9093/resets", "a host name");
	check_error("a:/resets", "port");
	check_error("a:0/resets", "port");
	check_error("a:65536/resets", "port");
	check_error("a:99999999999999999999/resets", "port");
	check_error("a:-1/resets", "port");
	check_error("a:1x/resets", "port");
	check_error("a:9092,b:x/resets", "port");
	check_error("[fd09::1]:x/resets", "port");
}

static void test_bad_topics(void **state)
{
	char target[2 + 250 + 1] = "a/";

	check_error("a/", "no topic");
	check_error("a/.", "up to 249");
	check_error("a/..", "up to 249");
	check_error("a/b c", "up to 249");
	check_error("a/b,c", "up to 249");
	memset(target + 2, 't', 249);
	assert_null(kafka_target_error(target));
	memset(target + 2, 't', 250);
	check_error(target, "up to 249");
}

static void check_line(const char *text, const char *key, const char *value)
{
	char line[64], *got_key, *got_value;

	strcpy(line, text);
	assert_true(kafka_config_line(line, &got_key, &got_value));
	assert_string_equal(got_key, key);
	assert_string_equal(got_value, value);
}

static void test_lines(void **state)
{
	check_line("acks=all\n", "acks", "all");
	check_line("  sasl.username = we \r\n", "sasl.username", "we");
	check_line("sasl.password=a=b#c", "sasl.password", "a=b#c");
	check_line("client.rack=", "client.rack", "");
}

static void test_empty_lines(void **state)
{
	static const char *const empty[] = {"", "\n", "  \t\r\n", "# acks=all\n", " #\n"};
	char line[64], *key, *value;

	for (size_t i = 0; i < LENGTH(empty); i++) {
		strcpy(line, empty[i]);
		assert_true(kafka_config_line(line, &key, &value));
		assert_null(key);
	}
}

static void test_bad_lines(void **state)
{
	static const char *const bad[] = {"acks\n", "=all\n", " = \n", "[kafka]\n"};
	char line[64], *key, *value;

	for (size_t i = 0; i < LENGTH(bad); i++) {
		strcpy(line, bad[i]);
		assert_false(kafka_config_line(line, &key, &value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_targets),     cmocka_unit_test(test_bad_brokers),
		cmocka_unit_test(test_bad_topics),  cmocka_unit_test(test_lines),
		cmocka_unit_test(test_empty_lines), cmocka_unit_test(test_bad_lines),
	};

	return cmocka_run_group_tests_name("kafka_words", tests, NULL, NULL);
}
