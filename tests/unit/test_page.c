// SPDX-License-Identifier: GPL-2.0
/* The page within the program: a report allows exactly what it carries, and no data ends early. */
#define _GNU_SOURCE /* memmem() */
#include "page.h"

#include <sha2.h>
#include <stdio.h>
#include <string.h>

#include "nasty.h"
#include "unit.h"

static struct out *out;

static int set_up(void **state)
{
	out = out_new(-1);
	return out ? 0 : -1;
}

static int tear_down(void **state)
{
	out_free(out);
	return 0;
}

static const char *text(void)
{
	out_char(out, '\0');
	assert_int_equal(out_error(out), 0);
	return out_data(out);
}

/* "'sha256-...'", as the policy names a text. */
static void hash_of(const struct asset *a, char ret[64])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t sum[SHA256_DIGEST_LENGTH + 1] = {0};
	SHA2_CTX context;
	char *to = ret + sprintf(ret, "'sha256-");

	SHA256Init(&context);
	SHA256Update(&context, (const uint8_t *)a->data, a->len);
	SHA256Final(sum, &context);
	for (int i = 0; i < SHA256_DIGEST_LENGTH; i += 3) {
		unsigned three = sum[i] << 16 | sum[i + 1] << 8 | sum[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			*to++ = digits[three >> shift & 63];
	}
	strcpy(to - 1, "='");
}

static void test_assets(void **state)
{
	static const char *const names[] = {"page.html", "page.css", "page.js", "d3.js"};

	for (size_t i = 0; i < LENGTH(names); i++) {
		const struct asset *a = page_asset(names[i]);

		assert_non_null(a);
		assert_string_equal(a->name, names[i]);
		assert_true(a->len > 0);
		assert_null(memchr(a->data, '\0', a->len));
		assert_int_equal(a->data[a->len - 1], '\n');
	}
	assert_null(page_asset(""));
	assert_null(page_asset("report_head.html"));
}

/* Nothing may be loaded, and the only scripts and styles are those within. */
static void test_policy(void **state)
{
	static const char *const allowed[] = {"page.css", "page.js", "d3.js"};
	const char *head, *policy;
	unsigned hashes = 0;

	page_put_report_head(out);
	head = text();
	policy = strstr(head, "<meta http-equiv=\"Content-Security-Policy\"");
	assert_non_null(policy);
	assert_true(policy < strstr(head, "<style>"));
	assert_non_null(strstr(policy, "default-src 'none'"));
	assert_null(memmem(policy, strcspn(policy, ">"), "unsafe", 6));
	assert_null(memmem(policy, strcspn(policy, ">"), "connect-src", 11));
	for (size_t i = 0; i < LENGTH(allowed); i++) {
		char hash[64];

		hash_of(page_asset(allowed[i]), hash);
		if (!strstr(policy, hash))
			fail_msg("%s is not allowed: %s", allowed[i], hash);
	}
	for (const char *p = policy; (p = strstr(p, "'sha256-")); p++)
		hashes++;
	assert_int_equal(hashes, LENGTH(allowed));
}

static void check_within(const char *page, const char *before, const char *name)
{
	const struct asset *a = page_asset(name);
	const char *at = page;

	while ((at = strstr(at, before)) && strncmp(at + strlen(before), a->data, a->len))
		at++;
	if (!at) {
		fail_msg("%s is not within the page", name);
		return;
	}
	assert_int_equal(at[strlen(before) + a->len], '<');
}

static void test_self_contained(void **state)
{
	const char *page;

	page_put_report_head(out);
	page_put_report_tail(out);
	page = text();
	check_within(page, "<style>", "page.css");
	check_within(page, "<script>", "d3.js");
	check_within(page, "<script>", "page.js");
	assert_null(strstr(page, " src="));
	assert_null(strstr(page, "<link rel=\"stylesheet\""));
	assert_non_null(strstr(page, "Redistribution and use in source and binary forms"));
	assert_string_equal(page + strlen(page) - strlen("</html>\n"), "</html>\n");
}

/* Whatever a name is: of its bytes none opens a tag, and as JSON it is what it was. */
static void test_data(void **state)
{
	page_begin_data(out);
	page_put_json(out, "[\"</script><!--<script>\",\"<\"]", 29);
	page_end_data(out);
	assert_string_equal(text(),
			    "<script type=\"application/json\" id=\"data\">"
			    "[\"\\u003c/script>\\u003c!--\\u003cscript>\",\"\\u003c\"]</script>\n");
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		out_rewind(out, 0);
		page_put_json(out, nasty[i], strlen(nasty[i]));
		assert_null(strchr(text(), '<'));
	}
}

#define PAGE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PAGE_TEST(test_assets),
		PAGE_TEST(test_policy),
		PAGE_TEST(test_self_contained),
		PAGE_TEST(test_data),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
