// SPDX-License-Identifier: GPL-2.0
/* The judge: every row of the tables, each in up to five ways, is a test of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "facts.h"
#include "hints.h"
#include "names.h"
#include "row.h"
#include "unit.h"

/* What the kernel and this host tell of the same facts. */
static const struct way {
	const char *name;
	bool without_reason;
	bool without_stack;
	bool reason_says_nothing;
} ways[] = {
	{.name = "now"},
	{.name = "no symbols", .without_stack = true},
	{.name = "before 6.10", .without_reason = true},
	{.name = "before 6.10, no symbols", .without_reason = true, .without_stack = true},
	/* Active resets have the argument already, and not yet a name. */
	{.name = "6.11", .reason_says_nothing = true},
};

static const struct row *const tables[] = {rows_active, rows_answer, rows_received, rows_silent,
					   rows_hints};

struct one {
	const struct row *row;
	const struct way *way;
	const struct expected *expected;
	char name[160];
};

static bool is_mptcp(enum reason reason)
{
	return reason >= REASON_MPTCP_RST_EUNSPEC && reason <= REASON_MPTCP_RST_EMIDDLEBOX;
}

static const struct expected *expected_of(const struct row *row, const struct way *way)
{
	static const struct expected nothing = {.cause = NULL};

	if (way->reason_says_nothing)
		return row->given.kind == ACTIVE && !is_mptcp(row->given.reason) ? &row->before
										 : &nothing;
	if (way->without_reason)
		return way->without_stack ? &row->blind : &row->before;
	return way->without_stack ? &row->nameless : &row->now;
}

static struct record record_of_one(const struct one *one)
{
	struct record r = record_of(&one->row->given);

	if (one->way->without_reason)
		take_reason(&r);
	if (one->way->without_stack)
		take_stack(&r);
	if (one->way->reason_says_nothing) {
		r.reason = REASON_NOT_SPECIFIED;
		r.reason_name = "NOT_SPECIFIED";
	}
	return r;
}

static bool says(const struct verdict *v, const char *text)
{
	if (strstr(v->summary, text))
		return true;
	for (unsigned i = 0; i < v->evidence_len; i++)
		if (strstr(v->evidence[i], text))
			return true;
	return false;
}

static bool hints_at(const struct verdict *v, const char *id)
{
	for (unsigned i = 0; i < v->hints_len; i++)
		if (!strcmp(v->hints[i].hint->id, id))
			return true;
	return false;
}

static void check_cause(const struct verdict *v, const struct expected *expected)
{
	assert_string_equal(v->cause->id, expected->cause);
	assert_string_equal(confidence_name(v->confidence), confidence_name(expected->confidence));
}

static void check_who(const struct verdict *v, const struct expected *expected)
{
	assert_string_equal(v->name, person_name(expected->who));
	assert_int_equal(v->who ? v->who->pid : 0, person_pid(expected->who));
	assert_int_equal(v->role, expected->role);
}

static void check_rest(const struct verdict *v, const struct row *row, bool without_stack)
{
	assert_int_equal(v->state, row->state);
	if (row->error)
		assert_string_equal(v->error ? error_name(v->error) : "none",
				    error_name(row->error));
	if (row->site && !without_stack)
		assert_string_equal(v->site ? v->site : "none", row->site);
	if (row->mentions && !says(v, row->mentions))
		fail_msg("neither summary nor evidence says \"%s\": %s", row->mentions, v->summary);
	if (row->hint && !hints_at(v, row->hint))
		fail_msg("the hint %s is missing", row->hint);
	if (row->no_hint && hints_at(v, row->no_hint))
		fail_msg("the hint %s is wrong", row->no_hint);
}

/* Every verdict tells something, and on what evidence. */
static void check_words(const struct verdict *v, const struct record *r)
{
	assert_true(v->summary[0]);
	assert_true(v->evidence_len > 0);
	if (r->reason_name)
		assert_non_null(strstr(v->evidence[0], r->reason_name));
}

/* An active reset comes from one of the functions on its stack, and the site is its name. */
static void check_site(const struct verdict *v, const struct record *r)
{
	if (has(r, HAVE_SEGMENT) || r->e.direction != DIRECTION_SENT || !v->site || !r->stack_len)
		return;
	for (unsigned i = 0; i < r->stack_len; i++)
		if (frame_is(r->stack[i], v->site))
			return;
	fail_msg("the site %s is not on the stack", v->site);
}

/* Without texts and hints the same is found. */
static void check_cause_alone(const struct verdict *v, const struct record *r)
{
	struct verdict alone;

	memset(&alone, 0xa5, sizeof(alone));
	judge_cause(r, &alone);
	assert_ptr_equal(alone.cause, v->cause);
	assert_ptr_equal(alone.who, v->who);
	assert_string_equal(alone.name, v->name);
	assert_int_equal(alone.confidence, v->confidence);
	assert_string_equal(alone.summary, "");
	assert_int_equal(alone.evidence_len, 0);
	assert_int_equal(alone.hints_len, 0);
}

static void test_one(void **state)
{
	const struct one *one = *state;
	struct record r = record_of_one(one);
	struct verdict v;

	memset(&v, 0xa5, sizeof(v)); /* nothing may be taken over from before */
	judge(&r, &v);
	check_cause(&v, one->expected);
	check_who(&v, one->expected);
	check_rest(&v, one->row, one->way->without_stack);
	check_words(&v, &r);
	check_site(&v, &r);
	check_cause_alone(&v, &r);
}

/* "silent for -1e+03 ms": a duration that is not known was written as if it were. */
static bool has_negative_duration(const char *text)
{
	return strstr(text, " -1");
}

static void test_unknown_times(void **state)
{
	const struct one *one = *state;
	struct record r = record_of_one(one);
	struct verdict v;

	r.hz = 0;
	r.e.life.born_ns = 0; /* before the tracer */
	judge(&r, &v);
	if (has_negative_duration(v.summary))
		fail_msg("%s", v.summary);
	for (unsigned i = 0; i < v.evidence_len; i++)
		if (has_negative_duration(v.evidence[i]))
			fail_msg("%s", v.evidence[i]);
}

/* Calls `fn` for each row in each way that something is expected of; returns how many. */
static size_t for_each(void (*fn)(struct one *one, void *context), void *context)
{
	size_t n = 0;

	for (size_t t = 0; t < LENGTH(tables); t++)
		for (const struct row *row = tables[t]; row->name; row++)
			for (size_t w = 0; w < LENGTH(ways); w++) {
				struct one one = {
					.row = row,
					.way = &ways[w],
					.expected = expected_of(row, &ways[w]),
				};

				if (!one.expected->cause)
					continue;
				n++;
				fn(&one, context);
			}
	return n;
}

static void ignore(struct one *one, void *context)
{
}

struct list {
	struct one *ones;
	size_t len;
};

static void append(struct one *one, void *context)
{
	struct list *list = context;

	snprintf(one->name, sizeof(one->name), "%s [%s]", one->row->name, one->way->name);
	list->ones[list->len++] = *one;
}

static int run(const char *group, const struct list *list, CMUnitTestFunction fn)
{
	struct CMUnitTest *tests = calloc(list->len, sizeof(*tests));
	int failed;

	for (size_t i = 0; tests && i < list->len; i++)
		tests[i] = (struct CMUnitTest){
			.name = list->ones[i].name,
			.test_func = fn,
			.initial_state = &list->ones[i],
		};
	failed = tests ? _cmocka_run_group_tests(group, tests, list->len, NULL, NULL) : 1;
	free(tests);
	return failed;
}

int main(void)
{
	struct list list = {0};
	int failed;

	list.ones = calloc(for_each(ignore, NULL), sizeof(*list.ones));
	if (!list.ones)
		return 1;
	for_each(append, &list);
	failed = run("judge", &list, test_one);
	failed += run("judge, times not known", &list, test_unknown_times);
	free(list.ones);
	return failed != 0;
}
