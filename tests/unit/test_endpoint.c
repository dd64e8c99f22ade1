// SPDX-License-Identifier: GPL-2.0
/* Where a server listens: what is an endpoint, and what only looks like one. */
#include "endpoint.h"

#include <arpa/inet.h>

#include "unit.h"

static void test_ipv4(void **state)
{
	struct endpoint e;

	assert_true(endpoint_parse("127.0.0.1:19435", &e));
	assert_int_equal(e.any.sa_family, AF_INET);
	assert_int_equal(e.len, sizeof(e.v4));
	assert_int_equal(ntohs(e.v4.sin_port), 19435);
	assert_int_equal(ntohl(e.v4.sin_addr.s_addr), INADDR_LOOPBACK);
	assert_true(endpoint_is_loopback(&e));
	assert_true(endpoint_parse("127.9.9.9:1", &e) && endpoint_is_loopback(&e));
	assert_true(endpoint_parse("10.0.0.1:65535", &e) && !endpoint_is_loopback(&e));
	assert_true(endpoint_parse("0.0.0.0:80", &e) && !endpoint_is_loopback(&e));
}

static void test_ipv6(void **state)
{
	struct endpoint e;

	assert_true(endpoint_parse("[::1]:80", &e));
	assert_int_equal(e.any.sa_family, AF_INET6);
	assert_int_equal(e.len, sizeof(e.v6));
	assert_int_equal(ntohs(e.v6.sin6_port), 80);
	assert_true(endpoint_is_loopback(&e));
	assert_true(endpoint_parse("[fd00::1]:80", &e) && !endpoint_is_loopback(&e));
	assert_true(endpoint_parse("[::ffff:127.0.0.2]:80", &e) && endpoint_is_loopback(&e));
	assert_true(endpoint_parse("[::ffff:10.0.0.2]:80", &e) && !endpoint_is_loopback(&e));
}

static void test_any_address(void **state)
{
	struct endpoint e;

	assert_true(endpoint_parse(":80", &e));
	assert_int_equal(e.any.sa_family, AF_INET6);
	assert_int_equal(ntohs(e.v6.sin6_port), 80);
	assert_true(IN6_IS_ADDR_UNSPECIFIED(&e.v6.sin6_addr));
	assert_false(endpoint_is_loopback(&e));
}

/* A host without IPv6 has all its addresses without it, but no other one. */
static void test_without_v6(void **state)
{
	struct endpoint e, v4 = {.len = 7};

	assert_true(endpoint_parse("[::]:80", &e) && !endpoint_without_v6(&e, &v4));
	assert_true(endpoint_parse("0.0.0.0:80", &e) && !endpoint_without_v6(&e, &v4));
	assert_int_equal(v4.len, 7);
	assert_true(endpoint_parse(":80", &e) && endpoint_without_v6(&e, &v4));
	assert_int_equal(v4.any.sa_family, AF_INET);
	assert_int_equal(v4.len, sizeof(v4.v4));
	assert_int_equal(ntohs(v4.v4.sin_port), 80);
	assert_int_equal(v4.v4.sin_addr.s_addr, INADDR_ANY);
	assert_false(endpoint_is_loopback(&v4));
}

static void test_none(void **state)
{
	static const char *const texts[] = {
		"",
		":",
		"80",
		"127.0.0.1",
		"127.0.0.1:",
		"127.0.0.1:0",
		"127.0.0.1:65536",
		"127.0.0.1:99999999999999999999",
		"127.0.0.1:80x",
		"127.0.0.1: 80",
		"127.0.0.1:+80",
		"127.0.0.1:-1",
		"127.0.0.1:000080",
		"127.0.0:80",
		"127.0.0.256:80",
		"localhost:80",
		"::1:80",
		"[::1]",
		"[::1]80",
		"[::1:80",
		"::1]:80",
		"[127.0.0.1]:80",
		"[]:80",
		"[::1%lo]:80",
		" 127.0.0.1:80",
		"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:80",
	};
	struct endpoint e = {.len = 7};

	for (size_t i = 0; i < LENGTH(texts); i++)
		if (endpoint_parse(texts[i], &e))
			fail_msg("'%s' was taken for an endpoint", texts[i]);
	assert_int_equal(e.len, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),        cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_any_address), cmocka_unit_test(test_without_v6),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
