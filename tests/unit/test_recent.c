// SPDX-License-Identifier: GPL-2.0
/* The last minutes of a long run beside all of it. */
#include "recent.h"

#include "causes.h"
#include "given.h"
#include "summed.h"
#include "unit.h"

#define START 1000000000000ULL /* CLOCK_MONOTONIC */
#define TODAY 1795176000000000000ULL /* 2026-11-20T12:00:00Z */
#define MINUTE 60000000000ULL

static struct summary *whole;
static struct recent recent;
static uint64_t now; /* since the start */
static struct summary_source source;
static struct kind_counts counts;
static struct record record;

static int set_up(void **state)
{
	whole = summary_new(0);
	recent = (struct recent){0};
	source = (struct summary_source){.kind = "live", .start_ns = TODAY, .now_ns = TODAY};
	counts = (struct kind_counts){0};
	now = 0;
	if (whole)
		recent_open(&recent, whole, &source, START);
	return whole ? 0 : -1;
}

static int tear_down(void **state)
{
	summary_free(whole);
	recent_close(&recent);
	return 0;
}

static void take_counts(void)
{
	summary_take_counts(whole, &record.e.kind, &counts, TODAY + now);
	recent_take_counts(&recent, &record.e.kind, &counts, TODAY + now);
}

/* As the live page does it. */
static void turn_when_due(void)
{
	source.now_ns = TODAY + now;
	if (!recent_is_due(&recent, START + now))
		return;
	take_counts();
	recent_turn(&recent, whole, &source, START + now);
}

/* One event at that minute, and so many suppressed that BPF counts until somebody asks. */
static void happens(unsigned minute, unsigned suppressed)
{
	struct verdict v = {.cause = cause_find("disconnect")};

	now = minute * MINUTE;
	turn_when_due();
	record = record_of(&(struct given){.kind = ACTIVE, .state = STATE_CLOSE});
	record.time_ns = TODAY + now;
	record.e.kind = (struct kind){.direction = DIRECTION_SENT, .state = STATE_CLOSE, .bits = 2};
	summary_take(whole, &record, &v);
	recent_take(&recent, &record, &v);
	counts.counted += 1 + suppressed;
	counts.suppressed += suppressed;
}

/* Asked at that minute: what the last minutes counted, and when they began. 0: there are none. */
static uint64_t counted(unsigned minute, uint64_t *begin)
{
	struct summary_source from;
	struct summary *s;
	struct json_object *json;
	uint64_t n;

	now = minute * MINUTE;
	turn_when_due();
	take_counts();
	from = source;
	s = recent_summary(&recent, &from);
	*begin = s ? (recent_begin_ns(&recent) - TODAY) / MINUTE : 0;
	if (!s)
		return 0;
	assert_int_equal(from.start_ns, recent_begin_ns(&recent));
	json = summed(s, &from);
	n = number_at(json, "totals.counted");
	json_object_put(json);
	return n;
}

static void test_young_run(void **state)
{
	uint64_t begin;

	happens(1, 0);
	happens(11, 0);
	assert_int_equal(counted(19, &begin), 0);
	assert_int_equal(recent_begin_ns(&recent), 0);
}

static void test_last_minutes(void **state)
{
	uint64_t begin, n;

	for (unsigned minute = 0; minute < 100; minute++) {
		happens(minute, 0);
		if (minute < 20)
			continue;
		n = counted(minute, &begin);
		assert_int_equal(n, minute - begin + 1);
		assert_in_range(minute - begin, 10, 20);
	}
}

/* What was suppressed before is not told again; what is suppressed now is known by its cause. */
static void test_counts(void **state)
{
	uint64_t begin;

	happens(1, 1000000);
	happens(10, 500);
	happens(15, 70);
	happens(20, 6);
	assert_int_equal(counted(20, &begin), 3 + 500 + 70 + 6);
	assert_int_equal(begin, 10);
	counts.suppressed += 5; /* before another of its kind is shown */
	counts.counted += 5;
	assert_int_equal(counted(21, &begin), 3 + 500 + 70 + 6 + 5);
}

static void test_what_only_the_run_counts(void **state)
{
	struct summary_source from;

	source.filtered = 100;
	source.missed_runs = source.unwritten = 7;
	happens(10, 0);
	happens(20, 0);
	source.filtered = 130;
	source.missed_runs = source.unwritten = 9;
	from = source;
	assert_non_null(recent_summary(&recent, &from));
	assert_int_equal(from.filtered, 30);
	assert_int_equal(from.missed_runs, 2);
	assert_int_equal(from.unwritten, 2);
}

/* Nothing wakes it meanwhile: the morning after is not the evening before. */
static void test_quiet_night(void **state)
{
	uint64_t begin;

	for (unsigned minute = 0; minute < 35; minute++)
		happens(minute, 100);
	happens(600, 0);
	assert_int_equal(counted(600, &begin), 1);
	assert_int_equal(begin, 590);
	assert_int_equal(counted(1200, &begin), 0);
	assert_int_equal(begin, 1190);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_young_run),   TEST(test_last_minutes),
		TEST(test_counts),      TEST(test_what_only_the_run_counts),
		TEST(test_quiet_night),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
