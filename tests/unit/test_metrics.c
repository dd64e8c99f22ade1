// SPDX-License-Identifier: GPL-2.0
/* The counters behind /metrics: both formats, other people's labels, and sums that are exact. */
#define _GNU_SOURCE /* strndupa() */
#include "metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "causes.h"
#include "given.h"
#include "hints.h"
#include "label_values.h"
#include "unit.h"

static const struct metrics_facts facts = {
	.version = "0.1",
	.kernel = "6.1 \"a\\b\"\n\xff\x01\xc3\xa9",
	.start_time = 1795176000.5,
	.outputs_len = 2,
	.outputs = {{"json", 0}, {"kafka", 7}},
	.cut_slow = 3,
	.cut_crowded = 4,
	.spots_len = 2,
	.spots = {{"sent", false}, {"ignored", true}},
};

static struct metrics *m;
static struct out *out;

static int set_up(void **state)
{
	m = metrics_new(LABEL_NONE, false);
	out = out_new(-1);
	return m && out ? 0 : -1;
}

static int tear_down(void **state)
{
	metrics_free(m);
	out_free(out);
	return 0;
}

static void begin_with(enum label label, bool silent)
{
	metrics_free(m);
	m = metrics_new(label, silent);
	assert_non_null(m);
}

static const char *print_as(bool openmetrics, const struct metrics_facts *f)
{
	struct exposition x = {.out = out, .openmetrics = openmetrics};

	out_rewind(out, 0);
	metrics_print(m, f, &x);
	out_char(out, '\0');
	assert_int_equal(out_error(out), 0);
	return out->data;
}

static const char *print(void)
{
	return print_as(false, &facts);
}

static void has_line(const char *text, const char *line)
{
	char whole[512];

	snprintf(whole, sizeof(whole), "\n%s\n", line);
	if (!strstr(text, whole))
		fail_msg("'%s' is not in\n%s", line, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in\n%s", part, text);
}

/* The sum over the series of a family. */
static uint64_t sum_of(const char *text, const char *name)
{
	char begin[64];
	uint64_t sum = 0;

	snprintf(begin, sizeof(begin), "\n%s", name);
	for (const char *at = strstr(text, begin); at; at = strstr(at + 1, begin))
		if (at[strlen(begin)] == '{' || at[strlen(begin)] == ' ')
			sum += strtoull(strrchr(strndupa(at + 1, strcspn(at + 1, "\n")), ' '), NULL,
					10);
	return sum;
}

static void sum_holds(const char *text, uint64_t counted)
{
	uint64_t parts = sum_of(text, "rstwhy_events_shown_total") +
			 sum_of(text, "rstwhy_events_filtered_total") +
			 sum_of(text, "rstwhy_events_suppressed_total") +
			 sum_of(text, "rstwhy_events_lost_total");

	assert_int_equal(sum_of(text, "rstwhy_resets_counted_total"), counted);
	assert_int_equal(sum_of(text, "rstwhy_resets_by_cause_total"),
			 sum_of(text, "rstwhy_resets_total"));
	assert_int_equal(sum_of(text, "rstwhy_deaths_by_cause_total"),
			 sum_of(text, "rstwhy_deaths_total"));
	assert_int_equal(parts, counted);
}

static const struct kind flood = {.direction = DIRECTION_SENT,
				  .state = STATE_NEW_SYN_RECV,
				  .trigger = TRIGGER_SYN},
			 closing = {.direction = DIRECTION_RECEIVED,
				    .state = STATE_CLOSE,
				    .prior = STATE_ESTABLISHED,
				    .reason = 3,
				    .v6 = 1};

static struct record record_as(enum given_kind kind, enum tcp_state state)
{
	return record_of(&(struct given){.kind = kind, .state = state});
}

static struct verdict verdict_as(const char *cause, enum tcp_state state)
{
	struct verdict v = {.cause = cause_find(cause), .state = state};

	assert_non_null(v.cause);
	return v;
}

/* Shows one of this kind, under this cause. */
static void show(const struct kind *kind, const char *cause, enum tcp_state state)
{
	struct record r = record_as(kind->direction == DIRECTION_SENT ? ANSWER : RECEIVED, state);
	struct verdict v = verdict_as(cause, state);

	r.e.kind = *kind;
	metrics_shown(m, &r, &v);
}

static void test_text(void **state)
{
	const char *text;

	show(&flood, "port-closed", STATE_UNKNOWN);
	text = print();
	assert_true(!strncmp(text, "# HELP rstwhy_resets_total ", 27));
	has_line(text, "# TYPE rstwhy_resets_total counter");
	has_line(text, "rstwhy_resets_total{direction=\"sent\",cause=\"port-closed\","
		       "state=\"unknown\",family=\"ipv4\"} 1");
	has_line(text, "# TYPE rstwhy_build_info gauge");
	has_line(text, "rstwhy_resets_counted_total{direction=\"received\"} 0");
	has_line(text, "rstwhy_events_unwritten_total{output=\"json\"} 0");
	has_line(text, "rstwhy_events_unwritten_total{output=\"kafka\"} 7");
	has_line(text, "rstwhy_http_clients_cut_total{reason=\"slow\"} 3");
	has_line(text, "rstwhy_http_clients_cut_total{reason=\"crowded\"} 4");
	has_line(text, "rstwhy_start_time_seconds 1795176000.5");
	has_line(text, "rstwhy_blind_spot{spot=\"sent\"} 0");
	has_line(text, "rstwhy_blind_spot{spot=\"ignored\"} 1");
	has_line(text, "rstwhy_received_reset_idle_seconds_bucket{le=\"1.0\"} 0");
	has_not(text, "# EOF");
	has_not(text, "rstwhy_deaths");
	has_not(text, "rstwhy_resets_by_unit");
	has_not(text, "direction=\"none\"");
	has_not(text, "direction=\"unknown\"");
	has_not(text, "}\n");
	has_not(text, "\n\n");
}

static void test_openmetrics(void **state)
{
	const char *text;

	show(&flood, "port-closed", STATE_UNKNOWN);
	text = print_as(true, &facts);
	has_line(text, "# TYPE rstwhy_resets counter");
	has_line(text, "# TYPE rstwhy_build info");
	has_line(text, "# TYPE rstwhy_connection_age_seconds histogram");
	has_line(text, "rstwhy_resets_total{direction=\"sent\",cause=\"port-closed\","
		       "state=\"unknown\",family=\"ipv4\"} 1");
	assert_string_equal(text + strlen(text) - 7, "\n# EOF\n");
	has_not(text, "# TYPE rstwhy_resets_total");
}

/* Quotes, backslashes, line breaks; what is no text is replaced, and é stays. */
static void test_escaping(void **state)
{
	has_line(print(), "rstwhy_build_info{version=\"0.1\",kernel=\"6.1 \\\"a\\\\b\\\"\\n"
			  "\xef\xbf\xbd\xef\xbf\xbd\xc3\xa9\"} 1");
}

/* Each label of a series is there once, or Prometheus refuses all of them. */
static void test_no_series_twice(void **state)
{
	show(&flood, "accept-queue-overflow", STATE_NEW_SYN_RECV);
	show(&flood, "accept-queue-overflow", STATE_SYN_RECV);
	has_line(print(), "rstwhy_resets_total{direction=\"sent\",cause=\"accept-queue-overflow\","
			  "state=\"syn_received\",family=\"ipv4\"} 2");
}

/* How many lines begin so. */
static unsigned series_of(const char *text, const char *name)
{
	char begin[64];
	unsigned n = 0;

	snprintf(begin, sizeof(begin), "\n%s{", name);
	for (const char *at = strstr(text, begin); at; at = strstr(at + 1, begin))
		n++;
	return n;
}

/* Each cause is there before it has ever happened, in the directions that it can have. */
static void test_zero(void **state)
{
	static const char name[] = "rstwhy_resets_by_cause_total";
	unsigned resets = 1, deaths = 0; /* "unknown" has both directions */
	const struct cause *cause;
	const char *text;

	for (size_t i = 0; (cause = cause_at(i)); i++)
		cause->direction == DIRECTION_NONE ? deaths++ : resets++;
	begin_with(LABEL_NONE, true);
	text = print();
	assert_int_equal(series_of(text, "rstwhy_resets_total"), 0);
	assert_int_equal(series_of(text, name), resets);
	assert_int_equal(series_of(text, "rstwhy_deaths_by_cause_total"), deaths + 1);
	has_line(text, "rstwhy_resets_by_cause_total{direction=\"sent\",cause=\"port-closed\"} 0");
	has_line(text, "rstwhy_resets_by_cause_total{direction=\"received\","
		       "cause=\"unknown\"} 0");
	has_not(text, "direction=\"received\",cause=\"port-closed\"");
	show(&flood, "port-closed", STATE_UNKNOWN);
	show(&flood, "port-closed", STATE_CLOSE);
	text = print();
	has_line(text, "rstwhy_resets_by_cause_total{direction=\"sent\",cause=\"port-closed\"} 2");
	assert_int_equal(series_of(text, name), resets);
	sum_holds(text, 2);
}

static void test_deaths(void **state)
{
	struct record r = record_as(SILENT, STATE_ESTABLISHED);
	struct verdict v = verdict_as("retransmission-timeout", STATE_ESTABLISHED);
	const char *text;

	begin_with(LABEL_NONE, true);
	metrics_shown(m, &r, &v);
	text = print();
	has_line(text, "rstwhy_deaths_total{cause=\"retransmission-timeout\","
		       "state=\"established\",family=\"ipv4\"} 1");
	has_line(text, "rstwhy_deaths_by_cause_total{cause=\"retransmission-timeout\"} 1");
	has_line(text, "rstwhy_resets_counted_total{direction=\"none\"} 1");
	assert_int_equal(sum_of(text, "rstwhy_resets_total"), 0);
	sum_holds(text, 1);
}

static void test_hints(void **state)
{
	struct record r = record_as(RECEIVED, STATE_ESTABLISHED);
	struct verdict v = verdict_as("peer-aborted", STATE_ESTABLISHED);
	char line[128];

	v.hints_len = 1;
	v.hints[0].hint = hint_at(2);
	metrics_shown(m, &r, &v);
	snprintf(line, sizeof(line), "rstwhy_hints_total{hint=\"%s\"} 1", hint_at(2)->id);
	has_line(print(), line);
	assert_int_equal(sum_of(print(), "rstwhy_hints_total"), 1);
}

static void test_histogram(void **state)
{
	struct record r = record_as(RECEIVED, STATE_ESTABLISHED);
	struct verdict v = verdict_as("peer-aborted", STATE_ESTABLISHED);
	static const char idle[] = "rstwhy_received_reset_idle_seconds_";
	char line[128];

	r.e.sock.lsnd_jiffies = r.e.sock.lrcv_jiffies = (uint32_t)r.e.jiffies - 350 * HZ;
	metrics_shown(m, &r, &v);
	r.e.sock.lsnd_jiffies = r.e.sock.lrcv_jiffies = (uint32_t)r.e.jiffies - 8000 * HZ;
	metrics_shown(m, &r, &v);
	r.e.have = 0; /* it is not known */
	metrics_shown(m, &r, &v);
	snprintf(line, sizeof(line), "%sbucket{le=\"300.0\"} 0", idle);
	has_line(print(), line);
	snprintf(line, sizeof(line), "%sbucket{le=\"350.0\"} 1", idle);
	has_line(print(), line);
	snprintf(line, sizeof(line), "%sbucket{le=\"7200.0\"} 1", idle);
	has_line(print(), line);
	snprintf(line, sizeof(line), "%sbucket{le=\"+Inf\"} 2", idle);
	has_line(print(), line);
	snprintf(line, sizeof(line), "%ssum 8350", idle);
	has_line(print(), line);
	snprintf(line, sizeof(line), "%scount 2", idle);
	has_line(print(), line);
}

/* What was only counted has the cause of its kind, and the series never shrinks. */
static void test_only_counted(void **state)
{
	show(&flood, "handshake-bad-ack", STATE_NEW_SYN_RECV);
	metrics_take_counts(m, &flood,
			    &(struct kind_counts){.counted = 101, .suppressed = 60, .lost = 40});
	has_line(print(), "rstwhy_resets_total{direction=\"sent\",cause=\"handshake-bad-ack\","
			  "state=\"syn_received\",family=\"ipv4\"} 101");
	sum_holds(print(), 101);
	/* One of them was no reset, after all. */
	metrics_take_counts(m, &flood,
			    &(struct kind_counts){.counted = 101,
						  .suppressed = 59,
						  .lost = 40,
						  .phantom = 1});
	sum_holds(print(), 101);
	show(&flood, "handshake-bad-timestamp", STATE_NEW_SYN_RECV);
	metrics_take_counts(m, &flood,
			    &(struct kind_counts){.counted = 105, .suppressed = 63, .lost = 40});
	has_line(print(), "rstwhy_resets_total{direction=\"sent\",cause=\"handshake-bad-ack\","
			  "state=\"syn_received\",family=\"ipv4\"} 101");
	has_line(print(),
		 "rstwhy_resets_total{direction=\"sent\",cause=\"handshake-bad-timestamp\","
		 "state=\"syn_received\",family=\"ipv4\"} 4");
	sum_holds(print(), 105);
}

/* A replay has no counts of BPF's: the line that was written then tells. */
static void test_suppressed(void **state)
{
	struct record r = {.suppressed = 30, .e.direction = DIRECTION_SENT, .e.kind.v6 = 1};
	struct verdict v = verdict_as("port-closed", STATE_UNKNOWN);

	metrics_suppressed(m, &r, &v);
	has_line(print(), "rstwhy_resets_total{direction=\"sent\",cause=\"port-closed\","
			  "state=\"unknown\",family=\"ipv6\"} 30");
	sum_holds(print(), 30);
}

/* The state of a closed socket is the one before. */
static void test_prior_state(void **state)
{
	show(&closing, "peer-aborted", STATE_ESTABLISHED);
	metrics_take_counts(m, &closing, &(struct kind_counts){.counted = 3, .suppressed = 2});
	has_line(print(), "rstwhy_resets_total{direction=\"received\",cause=\"peer-aborted\","
			  "state=\"established\",family=\"ipv6\"} 2");
}

/* Nothing of the kind was ever shown: all of it was lost, or filtered out. */
static void test_unknown_cause(void **state)
{
	struct record r = record_as(RECEIVED, STATE_ESTABLISHED);

	metrics_take_counts(m, &flood, &(struct kind_counts){.counted = 9, .lost = 9});
	r.e.kind = closing;
	metrics_filtered(m, &r);
	metrics_take_counts(m, &closing, &(struct kind_counts){.counted = 5, .suppressed = 4});
	has_line(print(), "rstwhy_resets_total{direction=\"sent\",cause=\"unknown\","
			  "state=\"syn_received\",family=\"ipv4\"} 9");
	has_line(print(), "rstwhy_resets_total{direction=\"received\",cause=\"unknown\","
			  "state=\"established\",family=\"ipv6\"} 4");
	has_line(print(), "rstwhy_events_filtered_total 1");
	sum_holds(print(), 14);
}

/* The first event of the kind is still on its way: a moment later its cause is known. */
static void test_on_its_way(void **state)
{
	const struct kind_counts counts = {.counted = 10, .suppressed = 9};

	metrics_take_counts(m, &flood, &counts);
	sum_holds(print(), 0);
	show(&flood, "port-closed", STATE_UNKNOWN);
	metrics_take_counts(m, &flood, &counts);
	sum_holds(print(), 10);
	has_not(print(), "cause=\"unknown\",state");
}

/* More kinds than anybody has room for: in events, among BPF's, and what BPF had no room for. */
static void test_overflow(void **state)
{
	const struct kind rest = {.direction = DIRECTION_SENT};
	struct kind kind = flood;
	unsigned n = 0;

	for (unsigned i = 0; i < 5000; i++) {
		kind.bits = i;
		kind.reason = i % 7;
		show(&kind, "port-closed", STATE_UNKNOWN);
	}
	/* This one was not noted: nobody waits for it. */
	metrics_take_counts(m, &kind, &(struct kind_counts){.counted = 7, .suppressed = 6});
	sum_holds(print(), 5006);
	kind.trigger = TRIGGER_DATA;
	for (unsigned i = 0; i < KINDS_MAX; i++) {
		kind.bits = i;
		metrics_take_counts(m, &kind, &(struct kind_counts){.counted = 3, .lost = 3});
	}
	for (n = 1; n <= 2; n++) {
		metrics_take_counts(m, &rest,
				    &(struct kind_counts){.counted = 5000 + 11 * n,
							  .suppressed = 11 * n});
		sum_holds(print(), 5006 + 3 * KINDS_MAX + 11 * n);
	}
	assert_int_equal(sum_of(print(), "rstwhy_resets_total"), 5006 + 3 * KINDS_MAX + 22);
}

static void test_missed_runs(void **state)
{
	struct metrics_facts f = facts;
	const char *text;

	f.missed_runs = 4;
	f.skipped_runs = 9;
	show(&flood, "port-closed", STATE_UNKNOWN);
	text = print_as(false, &f);
	has_line(text, "rstwhy_resets_counted_total{direction=\"unknown\"} 4");
	has_line(text, "rstwhy_skipped_runs_total 9");
	sum_holds(text, 5);
}

static void show_unit_at(const char *unit, uint64_t time_ns)
{
	struct record r = record_as(ANSWER, STATE_UNKNOWN);
	struct verdict v = verdict_as("port-closed", STATE_UNKNOWN);

	r.e.time_ns = time_ns;
	r.e.kind = flood;
	strcpy(r.container.unit, unit);
	strcpy(r.container.id, "c0ffee");
	r.e.flow.netns = 4026531840;
	metrics_shown(m, &r, &v);
}

static void show_unit(const char *unit)
{
	show_unit_at(unit, 0);
}

static void test_by_unit(void **state)
{
	const char *text;

	begin_with(LABEL_UNIT, false);
	show_unit("nginx.service");
	show_unit("nginx.service");
	show_unit("");
	metrics_take_counts(m, &flood, &(struct kind_counts){.counted = 10, .suppressed = 7});
	text = print();
	has_line(text, "# TYPE rstwhy_resets_by_unit_total counter");
	has_line(text, "rstwhy_resets_by_unit_total{unit=\"nginx.service\",direction=\"sent\","
		       "cause=\"port-closed\"} 2");
	has_line(text, "rstwhy_resets_by_unit_total{unit=\"unknown\",direction=\"sent\","
		       "cause=\"port-closed\"} 1");
	has_line(text, "rstwhy_resets_by_unit_total{unit=\"other\",direction=\"sent\","
		       "cause=\"port-closed\"} 7");
	has_not(text, "container");
	has_not(text, "netns=");
}

static void test_other_labels(void **state)
{
	begin_with(LABEL_CONTAINER, false);
	show_unit("nginx.service");
	has_line(print(), "rstwhy_resets_by_container_total{container_id=\"c0ffee\","
			  "direction=\"sent\",cause=\"port-closed\"} 1");
	begin_with(LABEL_NETNS, false);
	show_unit("nginx.service");
	has_line(print(), "rstwhy_resets_by_netns_total{netns=\"4026531840\","
			  "direction=\"sent\",cause=\"port-closed\"} 1");
}

/* A host that starts one unit after another, or somebody who makes up names. */
static void test_cap(void **state)
{
	char unit[64];
	const char *text;

	begin_with(LABEL_UNIT, false);
	for (int round = 0; round < 2; round++) {
		for (unsigned i = 0; i < LABEL_VALUES_MAX + 50; i++) {
			snprintf(unit, sizeof(unit), "job-%u.service", i);
			show_unit(unit);
		}
	}
	show_unit("other");
	text = print();
	has_line(text, "rstwhy_resets_by_unit_total{unit=\"job-199.service\",direction=\"sent\","
		       "cause=\"port-closed\"} 2");
	has_not(text, "job-200.service");
	has_line(text, "rstwhy_resets_by_unit_total{unit=\"other\",direction=\"sent\","
		       "cause=\"port-closed\"} 101");
	assert_int_equal(sum_of(text, "rstwhy_resets_by_unit_total"),
			 2 * (LABEL_VALUES_MAX + 50) + 1);
}

static void has_unit(const char *text, const char *unit, unsigned n)
{
	char line[192];

	snprintf(line, sizeof(line),
		 "rstwhy_resets_by_unit_total{unit=\"%s\",direction=\"sent\","
		 "cause=\"port-closed\"} %u",
		 unit, n);
	has_line(text, line);
}

/* Who was idle for an hour makes room, the oldest first; what it counted stays in the sum. */
static void test_idle_unit(void **state)
{
	char unit[64];
	const char *text;

	begin_with(LABEL_UNIT, false);
	for (unsigned i = 0; i < LABEL_VALUES_MAX; i++) {
		snprintf(unit, sizeof(unit), "job-%u.service", i);
		show_unit_at(unit, 1 + i);
	}
	show_unit_at("job-0.service", 500);
	show_unit_at("early.service", LABEL_VALUE_IDLE_NS + 1);
	has_not(print(), "early.service");
	show_unit_at("late.service", LABEL_VALUE_IDLE_NS + 2);
	text = print();
	has_not(text, "job-1.service");
	has_unit(text, "late.service", 1);
	has_unit(text, "other", 2); /* early, and job-1's */
	has_unit(text, "job-0.service", 2);
	has_unit(text, "job-199.service", 1);
	show_unit_at("late.service", LABEL_VALUE_IDLE_NS + 2);
	show_unit_at("job-1.service", LABEL_VALUE_IDLE_NS + 2); /* none is idle for so long */
	show_unit_at("job-1.service", LABEL_VALUE_IDLE_NS + 3); /* job-2 is */
	text = print();
	has_unit(text, "late.service", 2);
	has_unit(text, "job-1.service", 1);
	has_unit(text, "other", 4);
	has_not(text, "job-2.service");
	assert_int_equal(sum_of(text, "rstwhy_resets_by_unit_total"), LABEL_VALUES_MAX + 6);
}

/* Sessions without end are one. */
static void test_unit_family(void **state)
{
	char unit[64];

	begin_with(LABEL_UNIT, false);
	for (unsigned i = 0; i < 2 * LABEL_VALUES_MAX; i++) {
		snprintf(unit, sizeof(unit), "session-%u.scope", i);
		show_unit(unit);
	}
	has_unit(print(), "session-*.scope", 2 * LABEL_VALUES_MAX);
	has_not(print(), "unit=\"other\"");
}

static void test_long_value(void **state)
{
	struct label_values *l = calloc(1, sizeof(*l));
	char value[2 * LABEL_VALUE_LEN];
	unsigned freed;

	assert_non_null(l);
	memset(value, 'x', sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	assert_int_equal(label_values_index(l, value, 0, &freed), 0);
	value[LABEL_VALUE_LEN - 1] = 'y'; /* beyond what counts */
	assert_int_equal(label_values_index(l, value, 0, &freed), 0);
	assert_int_equal(label_values_index(l, "x", 0, &freed), 1);
	assert_int_equal(freed, LABEL_VALUES_OTHER);
	assert_int_equal(strlen(label_values_text(l, 0)), LABEL_VALUE_LEN - 1);
	free(l);
}

/* The tables have room for all that the catalogue holds. */
static void test_all_causes(void **state)
{
	const struct cause *cause;
	const char *text;
	size_t n = 0;

	for (; (cause = cause_at(n)); n++) {
		struct kind kind = {.direction = cause->direction == DIRECTION_RECEIVED
							 ? DIRECTION_RECEIVED
							 : DIRECTION_SENT,
				    .reason = 9,
				    .bits = n};

		show(&kind, cause->id, STATE_ESTABLISHED);
	}
	text = print();
	for (size_t i = 0; (cause = cause_at(i)); i++) {
		char label[96];

		snprintf(label, sizeof(label), "cause=\"%s\"", cause->id);
		assert_non_null(strstr(text, label));
	}
	assert_int_equal(sum_of(text, "rstwhy_resets_total"), n);
	for (n = 0; hint_at(n); n++) {
		char label[96];

		snprintf(label, sizeof(label), "hint=\"%s\"", hint_at(n)->id);
		assert_non_null(strstr(text, label));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_text),          TEST(test_openmetrics),
		TEST(test_escaping),      TEST(test_no_series_twice),
		TEST(test_deaths),        TEST(test_hints),
		TEST(test_histogram),     TEST(test_only_counted),
		TEST(test_suppressed),    TEST(test_prior_state),
		TEST(test_unknown_cause), TEST(test_on_its_way),
		TEST(test_overflow),      TEST(test_missed_runs),
		TEST(test_by_unit),       TEST(test_other_labels),
		TEST(test_cap),           TEST(test_long_value),
		TEST(test_all_causes),    TEST(test_zero),
		TEST(test_idle_unit),     TEST(test_unit_family),
	};

	return cmocka_run_group_tests_name("metrics", tests, NULL, NULL);
}
