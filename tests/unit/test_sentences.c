// SPDX-License-Identifier: GPL-2.0
/* What happened, in three sentences that a tired person reads first: right, and in good English. */
#include "sentences.h"

#include <stdio.h>
#include <string.h>

#include "given.h"
#include "nasty.h"
#include "output.h"
#include "unit.h"

#define SECOND 1000000000ULL
#define TODAY (1795176000 * SECOND) /* 2026-11-20T12:00:00Z */

static struct summary *summary;
static char text[SENTENCES][SENTENCE_LEN];

static int set_up(void **state)
{
	summary = summary_new(0);
	return summary ? 0 : -1;
}

static int tear_down(void **state)
{
	summary_free(summary);
	return 0;
}

/* Of nginx, with a peer 10.0.0.`host`. */
static void take_of(const char *cause, enum tcp_state state, unsigned host, uint64_t time_ns)
{
	static const struct task who = {.pid = 300, .comm = "nginx"};
	struct record r = record_of(&(struct given){.kind = ACTIVE, .state = STATE_CLOSE});
	struct verdict v = {.cause = cause_find(cause), .state = state, .who = &who};

	r.time_ns = time_ns;
	r.e.direction = v.cause->direction;
	r.e.flow.peer[15] = (uint8_t)host;
	summary_take(summary, &r, &v);
}

static void take(const char *cause, unsigned n, uint64_t step_ns)
{
	for (unsigned i = 0; i < n; i++)
		take_of(cause, STATE_ESTABLISHED, 2 + i % 3, TODAY + i * step_ns);
}

static unsigned say(double span_s)
{
	return sentences_make(summary, summary->shown + summary->suppressed, span_s, text);
}

static void check(int i, const char *part)
{
	if (!strstr(text[i], part))
		fail_msg("\"%s\" does not say \"%s\"", text[i], part);
}

static void test_none(void **state)
{
	assert_int_equal(say(0), 1);
	assert_string_equal(text[0], "No TCP reset was recorded.");
	assert_int_equal(sentences_make(summary, 1, 0, text), 1);
	assert_string_equal(text[0], "No TCP reset was shown: 1 was filtered out or lost.");
	assert_int_equal(sentences_make(summary, 1200, 60, text), 1);
	check(0, "1,200 were filtered out or lost in 60 s.");
}

static void test_one(void **state)
{
	take("close-unread-data", 1, 0);
	assert_int_equal(say(0), 3);
	assert_string_equal(text[0], "1 TCP reset, sent by this host.");
	assert_string_equal(text[1], "It happened at 2026-11-20 12:00:00 UTC; most affected is the "
				     "process nginx (1 of 1 shown).");
	assert_string_equal(text[2],
			    "The cause is close-unread-data, once (closed with received data never "
			    "read); what to do: Let the program read until read() returns 0 before "
			    "it calls close().");
}

static void test_many(void **state)
{
	take("close-unread-data", 1200, SECOND);
	take("peer-aborted", 34, SECOND);
	take("connect-timeout", 1, 0);
	assert_int_equal(say(1199), 3);
	check(0, "1,234 TCP resets in 20 min: 1,200 sent by this host, 34 received; 1 connection "
		 "died without one.");
	check(1, "They are spread over the time from 2026-11-20 12:00:00 UTC to 12:19:59 UTC");
	check(1, "(1,235 of 1,235 shown).");
	check(2, "The most telling cause is close-unread-data, 1,200 times");
}

static void test_only_deaths(void **state)
{
	take("connect-timeout", 2, 0);
	say(0);
	assert_string_equal(text[0], "2 connections died without a reset.");
}

static void test_only_counted(void **state)
{
	struct record r = {.suppressed = 1, .time_ns = TODAY, .e = {.direction = DIRECTION_SENT}};
	struct verdict v = {.cause = cause_find("port-closed")};

	summary_take(summary, &r, &v);
	say(0);
	assert_string_equal(text[0],
			    "1 TCP reset, sent by this host; 1 was only counted, not shown.");
	assert_string_equal(text[1], "It happened at 2026-11-20 12:00:00 UTC.");
}

static void test_burst(void **state)
{
	take("disconnect", 60, SECOND);
	for (int i = 0; i < 140; i++)
		take_of("disconnect", STATE_ESTABLISHED, 2, TODAY + 30 * SECOND);
	say(60);
	check(1,
	      "They came in a burst, 71 % of them within 0.125 s, from 2026-11-20 12:00:30 UTC on");
	check(1, ", and 80 % have to do with the peer 10.0.0.2.");
}

static void test_burst_among_others(void **state)
{
	take("disconnect", 600, SECOND);
	for (int i = 0; i < 300; i++)
		take_of("disconnect", STATE_ESTABLISHED, 2, TODAY + 300 * SECOND);
	say(600);
	check(1,
	      "They are spread over the time from 2026-11-20 12:00:00 UTC to 12:09:59 UTC, with a "
	      "burst, 33 % of them within 1 s, from 2026-11-20 12:05:00 UTC on; ");
}

/* A quarter of few is soon together. */
static void test_no_burst(void **state)
{
	take("disconnect", 40, SECOND);
	for (int i = 0; i < 15; i++)
		take_of("disconnect", STATE_ESTABLISHED, 2, TODAY + 30 * SECOND);
	say(40);
	check(1, "They are spread over the time from 2026-11-20 12:00:00 UTC to 12:00:39 UTC; ");
}

/* A host that ran out of something before many closed ports, the end that knows before the other. */
static void test_most_telling(void **state)
{
	for (int i = 0; i < 50; i++)
		take_of("port-closed", STATE_UNKNOWN, 2, TODAY);
	say(0);
	check(2, "port-closed, 50 times");
	take("peer-aborted", 20, 0);
	take("close-linger-zero", 20, 0);
	say(0);
	check(2, "close-linger-zero, 20 times");
	take("accept-queue-overflow", 5, 0);
	say(0);
	check(2, "accept-queue-overflow, 5 times");
}

/* Of every cause: one sentence of its advice, which ends as a sentence does and is not cut. */
static void test_every_cause(void **state)
{
	const struct cause *cause;

	for (size_t i = 0; (cause = cause_at(i)); i++) {
		struct summary *s = summary_new(0);
		size_t len;

		tear_down(state);
		summary = s;
		take(cause->id, 2, 0);
		assert_int_equal(say(0), 3);
		len = strlen(text[2]);
		assert_true(len < SENTENCE_LEN - 1);
		assert_true(text[2][len - 1] == '.' && !strchr(".: ", text[2][len - 2]));
		assert_null(strchr(text[2], '\n'));
		check(2, cause->title);
	}
}

/* The longest names there are do not push a sentence over its end. */
static void test_nasty(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		struct record r = record_of(&(struct given){.kind = ACTIVE, .state = STATE_CLOSE});
		struct verdict v = {.cause = cause_find("disconnect")};

		snprintf(r.container.unit, sizeof(r.container.unit), "%s", nasty[i]);
		r.time_ns = TODAY;
		summary_take(summary, &r, &v);
		assert_int_equal(say(1e300), 3);
		assert_true(strlen(text[1]) < SENTENCE_LEN - 1);
	}
}

#define SENTENCES_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENTENCES_TEST(test_none),
		SENTENCES_TEST(test_one),
		SENTENCES_TEST(test_many),
		SENTENCES_TEST(test_only_deaths),
		SENTENCES_TEST(test_only_counted),
		SENTENCES_TEST(test_burst),
		SENTENCES_TEST(test_burst_among_others),
		SENTENCES_TEST(test_no_burst),
		SENTENCES_TEST(test_most_telling),
		SENTENCES_TEST(test_every_cause),
		SENTENCES_TEST(test_nasty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
