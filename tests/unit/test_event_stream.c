// SPDX-License-Identifier: GPL-2.0
/* What a reader of /events gets: new, back in time, back too late, of another run. */
#include "event_stream.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

#define RUN "18e9"
#define HELLO "retry: 1000\n\n"

static struct out *out;

static void expect(const char *text)
{
	assert_int_equal(out_mark(out), strlen(text));
	assert_memory_equal(out_data(out), text, out_mark(out));
	out_rewind(out, 0);
}

/* Ten bytes: the last two events of one byte are kept. */
static struct events *some(unsigned n)
{
	static const char digits[] = "0123456789";
	struct events *e = events_new(10, 2);

	for (unsigned i = 1; i <= n; i++)
		events_put(e, digits + i, 1);
	return e;
}

static void expect_after(const char *last, unsigned n, const char *text)
{
	struct events *e = some(n);
	struct event_stream s;

	event_stream_begin(&s, e, RUN, last, out);
	expect(HELLO);
	event_stream_more(&s, false, out);
	expect(text);
	event_stream_more(&s, false, out);
	expect("");
	events_free(e);
}

#define BOTH "id: 18e9-3\ndata: 3\n\nid: 18e9-4\ndata: 4\n\n"
#define RESTART "event: dropped\nid: 18e9-0\ndata: {\"missed\":0,\"restart\":true}\n\n"

static void test_new(void **state)
{
	expect_after(NULL, 0, "");
	expect_after(NULL, 4, BOTH);
	expect_after("", 4, BOTH);
}

static void test_back(void **state)
{
	expect_after("18e9-4", 4, "");
	expect_after("18e9-3", 4, "id: 18e9-4\ndata: 4\n\n");
	expect_after("18e9-2", 4, BOTH);
	expect_after("18e9-99", 4, "");
}

static void test_too_late(void **state)
{
	expect_after("18e9-1", 4, "event: dropped\nid: 18e9-2\ndata: {\"missed\":1}\n\n" BOTH);
	expect_after("18e9-0", 4, "event: dropped\nid: 18e9-2\ndata: {\"missed\":2}\n\n" BOTH);
}

/* Nothing of it is known, but that it is not this run. */
static void test_other_run(void **state)
{
	static const char *const ids[] = {"18e8-4",  "18e",     "18e9", "18e9-", "18e9--1",
					  "18e9-1x", "18e9- 1", "4",    "-",     "id: 18e9-4"};

	expect_after("other-1", 0, RESTART);
	expect_after("other-1", 2, RESTART "id: 18e9-1\ndata: 1\n\nid: 18e9-2\ndata: 2\n\n");
	for (unsigned i = 0; i < LENGTH(ids); i++)
		expect_after(
			ids[i], 4,
			"event: dropped\nid: 18e9-2\ndata: {\"missed\":2,\"restart\":true}\n\n" BOTH);
}

/* What it was told as missed it is not told again when it comes back with that id. */
static void test_told_once(void **state)
{
	expect_after("18e9-2", 4, BOTH);
}

static void test_slow(void **state)
{
	struct events *e = some(1);
	struct event_stream s;

	event_stream_begin(&s, e, RUN, NULL, out);
	event_stream_more(&s, false, out);
	expect(HELLO "id: 18e9-1\ndata: 1\n\n");
	for (int i = 0; i < 5; i++)
		events_put(e, "x", 1);
	event_stream_more(&s, false, out);
	expect("event: dropped\nid: 18e9-4\ndata: {\"missed\":3}\n\n"
	       "id: 18e9-5\ndata: x\n\nid: 18e9-6\ndata: x\n\n");
	events_free(e);
}

static void test_bye(void **state)
{
	struct events *e = some(2);
	struct event_stream s;

	event_stream_begin(&s, e, RUN, "18e9-1", out);
	event_stream_more(&s, true, out);
	expect(HELLO "id: 18e9-2\ndata: 2\n\nevent: bye\ndata: {}\n\n");
	assert_true(s.said_bye);
	event_stream_more(&s, true, out);
	expect("");
	events_free(e);
}

/* Large events come a few at a time, none is cut, and bye is the last. */
static void test_large(void **state)
{
	enum { LONG = 5000, N = 20 };
	struct events *e = events_new(N * LONG, N);
	static char text[LONG];
	struct event_stream s;
	unsigned rounds = 0, lines = 0;

	memset(text, 'x', sizeof(text));
	for (int i = 0; i < N; i++)
		events_put(e, text, sizeof(text));
	event_stream_begin(&s, e, RUN, NULL, out);
	for (; !s.said_bye; rounds++) {
		event_stream_more(&s, true, out);
		assert_true(out_mark(out) < 3 * LONG);
		for (size_t i = 0; i < out_mark(out); i++)
			lines += out_data(out)[i] == '\n';
		out_rewind(out, 0);
	}
	assert_int_equal(rounds, N / 2);
	assert_int_equal(lines, 2 + 3 * N + 3);
	events_free(e);
}

int main(void)
{
	const struct CMUnitTest streams[] = {
		cmocka_unit_test(test_new),       cmocka_unit_test(test_back),
		cmocka_unit_test(test_too_late),  cmocka_unit_test(test_other_run),
		cmocka_unit_test(test_told_once), cmocka_unit_test(test_slow),
		cmocka_unit_test(test_bye),       cmocka_unit_test(test_large),
	};
	int failed;

	out = out_new(-1);
	failed = cmocka_run_group_tests(streams, NULL, NULL);
	out_free(out);
	return failed;
}
