// SPDX-License-Identifier: GPL-2.0
/* Counts over time: each event in the step of its time, whatever order and span they come in. */
#include "timeline.h"

#include <string.h>

#include "burst.h"
#include "nonsense.h"
#include "unit.h"

#define SECOND 1000000000ULL
#define TODAY (1795176000 * SECOND)
#define STEPS 50
#define EVENTS 400

static int set_up(void **state)
{
	*state = timeline_new(2, STEPS);
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	timeline_free(*state);
	return 0;
}

static void test_nothing(void **state)
{
	struct burst b = burst_of(*state, 2);

	assert_int_equal(timeline_len(*state), 0);
	assert_int_equal(b.total, 0);
	assert_int_equal(b.n, 0);
}

static void test_one(void **state)
{
	struct timeline *t = *state;

	timeline_add(t, 1, TODAY + 7, 3);
	assert_int_equal(timeline_len(t), 1);
	assert_true(timeline_begin_ns(t) == TODAY);
	assert_true(timeline_step_ns(t) == TIMELINE_STEP_NS);
	assert_int_equal(timeline_counts(t, 0)[0], 0);
	assert_int_equal(timeline_counts(t, 1)[0], 3);
}

/* Half as long, the steps would be too many. */
static void check_fine_enough(const struct timeline *t, uint64_t first, uint64_t last)
{
	uint64_t half = timeline_step_ns(t) / 2;

	assert_true(timeline_len(t) <= STEPS);
	if (timeline_step_ns(t) > TIMELINE_STEP_NS)
		assert_true(last / half - first / half + 1 > STEPS);
}

/* The counts are those of a count made afterwards. */
static void check_counts(const struct timeline *t, const uint64_t times[], unsigned len)
{
	uint64_t counts[2][STEPS] = {0};

	for (unsigned i = 0; i < len; i++) {
		assert_true(times[i] >= timeline_begin_ns(t));
		counts[i % 2][(times[i] - timeline_begin_ns(t)) / timeline_step_ns(t)]++;
	}
	for (unsigned i = 0; i < 2; i++)
		assert_memory_equal(counts[i], timeline_counts(t, i),
				    timeline_len(t) * sizeof(counts[0][0]));
}

static void check_span(uint64_t begin, uint64_t span)
{
	struct timeline *t = timeline_new(2, STEPS);
	uint64_t times[EVENTS], first = UINT64_MAX, last = 0;

	for (unsigned i = 0; i < EVENTS; i++) {
		times[i] = begin + (span ? nonsense_number() % span : 0);
		first = times[i] < first ? times[i] : first;
		last = times[i] > last ? times[i] : last;
		timeline_add(t, i % 2, times[i], 1);
		if (i % 37)
			continue;
		check_counts(t, times, i + 1);
		check_fine_enough(t, first, last);
	}
	check_counts(t, times, EVENTS);
	check_fine_enough(t, first, last);
	timeline_free(t);
}

/* From a moment to three hundred years, in any order. */
static void test_spans(void **state)
{
	for (uint64_t span = 1; span < UINT64_MAX / 4; span *= 3) {
		check_span(TODAY, span);
		check_span(nonsense_number() / 2, span);
		check_span(0, span);
	}
}

static void test_ends_of_time(void **state)
{
	struct timeline *t = *state;

	timeline_add(t, 0, UINT64_MAX, 1);
	timeline_add(t, 0, 0, 1);
	timeline_add(t, 1, TODAY, 1);
	assert_true(timeline_len(t) <= STEPS);
	assert_int_equal(timeline_counts(t, 0)[0], 1);
	assert_int_equal(timeline_counts(t, 0)[timeline_len(t) - 1], 1);
	assert_int_equal(timeline_counts(t, 1)[(TODAY / timeline_step_ns(t))], 1);
}

static void test_burst(void **state)
{
	struct timeline *t = *state;
	struct burst b;

	for (int i = 0; i < 40; i++)
		timeline_add(t, i % 2, TODAY + i * SECOND, 1);
	b = burst_of(t, 2);
	assert_int_equal(b.n, 0);
	assert_int_equal(b.total, 40);
	timeline_add(t, 1, TODAY + 20 * SECOND, 60);
	b = burst_of(t, 2);
	assert_int_equal(b.total, 100);
	assert_int_equal(b.n, 61);
	assert_true(b.begin_ns == TODAY + 20 * SECOND);
	assert_true(b.length_ns == timeline_step_ns(t));
}

/* A quiet second between two halves: neither alone is half of all and one. */
static void test_burst_of_both_ends(void **state)
{
	struct timeline *t = *state;
	struct burst b;

	timeline_add(t, 0, TODAY, 5);
	timeline_add(t, 0, TODAY + SECOND, 6);
	b = burst_of(t, 1);
	assert_int_equal(b.n, 6);
	assert_true(b.begin_ns == TODAY + SECOND);
}

/* Exactly half is half: two of four places, of which the middle ones lie closest. */
static void test_burst_of_half(void **state)
{
	static const unsigned at[] = {0, 4, 5, 12};
	struct timeline *t = *state;
	struct burst b;

	for (size_t i = 0; i < LENGTH(at); i++)
		timeline_add(t, 0, TODAY + at[i] * TIMELINE_STEP_NS, 3);
	b = burst_of(t, 1);
	assert_int_equal(b.n, 6);
	assert_true(b.begin_ns == TODAY + 4 * TIMELINE_STEP_NS);
	assert_true(b.length_ns == 2 * TIMELINE_STEP_NS);
}

#define TIMELINE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TIMELINE_TEST(test_nothing),       TIMELINE_TEST(test_one),
		TIMELINE_TEST(test_spans),         TIMELINE_TEST(test_ends_of_time),
		TIMELINE_TEST(test_burst),         TIMELINE_TEST(test_burst_of_both_ends),
		TIMELINE_TEST(test_burst_of_half),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
