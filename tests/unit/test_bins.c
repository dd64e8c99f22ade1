// SPDX-License-Identifier: GPL-2.0
/* The bins of histograms: every value has one, and the bounds are in order. */
#include "bins.h"

#include <math.h>
#include <string.h>

#include "timeouts.h"
#include "unit.h"

static const struct bounds *const all[] = {&fine_seconds, &coarse_seconds, &byte_counts};

static void test_ascending(void **state)
{
	for (size_t i = 0; i < LENGTH(all); i++) {
		assert_true(all[i]->len > 0 && all[i]->len <= BINS_MAX);
		for (unsigned j = 1; j < all[i]->len; j++)
			assert_true(all[i]->list[j] > all[i]->list[j - 1]);
	}
}

static void test_places(void **state)
{
	for (size_t i = 0; i < LENGTH(all); i++) {
		const struct bounds *b = all[i];

		assert_int_equal(bounds_place(b, 0), 0);
		for (unsigned j = 0; j < b->len; j++) {
			assert_int_equal(bounds_place(b, b->list[j]), j);
			assert_int_equal(bounds_place(b, nextafter(b->list[j], 1e300)), j + 1);
		}
		assert_int_equal(bounds_place(b, INFINITY), b->len);
	}
}

/* What is not known is not counted; NaN is no value either. */
static void test_unknown(void **state)
{
	struct bins b = {.bounds = &coarse_seconds};
	uint64_t sum = 0;

	bins_add(&b, -1);
	bins_add(&b, NAN);
	bins_add(&b, 0);
	bins_add(&b, 1e300);
	for (unsigned i = 0; i <= BINS_MAX; i++)
		sum += b.counts[i];
	assert_int_equal(sum, 2);
	assert_int_equal(b.counts[0], 1);
	assert_int_equal(b.counts[coarse_seconds.len], 1);
}

/* Two documented timeouts that differ by a quarter, which a heat map must keep apart. */
static void test_timeouts_apart(void **state)
{
	const struct timeout *a, *b;

	for (size_t i = 0; (a = timeout_at(i)); i++)
		for (size_t j = 0; (b = timeout_at(j)); j++)
			if (b->seconds > 1.27 * a->seconds && b->seconds < 86400)
				assert_true(bounds_place(&fine_seconds, b->seconds) >
					    bounds_place(&fine_seconds, a->seconds));
}

static void test_written(void **state)
{
	struct bins b = {.bounds = &byte_counts};
	struct out *o = out_new(-1);

	bins_add(&b, 3);
	bins_put(&b, o);
	out_char(o, '\0');
	assert_non_null(strstr(out_data(o), "{\"bounds\":[0,1,2,4,8,16,"));
	assert_non_null(strstr(out_data(o), ",536870912],\"counts\":[0,0,0,1,0,"));
	out_free(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascending), cmocka_unit_test(test_places),
		cmocka_unit_test(test_unknown),   cmocka_unit_test(test_timeouts_apart),
		cmocka_unit_test(test_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
