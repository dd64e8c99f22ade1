// SPDX-License-Identifier: GPL-2.0
/*
 * Facts that make no sense: whatever BPF may send, or a replayed file may hold, is judged and
 * written without harm. The sanitizers see what no assertion can. The numbers are always the same.
 */
#include <string.h>

#include "causes.h"
#include "community_id.h"
#include "facts.h"
#include "shown.h"
#include "unit.h"

#define ROUNDS 20000

static uint64_t seed = 88172645463325252ULL;

/* xorshift64: Marsaglia, Journal of Statistical Software 8 (14), 2003. */
static uint64_t next(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void fill(void *to, size_t len)
{
	for (uint8_t *p = to; len--; p++)
		*p = next() >> 32;
}

/* Names come from tables of ours, so they are strings; everything else may be anything. */
static void give_names(struct record *r)
{
	static const char *const frames[] = {
		"tcp_send_active_reset", "__tcp_close",
		"mptcp_worker",          "inet_child_forget",
		"tcp_abort.part.0",      "tcp_keepalive_timer",
		"inet_csk_listen_stop",  "x",
	};
	static const char *const drops[] = {NULL, "NOT_SPECIFIED", "TCP_RESET", "NO_SOCKET"};
	static const char *const locations[] = {NULL, "tcp_v4_rcv", "tcp_validate_incoming", "x"};

	r->stack_len = next() % 4;
	for (unsigned i = 0; i < r->stack_len; i++)
		r->stack[i] = frames[next() % LENGTH(frames)];
	r->reason = next() % 2 ? REASON_NONE : next() % REASON_MAX;
	r->reason_name = r->reason ? "A_REASON" : NULL;
	r->drop_reason = drops[next() % LENGTH(drops)];
	r->location = locations[next() % LENGTH(locations)];
	strcpy(r->id, "0123456789abcdef");
	strcpy(r->pair, next() % 2 ? "fedcba9876543210" : "");
	strcpy(r->cgroup, "/a");
}

static void give_history(struct history_facts *h)
{
	fill(h, sizeof(*h));
	h->ttl_known = next() % 2;
	h->seq_shifted = next() % 2;
	h->peer_talks = next() % 2;
	h->reset.seq_known = next() % 2;
	h->reset.visible = next() % 2;
}

/* Most of the bits say nothing of interest when all are random: states and groups are likely. */
static struct record nonsense(void)
{
	struct record r;

	memset(&r, 0, sizeof(r));
	fill(&r.e, sizeof(r.e));
	r.e.direction = next() % DIRECTION_MAX;
	r.e.state = next() % 20;
	r.e.segment.options_len = next() % (OPTIONS_LEN + 1);
	if (next() % 2)
		r.e.segment.options[0] = next() % 10;
	if (next() % 2)
		give_history(&r.history);
	r.time_ns = next();
	r.hz = next() % 2 ? 250 : 0;
	fill(&r.owner, sizeof(r.owner));
	give_names(&r);
	community_id(&r.e.flow, r.community_id);
	return r;
}

static void check_harmless(const char *text)
{
	for (const char *p = text; *p; p++)
		assert_true(*p == '\n' || (*p & 0xe0) != 0);
}

static void test_nonsense(void **state)
{
	const struct style style = {.evidence = true, .stack = true};
	static char text[SHOWN_LEN];
	struct out *out = shown_new();

	for (int i = 0; i < ROUNDS; i++) {
		struct record r = nonsense();
		struct verdict v;

		judge(&r, &v);
		assert_non_null(v.cause);
		assert_true(v.summary[0]);
		json_put(out, &style, &r, &v);
		assert_true(is_json_line(shown(out, text)));
		text_put(out, &style, &r, &v);
		check_harmless(shown(out, text));
	}
	shown_free(out);
}

/* Judging is a function of the record alone. */
static void test_pure(void **state)
{
	for (int i = 0; i < ROUNDS / 10; i++) {
		struct record r = nonsense(), before = r;
		struct verdict first, second;

		judge(&r, &first);
		judge(&r, &second);
		assert_memory_equal(&r, &before, sizeof(r));
		assert_ptr_equal(first.cause, second.cause);
		assert_string_equal(first.summary, second.summary);
		assert_int_equal(first.evidence_len, second.evidence_len);
	}
}

int main(void)
{
	const struct CMUnitTest random_facts[] = {
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_pure),
	};

	return cmocka_run_group_tests(random_facts, NULL, NULL);
}
