// SPDX-License-Identifier: GPL-2.0
/* What `top` knows: exact counts, views, filters, pause. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "causes.h"
#include "facts.h"
#include "given.h"
#include "model.h"
#include "unit.h"

#define SECOND 1000000000ULL
#define START (1700000000 * SECOND)
#define ROOM (1 << 20)

static const struct given closed_port = {.kind = ANSWER,
					 .reason = REASON_NO_SOCKET,
					 .flags = TCP_SYN};
static const struct given unread = {
	.kind = ACTIVE,
	.state = STATE_CLOSE,
	.was = STATE_ESTABLISHED,
	.reason = REASON_TCP_ABORT_ON_CLOSE,
	.unread = 904,
	.bits = SOCK_BIT_SOCKET | SOCK_BIT_OWNED,
	.knows = KNOWS(RUNNER),
};

/* A model, and how far its time has come. */
struct world {
	struct model *model;
	unsigned seconds, events;
	__u64 counts[COUNT_MAX];
	struct filter_words filter;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	w->model = model_new(ROOM, START, SECOND);
	*state = w;
	return w->model ? 0 : -1;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	model_free(w->model);
	free(w);
	return 0;
}

static struct kind kind_of(const struct given *g)
{
	struct record r = record_of(g);

	return (struct kind){.direction = r.e.direction,
			     .state = r.e.state,
			     .reason = g->reason,
			     .trigger = g->kind == ANSWER ? TRIGGER_SYN : TRIGGER_NONE};
}

/* Shown, `port` of the peer. */
static void put(struct world *w, const struct given *g, unsigned port)
{
	struct record r = record_of(g);
	struct verdict v = {.cause = NULL};

	r.e.kind = kind_of(g);
	r.e.flow.peer_port = port;
	r.time_ns = START + ++w->events;
	snprintf(r.id, sizeof(r.id), "%016x", w->events);
	judge(&r, &v);
	model_put(w->model, &r, &v);
	w->counts[count_of(r.e.direction)]++;
}

/* `shown` and `suppressed` ones so far of this kind, as BPF has them. */
static void take(struct world *w, const struct given *g, unsigned shown, unsigned suppressed,
		 unsigned lost)
{
	struct kind kind = kind_of(g);
	struct kind_counts counts = {.counted = shown + suppressed + lost,
				     .suppressed = suppressed,
				     .lost = lost};

	model_take_kind(w->model, &kind, &counts, START + w->events);
	w->counts[COUNT_SENT] = shown + suppressed + lost;
	w->counts[COUNT_SUPPRESSED] = suppressed;
	w->counts[COUNT_LOST] = lost;
}

static void tick(struct world *w)
{
	w->seconds++;
	model_tick(w->model, w->counts, START + w->seconds * SECOND, (1 + w->seconds) * SECOND);
}

static struct row row(const struct world *w, unsigned view, const char *key)
{
	const struct face *f = model_face(w->model);

	for (unsigned i = 0; i < f->tables[view].len; i++)
		if (!strcmp(f->tables[view].rows[i].key, key))
			return f->tables[view].rows[i];
	return (struct row){.total = 0};
}

static uint64_t sum(const struct world *w, unsigned view)
{
	const struct face *f = model_face(w->model);
	uint64_t n = 0;

	for (unsigned i = 0; i < f->tables[view].len; i++)
		n += f->tables[view].rows[i].total;
	return n;
}

static void filter(struct world *w, const char *words)
{
	char error[OPTIONS_ERROR_LEN];

	assert_true(filter_words_parse(&w->filter, words, error));
	model_filter(w->model, &w->filter, (1 + w->seconds) * SECOND);
}

static void test_views(void **state)
{
	struct world *w = *state;

	put(w, &closed_port, 1000);
	put(w, &closed_port, 1001);
	put(w, &unread, 1002);
	tick(w);
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 2);
	assert_int_equal(row(w, VIEW_CAUSE, "close-unread-data").count[DIRECTION_SENT], 1);
	assert_int_equal(row(w, VIEW_PROCESS, "runner").total, 1);
	assert_int_equal(row(w, VIEW_PROCESS, NOT_KNOWN).total, 2);
	assert_int_equal(row(w, VIEW_PEER, "10.0.0.2").total, 3);
	assert_int_equal(row(w, VIEW_PORT, "80").total, 3);
	assert_int_equal(row(w, VIEW_NETNS, "4026531840").total, 3);
	for (unsigned i = 0; i < VIEWS; i++)
		assert_int_equal(sum(w, i), 3);
	assert_int_equal(model_face(w->model)->sum, 3);
	assert_int_equal(model_face(w->model)->shown, 3);
}

/* What was only counted has its cause in the one view, and a row of its own in the others. */
static void test_only_counted(void **state)
{
	struct world *w = *state;

	put(w, &closed_port, 1000);
	take(w, &closed_port, 1, 99, 7);
	tick(w);
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 107);
	assert_true(row(w, VIEW_CAUSE, "port-closed").rate == 107);
	assert_int_equal(row(w, VIEW_PEER, "10.0.0.2").total, 1);
	assert_int_equal(row(w, VIEW_PEER, ONLY_COUNTED).total, 106);
	for (unsigned i = 0; i < VIEWS; i++)
		assert_int_equal(sum(w, i), 107);
	assert_int_equal(model_face(w->model)->counted[DIRECTION_SENT], 107);
	take(w, &closed_port, 1, 99, 7);
	tick(w);
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 107);
}

/* What the kernel skipped may be of other namespaces, and no reset at all: the sum is without it. */
static void test_skipped(void **state)
{
	struct world *w = *state;
	const struct face *f = model_face(w->model);

	put(w, &closed_port, 1000);
	take(w, &closed_port, 1, 2, 3);
	w->counts[COUNT_MISSED] = 287;
	w->counts[COUNT_LOST] += 287;
	tick(w);
	assert_int_equal(f->lost, 3);
	assert_int_equal(f->skipped, 287);
	assert_int_equal(f->counted[DIRECTION_SENT],
			 f->shown + f->filtered + f->suppressed + f->lost);
}

static void test_list(void **state)
{
	struct world *w = *state;
	struct brief *list;
	size_t len;

	put(w, &closed_port, 1000);
	put(w, &unread, 1001);
	put(w, &closed_port, 1002);
	list = model_list(w->model, VIEW_CAUSE, "port-closed", &len);
	assert_int_equal(len, 2);
	assert_int_equal(list[0].flow.peer_port, 1002); /* the latest first */
	assert_int_equal(list[1].flow.peer_port, 1000);
	free(list);
	list = model_list(w->model, VIEW_PROCESS, "runner", &len);
	assert_int_equal(len, 1);
	free(list);
	list = model_list(w->model, VIEW_CAUSE, NULL, &len);
	assert_int_equal(len, 3);
	free(list);
}

/* An event comes back from its line as it was. */
static void test_read(void **state)
{
	struct world *w = *state;
	const struct kept *kept;
	char error[READ_ERROR_LEN];
	struct record r;
	struct verdict v = {.cause = NULL};

	put(w, &unread, 1000);
	kept = model_find(w->model, "0000000000000001");
	assert_non_null(kept);
	assert_true(model_read(w->model, kept, &r, &v, error));
	assert_string_equal(v.cause->id, "close-unread-data");
	assert_int_equal(unread_bytes(&r), 904);
	assert_null(model_find(w->model, "none"));
}

static void test_filter(void **state)
{
	struct world *w = *state;

	put(w, &closed_port, 1000);
	put(w, &closed_port, 1001);
	put(w, &unread, 1001);
	tick(w);
	filter(w, "--peer-port=1001");
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 1);
	assert_int_equal(sum(w, VIEW_PROCESS), 2);
	put(w, &unread, 1001);
	put(w, &unread, 1000);
	tick(w);
	assert_int_equal(row(w, VIEW_CAUSE, "close-unread-data").total, 2);
	filter(w, "comm=runner");
	assert_int_equal(sum(w, VIEW_CAUSE), 3);
	model_filter(w->model, NULL, (1 + w->seconds) * SECOND);
	assert_int_equal(sum(w, VIEW_CAUSE), 5);
}

/* Of what was only counted a filter by cause is decided, one by address is not. */
static void test_filter_only_counted(void **state)
{
	struct world *w = *state;

	put(w, &closed_port, 1000);
	take(w, &closed_port, 1, 99, 0);
	tick(w);
	filter(w, "--cause=port-closed");
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 100);
	filter(w, "--received");
	assert_int_equal(sum(w, VIEW_CAUSE), 0);
	filter(w, "--port=80");
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 1);
	assert_int_equal(row(w, VIEW_CAUSE, ONLY_COUNTED).total, 99);
	take(w, &closed_port, 1, 199, 0);
	tick(w);
	assert_int_equal(row(w, VIEW_CAUSE, ONLY_COUNTED).total, 199);
}

static void test_pause(void **state)
{
	struct world *w = *state;
	struct brief *list;
	size_t len;

	put(w, &closed_port, 1000);
	tick(w);
	model_pause(w->model, true);
	put(w, &closed_port, 1001);
	tick(w);
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 1);
	assert_int_equal(model_face(w->model)->counted[DIRECTION_SENT], 1);
	list = model_list(w->model, VIEW_CAUSE, NULL, &len);
	assert_int_equal(len, 1);
	free(list);
	model_pause(w->model, false);
	tick(w);
	assert_int_equal(row(w, VIEW_CAUSE, "port-closed").total, 2);
}

static void check_refused(const char *words, const char *why)
{
	static struct filter_words f;
	char error[OPTIONS_ERROR_LEN];

	assert_false(filter_words_parse(&f, words, error));
	if (!strstr(error, why))
		fail_msg("'%s' is refused with '%s'", words, error);
}

/* It does not end the program, as the command line would. */
static void test_bad_filters(void **state)
{
	check_refused("nginx", "'nginx' is no filter");
	check_refused("--port=99999", "--port=99999: not a number");
	check_refused("--port", "--port needs a value");
	check_refused("--sent=1", "--sent takes no value");
	check_refused("--cause=x", "no cause 'x'");
	check_refused("--sent --received", "exclude each other");
	check_refused("--format=json", "is no filter");
	check_refused("\033[2J", "'?[2J' is no filter");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_views, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_only_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_skipped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_filter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_filter_only_counted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_pause, set_up, tear_down),
		cmocka_unit_test(test_bad_filters),
	};

	return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
