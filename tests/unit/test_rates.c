// SPDX-License-Identifier: GPL-2.0
/* Resets a second over the last minutes, and how they are drawn; numbers in few columns. */
#include <string.h>

#include "numbers.h"
#include "rates.h"
#include "unit.h"

static void add(struct rates *r, double elapsed, uint64_t sent)
{
	const uint64_t now[DIRECTION_MAX] = {[DIRECTION_SENT] = sent};

	rates_add(r, elapsed, now);
}

static bool is_near(double a, double b)
{
	return a > b - 1e-9 && a < b + 1e-9;
}

static void test_mean(void **state)
{
	struct rates r = {0};

	assert_true(rates_now(&r, DIRECTION_SENT) == 0);
	add(&r, 1, 10);
	assert_true(is_near(rates_now(&r, DIRECTION_SENT), 10));
	for (unsigned i = 0; i < RATES_WINDOW - 1; i++)
		add(&r, 1, 10);
	assert_true(is_near(rates_now(&r, DIRECTION_SENT), 2));
	add(&r, 1, 10);
	assert_true(rates_now(&r, DIRECTION_SENT) == 0);
	assert_true(rates_now(&r, DIRECTION_RECEIVED) == 0);
}

/* Stopped for a while: what came is spread over it. */
static void test_long_second(void **state)
{
	struct rates r = {0};
	double series[12];

	add(&r, 1, 0);
	add(&r, 10, 100);
	assert_int_equal(r.seconds, 11);
	assert_true(is_near(rates_series(&r, DIRECTION_SENT, 1, series, 12), 10));
	assert_true(series[0] == 0 && series[1] == 0);
	for (unsigned i = 2; i < 12; i++)
		assert_true(is_near(series[i], 10));
	add(&r, 1e6, 200);
	assert_true(is_near(rates_now(&r, DIRECTION_SENT), 100.0 / RATES_SECONDS));
}

/* Ticks a little late add up to a second that is not lost. */
static void test_late_ticks(void **state)
{
	struct rates r = {0};

	for (unsigned i = 1; i <= 100; i++)
		add(&r, 1.01, i);
	assert_int_equal(r.seconds, 101);
}

static void test_counter_goes_down(void **state)
{
	struct rates r = {0};
	double series[3];

	add(&r, 1, 10);
	add(&r, 1, 8);
	add(&r, 1, 12);
	assert_true(is_near(rates_series(&r, DIRECTION_SENT, 1, series, 3), 10));
	assert_true(series[1] == 0);
	assert_true(is_near(series[2], 2));
}

/* Steps begin at multiples of their length: a new second changes only the last. */
static void test_steps(void **state)
{
	struct rates r = {0};
	double before[3], after[3];

	for (unsigned i = 1; i <= 7; i++)
		add(&r, 1, i * (i + 1) / 2);
	rates_series(&r, DIRECTION_SENT, 3, before, 3);
	assert_true(is_near(before[0], 2) && is_near(before[1], 5) && is_near(before[2], 7));
	add(&r, 1, 28 + 9);
	assert_true(is_near(rates_series(&r, DIRECTION_SENT, 3, after, 3), 8));
	assert_true(is_near(after[0], 2) && is_near(after[1], 5) && is_near(after[2], 8));
}

static void test_sparkline(void **state)
{
	static const double values[] = {0, 0.001, 4, 8};
	char text[sizeof(values) / sizeof(values[0]) * 3 + 1];

	sparkline(text, values, 4, 8, true);
	assert_string_equal(text, " ▁▄█");
	sparkline(text, values, 4, 8, false);
	assert_string_equal(text, " .=#");
	sparkline(text, values, 1, 0, true);
	assert_string_equal(text, " ");
}

static void test_numbers(void **state)
{
	char text[NUMBER_LEN];

	assert_string_equal(count_text(0, 8, text), "0");
	assert_string_equal(count_text(12345678, 8, text), "12345678");
	assert_string_equal(count_text(123456789, 8, text), "123456K");
	assert_string_equal(count_text(UINT64_MAX, 8, text), "18446P");
	assert_string_equal(rate_text(0, text), "0");
	assert_string_equal(rate_text(0.01, text), "<0.1");
	assert_string_equal(rate_text(0.25, text), "0.2");
	assert_string_equal(rate_text(99.94, text), "99.9");
	assert_string_equal(rate_text(99.96, text), "100");
	assert_string_equal(rate_text(999999, text), "999999");
	assert_string_equal(rate_text(1234567, text), "1234K");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mean),       cmocka_unit_test(test_long_second),
		cmocka_unit_test(test_late_ticks), cmocka_unit_test(test_counter_goes_down),
		cmocka_unit_test(test_steps),      cmocka_unit_test(test_sparkline),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests_name("rates", tests, NULL, NULL);
}
