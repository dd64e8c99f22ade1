// SPDX-License-Identifier: GPL-2.0
/* Where a request comes from: the page itself, a program, a page of somebody else. */
#include "request_source.h"

#include "unit.h"

static bool takes(const char *host, const char *origin, const char *site)
{
	const struct request_source s = {.host = host, .origin = origin, .fetch_site = site};

	return !request_source_error(&s, false);
}

static void test_host(void **state)
{
	static const char *const own[] = {"localhost",       "localhost:19435", "LocalHost:1",
					  "127.0.0.1",       "127.0.0.1:19435", "127.1.2.3:80",
					  "127.255.255.255", "[::1]",           "[::1]:19435"};
	static const char *const foreign[] = {
		"",
		"example.com",
		"example.com:19435",
		"localhost.example.com",
		"localhost.",
		"notlocalhost",
		"localhost:80:80",
		"localhost:x",
		"10.0.0.1",
		"128.0.0.1",
		"127.0.0.1.nip.io",
		"127.0.0.1.example.com:80",
		"127.1",
		"2130706433",
		"0x7f.0.0.1",
		"0.0.0.0",
		"[::1",
		"[::2]",
		"[::1]x",
		"[::ffff:127.0.0.1]",
		"[]",
		"[",
		"localhost@evil.com",
		"evil.com#localhost",
		":80",
		"::1",
		"127.0.0.1/localhost",
		" localhost",
	};

	for (unsigned i = 0; i < LENGTH(own); i++)
		assert_true(takes(own[i], NULL, NULL));
	for (unsigned i = 0; i < LENGTH(foreign); i++)
		assert_false(takes(foreign[i], NULL, NULL));
	assert_false(takes(NULL, NULL, NULL));
}

static void test_origin(void **state)
{
	assert_true(takes("localhost:80", "http://localhost:80", NULL));
	assert_true(takes("localhost:80", "https://LOCALHOST:80", "same-origin"));
	assert_false(takes("localhost:80", "null", NULL));
	assert_false(takes("localhost:80", "", NULL));
	assert_false(takes("localhost:80", "http://localhost", NULL));
	assert_false(takes("localhost:80", "http://localhost:81", NULL));
	assert_false(takes("localhost:80", "http://evil.com", NULL));
	assert_false(takes("localhost:80", "http://evil.com://localhost:80", NULL));
	assert_false(takes("localhost:80", "localhost:80", NULL));
}

static void test_fetch_site(void **state)
{
	assert_true(takes("localhost", NULL, "none"));
	assert_true(takes("localhost", NULL, "same-origin"));
	assert_false(takes("localhost", NULL, "same-site")); /* another port of this host */
	assert_false(takes("localhost", NULL, "cross-site"));
	assert_false(takes("localhost", NULL, ""));
}

/* A link of another site leads to the page, and to nothing else; none is framed or fetched. */
static void test_click(void **state)
{
	const struct request_source click = {.host = "localhost",
					     .fetch_site = "cross-site",
					     .fetch_mode = "navigate",
					     .fetch_dest = "document",
					     .is_entrance = true};
	struct request_source s = click;

	assert_null(request_source_error(&s, false));
	s.fetch_site = "same-site";
	assert_null(request_source_error(&s, false));
	s.is_entrance = false;
	assert_non_null(request_source_error(&s, false));
	s = click;
	s.fetch_dest = "iframe";
	assert_non_null(request_source_error(&s, false));
	s.fetch_dest = NULL;
	assert_non_null(request_source_error(&s, false));
	s = click;
	s.fetch_mode = "no-cors";
	assert_non_null(request_source_error(&s, false));
	s.fetch_mode = NULL;
	assert_non_null(request_source_error(&s, false));
	s = click;
	s.host = "evil.example";
	assert_non_null(request_source_error(&s, false));
	s = click;
	s.origin = "http://evil.example";
	assert_non_null(request_source_error(&s, false));
}

/* By any name, but still not for the page of another site. */
static void test_any_host(void **state)
{
	const struct request_source fine = {.host = "web-1.example.com"}, none = {0},
				    own = {.host = "web-1", .origin = "http://web-1"},
				    foreign = {.host = "web-1", .origin = "http://web-2"},
				    nameless = {.origin = "http://web-2"},
				    cross = {.host = "web-1", .fetch_site = "cross-site"};

	assert_null(request_source_error(&fine, true));
	assert_null(request_source_error(&none, true));
	assert_null(request_source_error(&own, true));
	assert_non_null(request_source_error(&foreign, true));
	assert_non_null(request_source_error(&nameless, true));
	assert_non_null(request_source_error(&cross, true));
}

int main(void)
{
	const struct CMUnitTest sources[] = {
		cmocka_unit_test(test_host),       cmocka_unit_test(test_origin),
		cmocka_unit_test(test_fetch_site), cmocka_unit_test(test_click),
		cmocka_unit_test(test_any_host),
	};

	return cmocka_run_group_tests(sources, NULL, NULL);
}
