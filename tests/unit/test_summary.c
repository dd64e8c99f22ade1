// SPDX-License-Identifier: GPL-2.0
/* What many events add up to: sums that close, whatever comes, as JSON that is valid and bounded. */
#include "summary.h"

#include <stdio.h>
#include <string.h>

#include "causes.h"
#include "given.h"
#include "hints.h"
#include "nasty.h"
#include "nonsense.h"
#include "summary_store.h"
#include "summed.h"
#include "unit.h"

#define SECOND 1000000000ULL
#define TODAY (1795176000 * SECOND) /* 2026-11-20T12:00:00Z */
#define MANY 100000

static const struct summary_source source = {.kind = "report", .version = "0.1"};
static struct summary *summary;

static int set_up(void **state)
{
	summary = summary_new(20);
	return summary ? 0 : -1;
}

static int tear_down(void **state)
{
	summary_free(summary);
	return 0;
}

/* An event of a cause, of nginx (300) with 10.0.0.2, at a time. */
static void make(const char *cause, uint64_t time_ns, struct record *r, struct verdict *v)
{
	static struct task who = {.pid = 300, .comm = "nginx"};

	*r = record_of(&(struct given){.kind = ACTIVE, .state = STATE_CLOSE, .unread = 904});
	r->time_ns = time_ns;
	*v = (struct verdict){.cause = cause_find(cause), .state = STATE_ESTABLISHED, .who = &who};
	r->e.direction = v->cause->direction;
	verdict_summary(v, "%s at %llu", cause, (unsigned long long)(time_ns - TODAY));
}

static void take(const char *cause, uint64_t time_ns)
{
	struct record r;
	struct verdict v;

	make(cause, time_ns, &r, &v);
	summary_take(summary, &r, &v);
}

static void take_suppressed(const char *cause, uint64_t time_ns, uint64_t n)
{
	struct record r;
	struct verdict v;

	make(cause, time_ns, &r, &v);
	r.suppressed = n;
	summary_take(summary, &r, &v);
}

static uint64_t sum_of_causes(struct json_object *json, const char *key)
{
	struct json_object *causes = part(json, "causes");
	uint64_t sum = 0;

	for (size_t i = 0; i < json_object_array_length(causes); i++)
		sum += number_at(json_object_array_get_idx(causes, i), key);
	return sum;
}

static uint64_t sum_of_timeline(struct json_object *json)
{
	struct json_object *series = part(json, "timeline.series");
	uint64_t sum = 0;

	for (size_t i = 0; i < json_object_array_length(series); i++) {
		struct json_object *counts = part(json_object_array_get_idx(series, i), "counts");

		assert_int_equal(json_object_array_length(counts),
				 number_at(json, "timeline.length"));
		sum += sum_of(counts);
	}
	return sum;
}

/* Everything that is told twice is told the same. */
static struct json_object *check(const struct summary_source *from)
{
	struct json_object *json = summed(summary, from);
	uint64_t counted = number_at(json, "totals.counted");
	uint64_t of_causes = sum_of_causes(json, "count");

	assert_int_equal(counted, number_at(json, "totals.shown") +
					  number_at(json, "totals.filtered") +
					  number_at(json, "totals.suppressed") +
					  number_at(json, "totals.lost"));
	assert_int_equal(counted, of_causes + from->filtered + from->missed_runs);
	assert_int_equal(of_causes, number_at(json, "totals.sent") +
					    number_at(json, "totals.received") +
					    number_at(json, "totals.none"));
	assert_int_equal(of_causes, sum_of_timeline(json));
	assert_int_equal(number_at(json, "totals.shown"), sum_of_causes(json, "shown"));
	return json;
}

static void test_catalogue_fits(void **state)
{
	assert_null(cause_at(SUMMARY_CAUSES - DIRECTION_MAX + 1));
	assert_null(hint_at(HINTS_MAX));
}

static void test_none(void **state)
{
	struct json_object *json = check(&source);

	assert_int_equal(number_at(json, "totals.counted"), 0);
	assert_false(has_part(json, "span"));
	assert_false(has_part(json, "source.host"));
	assert_int_equal(number_at(json, "timeline.length"), 0);
	assert_int_equal(json_object_array_length(part(json, "sentences")), 1);
	assert_false(has_part(json, "telling"));
	assert_int_equal(json_object_array_length(part(json, "who.unit.rows")), 0);
	assert_string_equal(text_at(json, "who.unit.complete"), "true");
	json_object_put(json);
}

static void test_one(void **state)
{
	struct json_object *json;

	take("close-unread-data", TODAY + 5);
	json = check(&source);
	assert_string_equal(text_at(json, "span.first"), "2026-11-20T12:00:00.000000005Z");
	assert_string_equal(text_at(json, "span.last"), text_at(json, "span.first"));
	assert_int_equal(number_at(json, "span.seconds"), 0);
	assert_int_equal(number_at(json, "totals.sent"), 1);
	assert_string_equal(text_at(json, "causes.0.id"), "close-unread-data");
	assert_string_equal(text_at(json, "causes.0.direction"), "sent");
	assert_string_equal(text_at(json, "causes.0.severity"), "notice");
	assert_string_equal(text_at(json, "causes.0.example"), "close-unread-data at 5");
	assert_string_equal(text_at(json, "who.process.rows.0.key"), "nginx");
	assert_string_equal(text_at(json, "who.peer.rows.0.key"), "10.0.0.2");
	assert_string_equal(text_at(json, "who.port.rows.0.key"), "80");
	assert_int_equal(number_at(json, "who.port.rows.0.sent"), 1);
	assert_int_equal(sum_of(part(json, "unread.counts")), 1);
	assert_int_equal(number_at(json, "unread.counts.11"), 1); /* 904: above 512, not 1024 */
	assert_int_equal(number_at(json, "sample.kept"), 1);
	json_object_put(json);
}

/* A recording of several files: the latest is not the last that came. */
static void test_order(void **state)
{
	struct json_object *json;

	take("disconnect", TODAY + 60 * SECOND);
	take("disconnect", TODAY + 90 * SECOND);
	take("disconnect", TODAY);
	json = check(&source);
	assert_string_equal(text_at(json, "causes.0.first"), "2026-11-20T12:00:00.000000000Z");
	assert_string_equal(text_at(json, "causes.0.last"), "2026-11-20T12:01:30.000000000Z");
	assert_string_equal(text_at(json, "causes.0.example"), "disconnect at 90000000000");
	assert_int_equal(number_at(json, "span.seconds"), 90);
	json_object_put(json);
}

static void test_span_of_years(void **state)
{
	struct json_object *json;

	take("disconnect", TODAY);
	take("disconnect", 0);
	take("port-closed", UINT64_MAX);
	json = check(&source);
	assert_true(number_at(json, "timeline.length") <= TIMELINE_STEPS);
	json_object_put(json);
}

/* What was only counted counts for its cause, and for nobody. */
static void test_sums(void **state)
{
	struct summary_source from = source;
	struct json_object *json;

	from.filtered = 7;
	from.missed_runs = 2;
	take("port-closed", TODAY);
	take("connection-refused", TODAY + 1);
	take_suppressed("port-closed", TODAY + SECOND, 1000);
	take_suppressed("connect-timeout", TODAY + SECOND, 5);
	json = check(&from);
	assert_int_equal(number_at(json, "totals.counted"), 1016);
	assert_int_equal(number_at(json, "totals.suppressed"), 1005);
	assert_int_equal(number_at(json, "totals.lost"), 2);
	assert_int_equal(number_at(json, "totals.none"), 5);
	assert_string_equal(text_at(json, "causes.0.id"), "port-closed");
	assert_non_null(strstr(text_at(json, "sentences.2"), text_at(json, "telling")));
	assert_int_equal(number_at(json, "causes.0.count"), 1001);
	assert_int_equal(number_at(json, "causes.0.shown"), 1);
	assert_string_equal(text_at(json, "causes.1.id"), "connect-timeout");
	assert_false(has_part(json, "causes.1.example"));
	assert_int_equal(number_at(json, "who.process.rows.0.count"), 2);
	assert_int_equal(number_at(json, "sample.of"), 2);
	json_object_put(json);
}

/* BPF's counts of a kind, of which two came out of the ring buffer. */
static void test_live_counts(void **state)
{
	struct kind_counts counts = {.counted = 110, .suppressed = 100, .lost = 8};
	struct summary_source from = {.kind = "live", .start_ns = TODAY, .now_ns = TODAY + SECOND};
	struct json_object *json;
	struct record r;
	struct verdict v;

	make("disconnect", TODAY, &r, &v);
	r.e.kind = (struct kind){.direction = DIRECTION_SENT, .state = STATE_CLOSE, .bits = 2};
	summary_take(summary, &r, &v);
	summary_take(summary, &r, &v);
	summary_take_counts(summary, &r.e.kind, &counts, TODAY + SECOND);
	summary_take_counts(summary, &r.e.kind, &counts, TODAY + SECOND);
	json = check(&from);
	assert_int_equal(number_at(json, "totals.counted"), 110);
	assert_int_equal(number_at(json, "totals.lost"), 8);
	assert_string_equal(text_at(json, "causes.0.id"), "disconnect");
	assert_int_equal(number_at(json, "causes.0.count"), 110);
	assert_int_equal(number_at(json, "span.seconds"), 1);
	json_object_put(json);
}

/* It may look longer than there are steps; without a clock of its own a timeline ends with its events. */
static void test_live_timeline_reaches_now(void **state)
{
	struct summary_source from = {.kind = "live", .start_ns = TODAY};
	struct json_object *json;

	take("disconnect", TODAY);
	for (uint64_t now = TODAY; now <= TODAY + 86400 * SECOND; now += 5000 * SECOND) {
		double end;

		from.now_ns = now;
		json = check(&from);
		end = json_object_get_double(part(json, "timeline.step")) *
		      (double)number_at(json, "timeline.length");
		assert_true(number_at(json, "timeline.length") <= TIMELINE_STEPS);
		assert_true(end > (double)(now - TODAY) / SECOND);
		json_object_put(json);
	}
	tear_down(state);
	set_up(state);
	json = check(&from);
	assert_int_equal(number_at(json, "timeline.length"), 0);
	json_object_put(json);
	take("disconnect", TODAY);
	json = check(&source);
	assert_int_equal(number_at(json, "timeline.length"), 1);
	json_object_put(json);
}

static void test_unknown_of_any_direction(void **state)
{
	struct json_object *json;
	struct record r;
	struct verdict v;

	for (enum direction d = 0; d < DIRECTION_MAX; d++) {
		make("unknown", TODAY + d, &r, &v);
		r.e.direction = d;
		summary_take(summary, &r, &v);
	}
	json = check(&source);
	assert_int_equal(json_object_array_length(part(json, "causes")), DIRECTION_MAX);
	assert_int_equal(number_at(json, "totals.received"), 1);
	json_object_put(json);
}

static void take_end(const char *cause, const char *pair_cause)
{
	struct record r;
	struct verdict v;

	make(cause, TODAY, &r, &v);
	r.pair_cause = pair_cause;
	summary_take(summary, &r, &v);
}

/* Both ends are events; the reset is one. A name of another version is not lost. */
static void test_pairs(void **state)
{
	struct json_object *json;

	for (int i = 0; i < 3; i++) {
		take_end("close-unread-data", "peer-aborted");
		take_end("peer-aborted", "close-unread-data");
	}
	take_end("peer-aborted", "of-the-future");
	take_end("peer-aborted", NULL);
	json = check(&source);
	assert_int_equal(json_object_array_length(part(json, "pairs")), 2);
	assert_string_equal(text_at(json, "pairs.0.sent"), "close-unread-data");
	assert_string_equal(text_at(json, "pairs.0.received"), "peer-aborted");
	assert_int_equal(number_at(json, "pairs.0.count"), 3);
	assert_string_equal(text_at(json, "pairs.1.sent"), "unknown");
	json_object_put(json);
}

/* What stands for a second's events is no burst at its end, and begins no time before the first. */
static void test_suppressed_are_spread(void **state)
{
	struct json_object *json, *counts;
	uint64_t most = 0, sum = 0;

	take("port-closed", TODAY);
	take_suppressed("port-closed", TODAY + SECOND, 903);
	take_suppressed("port-closed", TODAY + 2 * SECOND, 903);
	json = check(&source);
	counts = part(json_object_array_get_idx(part(part(json, "timeline"), "series"), 0),
		      "counts");
	for (size_t i = 0; i < json_object_array_length(counts); i++) {
		uint64_t n = json_object_get_uint64(json_object_array_get_idx(counts, i));

		sum += n;
		most = n > most ? n : most;
	}
	assert_int_equal(sum, 1807);
	assert_int_equal(json_object_array_length(counts), 17);
	assert_true(most <= 2 * (903 / 8 + 1));
	json_object_put(json);
}

/* More pairs than there is room for: no reset of theirs is lost without a word. */
static void test_many_pairs(void **state)
{
	struct json_object *json;
	uint64_t told = 0, all = 0;

	for (size_t i = 0; cause_at(i); i++) {
		if (cause_at(i)->direction != DIRECTION_RECEIVED)
			continue;
		for (size_t j = 0; cause_at(j); j++, all++)
			take_end(cause_at(i)->id, cause_at(j)->id);
	}
	json = check(&source);
	assert_true(all > PAIRS_MAX);
	assert_int_equal(json_object_array_length(part(json, "pairs")), PAIRS_MAX);
	for (size_t i = 0; i < PAIRS_MAX; i++)
		told += json_object_get_uint64(
			json_object_object_get(json_object_array_get_idx(part(json, "pairs"), i),
					       "count"));
	assert_int_equal(told + number_at(json, "pairs_others"), all);
	json_object_put(json);
}

/* Only of received resets, in the bin of their idle time. */
static void test_idle(void **state)
{
	struct json_object *json, *column;
	struct record r = record_of(&(struct given){.kind = RECEIVED,
						    .state = STATE_ESTABLISHED,
						    .data_ago_ms = 60000,
						    .sent_ago_ms = 60000});
	struct verdict v = {.cause = cause_find("peer-aborted")};
	unsigned row = bounds_place(&fine_seconds, 60);

	r.time_ns = TODAY;
	r.e.have |= HAVE_LIFE;
	r.e.life.born_ns = r.e.time_ns - 61 * SECOND;
	summary_take(summary, &r, &v);
	take("close-unread-data", TODAY);
	json = check(&source);
	assert_int_equal(json_object_array_length(part(json, "idle.columns")), 1);
	column = part(json, "idle.columns.0");
	assert_int_equal(json_object_array_length(column), fine_seconds.len + 1);
	assert_int_equal(json_object_array_length(part(json, "idle.bounds")), fine_seconds.len);
	assert_int_equal(sum_of(column), 1);
	assert_int_equal(json_object_get_int(json_object_array_get_idx(column, row)), 1);
	assert_int_equal(sum_of(part(json, "age.counts")), 1);
	assert_int_equal(number_at(json, "age.counts.15"), 1); /* above 50 s, not 100 s */
	assert_true(number_at(json, "idle.known.0.seconds") > 0);
	json_object_put(json);
}

/* More keys than are written: all were counted, but not all are told. */
static void test_many_keys(void **state)
{
	struct json_object *json;
	struct record r;
	struct verdict v;

	for (int i = 0; i < 150; i++) {
		make("disconnect", TODAY, &r, &v);
		snprintf(r.container.unit, sizeof(r.container.unit), "%d.service", i);
		for (int j = 0; j < (i == 149 ? 2 : 1); j++)
			summary_take(summary, &r, &v);
	}
	json = check(&source);
	assert_string_equal(text_at(json, "who.unit.complete"), "false");
	assert_string_equal(text_at(json, "who.process.complete"), "true");
	assert_int_equal(json_object_array_length(part(json, "who.unit.rows")), 100);
	assert_string_equal(text_at(json, "who.unit.rows.0.key"), "149.service");
	assert_int_equal(number_at(json, "who.unit.rows.0.error"), 0);
	json_object_put(json);
}

static void test_hints(void **state)
{
	struct json_object *json;
	struct record r;
	struct verdict v;

	make("peer-aborted", TODAY, &r, &v);
	verdict_hint(&v, hint_at(4), "x");
	verdict_hint(&v, hint_at(1), "y");
	summary_take(summary, &r, &v);
	summary_take(summary, &r, &v);
	json = check(&source);
	assert_int_equal(json_object_array_length(part(json, "hints")), 2);
	assert_string_equal(text_at(json, "hints.0.id"), hint_at(1)->id);
	assert_int_equal(number_at(json, "hints.1.count"), 2);
	json_object_put(json);
}

/* Other people's strings, everywhere: the JSON stays JSON, and what is valid UTF-8 comes back. */
static void test_nasty(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		const char *files[] = {nasty[i], "b"};
		struct summary_source from = source;
		struct json_object *json;
		struct record r;
		struct verdict v;
		struct task who = {.pid = 1};

		make("disconnect", TODAY + i, &r, &v);
		memcpy(who.comm, nasty[i], strnlen(nasty[i], COMM_LEN));
		v.who = &who;
		snprintf(r.container.unit, sizeof(r.container.unit), "%s", nasty[i]);
		verdict_summary(&v, "%s", nasty[i]);
		summary_take(summary, &r, &v);
		from.host = from.kernel = nasty[i];
		from.files = files;
		from.files_len = 2;
		json = check(&from);
		assert_int_equal(json_object_array_length(part(json, "source.files")), 2);
		json_object_put(json);
	}
}

/* The events of the page: whole objects, in the order of their times. */
static void test_events(void **state)
{
	struct out *o = out_new(-1);
	struct json_object *json;

	summary_put_events(summary, o);
	assert_int_equal(out_mark(o), 2);
	out_rewind(o, 0);
	for (int i = 0; i < 100; i++)
		take(i == 50 ? "port-closed" : "disconnect", TODAY + (i * 7 % 100) * SECOND);
	summary_put_events(summary, o);
	out_char(o, '\0');
	json = json_tokener_parse(out_data(o));
	assert_int_equal(json_object_array_length(json), 20);
	for (int i = 1; i < 20; i++)
		assert_true(strcmp(text_at(json_object_array_get_idx(json, i - 1), "time"),
				   text_at(json_object_array_get_idx(json, i), "time")) < 0);
	assert_non_null(strstr(out_data(o), "\"cause\":\"port-closed\""));
	json_object_put(json);
	out_free(o);
}

/* As many keys as events, and every bin: what is told of them stays small. */
static void test_bounded(void **state)
{
	struct json_object *json;
	struct out *o = out_new(-1);
	struct record r;
	struct verdict v;

	for (int i = 0; i < MANY; i++) {
		make(cause_at(i % 39)->id, TODAY + nonsense_number() % (86400 * SECOND), &r, &v);
		memcpy(r.e.flow.peer, (uint64_t[]){nonsense_number(), nonsense_number()}, 16);
		r.e.flow.local_port = nonsense_number();
		r.e.flow.netns = nonsense_number();
		snprintf(r.container.unit, sizeof(r.container.unit), "%d.service", i);
		r.e.jiffies = r.e.sock.lrcv_jiffies + nonsense_number() % 100000;
		summary_take(summary, &r, &v);
	}
	summary_put(summary, &source, o);
	assert_true(out_mark(o) < 500000);
	out_free(o);
	json = check(&source);
	assert_int_equal(number_at(json, "totals.shown"), MANY);
	assert_int_equal(number_at(json, "sample.kept"), 20);
	assert_int_equal(json_object_array_length(part(json, "who.peer.rows")), 100);
	assert_string_equal(text_at(json, "who.peer.complete"), "false");
	assert_true(json_object_array_length(part(json, "idle.columns")) <= IDLE_STEPS);
	json_object_put(json);
}

#define SUMMARY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUMMARY_TEST(test_catalogue_fits),
		SUMMARY_TEST(test_none),
		SUMMARY_TEST(test_one),
		SUMMARY_TEST(test_order),
		SUMMARY_TEST(test_span_of_years),
		SUMMARY_TEST(test_sums),
		SUMMARY_TEST(test_live_counts),
		SUMMARY_TEST(test_live_timeline_reaches_now),
		SUMMARY_TEST(test_unknown_of_any_direction),
		SUMMARY_TEST(test_pairs),
		SUMMARY_TEST(test_many_pairs),
		SUMMARY_TEST(test_suppressed_are_spread),
		SUMMARY_TEST(test_idle),
		SUMMARY_TEST(test_hints),
		SUMMARY_TEST(test_many_keys),
		SUMMARY_TEST(test_nasty),
		SUMMARY_TEST(test_events),
		SUMMARY_TEST(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
