// SPDX-License-Identifier: GPL-2.0
/* How far a pcapng file can be read. */
#define _GNU_SOURCE /* memfd_create() */
#include "whole.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "block.h"
#include "unit.h"

static const uint32_t section[] = {BLOCK_SECTION, 28, 0x1a2b3c4d, 1, -1, -1, 28};
static const uint32_t statistics[] = {BLOCK_STATISTICS, 24, 0, 0, 0, 24};

static int fd;
static uint64_t size;

static int begin(void **state)
{
	fd = memfd_create("pcapng", MFD_CLOEXEC);
	size = 0;
	return fd < 0;
}

static int end(void **state)
{
	return close(fd);
}

static void add(const void *bytes, size_t len)
{
	assert_int_equal(pwrite(fd, bytes, len, size), len);
	size += len;
}

static void assert_whole(uint64_t wanted)
{
	uint64_t whole = 1;

	assert_int_equal(pcapng_whole(fd, size, &whole), 0);
	assert_int_equal(whole, wanted);
}

static void test_empty(void **state)
{
	assert_whole(0);
}

static void test_whole(void **state)
{
	add(section, sizeof(section));
	assert_whole(sizeof(section));
	add(statistics, sizeof(statistics));
	add(section, sizeof(section));
	assert_whole(2 * sizeof(section) + sizeof(statistics));
}

/* Wherever the last block was cut. */
static void test_half(void **state)
{
	add(section, sizeof(section));
	for (size_t len = 1; len < sizeof(statistics); len++) {
		size = sizeof(section);
		add(statistics, len);
		assert_whole(sizeof(section));
	}
}

static void test_half_section(void **state)
{
	add(section, sizeof(section) - 1);
	assert_whole(0);
}

static void test_no_pcapng(void **state)
{
	static const char *const texts[] = {"x", "no packets at all, but words"};
	uint64_t whole;

	for (unsigned i = 0; i < LENGTH(texts); i++) {
		size = 0;
		add(texts[i], strlen(texts[i]));
		assert_int_equal(pcapng_whole(fd, size, &whole), -EINVAL);
	}
}

static void test_other_byte_order(void **state)
{
	static const uint32_t other[] = {BLOCK_SECTION, 28 << 24, 0x4d3c2b1a, 1, -1, -1, 28 << 24};
	uint64_t whole;

	add(other, sizeof(other));
	assert_int_equal(pcapng_whole(fd, size, &whole), -EINVAL);
}

/* A length that is none ends the search: no loop, nothing read beyond the file. */
static void test_bad_length(void **state)
{
	static const uint32_t lengths[] = {0, 8, 23, 26, 28, 0xfffffffc, 0x7ffffffc};

	add(section, sizeof(section));
	for (unsigned i = 0; i < LENGTH(lengths); i++) {
		uint32_t bad[LENGTH(statistics)];

		memcpy(bad, statistics, sizeof(bad));
		bad[1] = bad[LENGTH(bad) - 1] = lengths[i];
		size = sizeof(section);
		add(bad, sizeof(bad));
		assert_whole(sizeof(section));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_empty),
		TEST(test_whole),
		TEST(test_half),
		TEST(test_bad_length),
		TEST(test_half_section),
		TEST(test_no_pcapng),
		TEST(test_other_byte_order),
	};

	return cmocka_run_group_tests_name("whole", tests, NULL, NULL);
}
