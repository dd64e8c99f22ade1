// SPDX-License-Identifier: GPL-2.0
/* What is kept of a stream: all while there is room, then the same chance for each of a group. */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nonsense.h"
#include "unit.h"

#define GROUPS 4

static unsigned kept_of(const struct sample *s, unsigned group)
{
	unsigned n = 0;
	size_t len;

	for (unsigned i = 0; i < sample_len(s); i++)
		n += sample_line(s, i, &len)[0] == (char)('a' + group);
	return n;
}

/* Its line is its group and its time. */
static void give(struct sample *s, unsigned group, uint64_t time_ns)
{
	char line[32];
	int len;

	if (!sample_wants(s, group, time_ns))
		return;
	len = snprintf(line, sizeof(line), "%c %llu", 'a' + group, (unsigned long long)time_ns);
	sample_fill(s, line, len);
}

static void check_line(const struct sample *s, unsigned i, const char *text)
{
	size_t len;
	const char *line = sample_line(s, i, &len);

	assert_int_equal(len, strlen(text));
	assert_memory_equal(line, text, len);
}

static void test_all_with_room(void **state)
{
	struct sample *s = sample_new(4, GROUPS);

	give(s, 0, 30);
	give(s, 1, 10);
	give(s, 0, 20);
	give(s, 2, 10);
	sample_sort(s);
	assert_int_equal(sample_len(s), 4);
	assert_int_equal(sample_seen(s), 4);
	assert_int_equal(sample_largest(s), 2);
	check_line(s, 0, "b 10");
	check_line(s, 1, "c 10");
	check_line(s, 2, "a 20");
	check_line(s, 3, "a 30");
	sample_free(s);
}

static void test_none(void **state)
{
	struct sample *s = sample_new(4, GROUPS);

	sample_sort(s);
	assert_int_equal(sample_len(s), 0);
	assert_int_equal(sample_largest(s), 0);
	sample_free(s);
	sample_free(NULL);
}

/* Five among ten thousand stay, wherever they come. */
static void test_rare_stay(void **state)
{
	struct sample *s = sample_new(100, GROUPS);

	for (unsigned i = 0; i < 10000; i++)
		give(s, i % 2000 == 1999 ? 1 : 0, i);
	assert_int_equal(sample_len(s), 100);
	assert_int_equal(kept_of(s, 1), 5);
	assert_int_equal(kept_of(s, 0), 95);
	assert_int_equal(sample_seen(s), 10000);
	sample_free(s);
}

/* A group that lost one has no less than any other, but for one. */
static void test_fair(void **state)
{
	for (unsigned room = 1; room < 60; room++) {
		struct sample *s = sample_new(room, GROUPS);
		unsigned seen[GROUPS] = {0};

		for (unsigned i = 0; i < 3000; i++) {
			unsigned group = nonsense_number() % 100;

			group = group < 90 ? 0 : group < 97 ? 1 : group < 99 || i % 10 ? 2 : 3;
			seen[group]++;
			give(s, group, i);
		}
		assert_int_equal(sample_len(s), room);
		for (unsigned i = 0; i < GROUPS; i++)
			if (kept_of(s, i) < seen[i])
				assert_true(kept_of(s, i) + 1 >= sample_largest(s));
		sample_free(s);
	}
}

/*
 * Of a group early and late events have the same chance, also while it gives way to another that
 * begins later: 200 streams of 1000 events, of which 25 and, in the end, 17 are kept.
 */
static void test_uniform(void **state)
{
	unsigned quarters[4] = {0}, all = 0;

	for (unsigned stream = 0; stream < 200; stream++) {
		struct sample *s = sample_new(50, GROUPS);

		for (unsigned i = 0; i < 1000; i++) {
			give(s, 0, i);
			if (nonsense_number() % 2) /* or all streams would make the same choice */
				give(s, 2, i);
			if (i >= 500)
				give(s, 1, i);
		}
		for (unsigned i = 0; i < sample_len(s); i++) {
			size_t len;
			const char *line = sample_line(s, i, &len);
			char text[32] = {0};

			memcpy(text, line, len);
			if (text[0] != 'a')
				continue;
			quarters[strtoul(text + 2, NULL, 10) / 250]++;
			all++;
		}
		sample_free(s);
	}
	for (int i = 0; i < 4; i++)
		if (quarters[i] < all / 4 * 85 / 100 || quarters[i] > all / 4 * 115 / 100)
			fail_msg("%u %u %u %u", quarters[0], quarters[1], quarters[2], quarters[3]);
}

static void test_same_choice(void **state)
{
	struct sample *s[2] = {sample_new(10, GROUPS), sample_new(10, GROUPS)};

	for (unsigned i = 0; i < 500; i++)
		for (int j = 0; j < 2; j++)
			give(s[j], i % 3, i);
	for (unsigned i = 0; i < 10; i++) {
		size_t len[2];
		const char *lines[2] = {sample_line(s[0], i, &len[0]),
					sample_line(s[1], i, &len[1])};

		assert_int_equal(len[0], len[1]);
		assert_memory_equal(lines[0], lines[1], len[0]);
	}
	sample_free(s[0]);
	sample_free(s[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_with_room), cmocka_unit_test(test_none),
		cmocka_unit_test(test_rare_stay),     cmocka_unit_test(test_fair),
		cmocka_unit_test(test_uniform),       cmocka_unit_test(test_same_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
