// SPDX-License-Identifier: GPL-2.0
/* Kernel addresses to function names: what is remembered of the kernel's answers. */
#include "symbols.h"

#include <errno.h>
#include <stdio.h>

#include "log.h"
#include "naming.h"
#include "unit.h"

#define MANY 5000
#define FULL 32768 /* addresses that are remembered at most */

/* The kernel: from 1000 on, each 16 bytes are a function. */
static struct {
	unsigned asked;
	int err;
} kernel;
static unsigned said;

struct naming *naming_open(void)
{
	kernel.asked = 0;
	kernel.err = 0;
	return (struct naming *)&kernel;
}

void naming_close(struct naming *n)
{
}

int naming_ask(struct naming *n, uint64_t address, char ret[FUNCTION_LEN])
{
	kernel.asked++;
	ret[0] = '\0';
	if (!kernel.err && address >= 1000)
		snprintf(ret, FUNCTION_LEN, "function_%u", (unsigned)address / 16);
	return kernel.err;
}

static bool count(const char *line)
{
	said++;
	return true;
}

static int begin(void **state)
{
	said = 0;
	log_divert(count);
	*state = symbols_new();
	return !*state;
}

static int end(void **state)
{
	symbols_free(*state);
	log_divert(NULL);
	return 0;
}

/* A call that does not return leads back to the first byte of what follows. */
static void test_caller(void **state)
{
	assert_string_equal(symbols_caller(*state, 1601), "function_100");
	assert_string_equal(symbols_caller(*state, 1616), "function_100");
	assert_string_equal(symbols_caller(*state, 1617), "function_101");
}

static void test_asked_once(void **state)
{
	const char *name = symbols_caller(*state, 1601);

	assert_ptr_equal(symbols_caller(*state, 1601), name);
	assert_null(symbols_caller(*state, 500));
	assert_null(symbols_caller(*state, 500));
	assert_null(symbols_caller(*state, 1));
	assert_int_equal(kernel.asked, 2);
}

/* And what was returned stays where it is. */
static void test_many(void **state)
{
	static const char *names[MANY];

	for (unsigned i = 0; i < MANY; i++)
		names[i] = symbols_caller(*state, 4096 + i * 16ULL);
	for (unsigned i = 0; i < MANY; i++)
		assert_ptr_equal(symbols_caller(*state, 4096 + i * 16ULL), names[i]);
	assert_int_equal(kernel.asked, MANY);
}

/* No more are remembered, and those that are stay. */
static void test_full(void **state)
{
	for (unsigned i = 0; i <= FULL; i++)
		symbols_caller(*state, 4096 + i);
	assert_int_equal(kernel.asked, FULL);
	assert_null(symbols_caller(*state, 4096 + FULL));
	assert_string_equal(symbols_caller(*state, 4097), "function_256");
	assert_int_equal(said, 1);
}

/* Told once, and asked again. */
static void test_refused(void **state)
{
	kernel.err = -ENOMEM;
	assert_null(symbols_caller(*state, 1601));
	assert_null(symbols_caller(*state, 1601));
	assert_int_equal(said, 1);
	kernel.err = 0;
	assert_string_equal(symbols_caller(*state, 1601), "function_100");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_caller), TEST(test_asked_once), TEST(test_many),
		TEST(test_full),   TEST(test_refused),
	};

	return cmocka_run_group_tests_name("symbols", tests, NULL, NULL);
}
