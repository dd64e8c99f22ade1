// SPDX-License-Identifier: GPL-2.0
/* What earlier records say about a record: sequences of them. */
#include "history.h"

#include <string.h>

#include "facts.h"
#include "given.h"
#include "thresholds.h"
#include "unit.h"

#define MS 1000000ULL
#define SECOND 1000000000ULL
#define SYN                                                                  \
	{                                                                    \
		.kind = ANSWER, .reason = REASON_NO_SOCKET, .flags = TCP_SYN \
	}
#define DATA                                                                               \
	{                                                                                  \
		.kind = ANSWER, .reason = REASON_NO_SOCKET, .flags = TCP_ACK, .length = 10 \
	}

/* record_of() says that a connection has received so much, when there is a socket. */
#define RCV_NXT 700000

static struct history *h;

static int set_up(void **state)
{
	h = history_new();
	return h ? 0 : -1;
}

static int tear_down(void **state)
{
	history_free(h);
	return 0;
}

/* `after` the start; `change` is what differs from a record of `given`. */
static struct history_facts add(const struct given *given, uint64_t after, uint16_t local_port)
{
	struct record r = record_of(given);

	r.e.time_ns = NOW_NS + after;
	r.e.flow.local_port = local_port;
	memset(&r.history, 0xa5, sizeof(r.history));
	history_add(h, &r);
	return r.history;
}

static struct history_facts add_of(const struct given *given, uint64_t after, unsigned peer)
{
	struct record r = record_of(given);

	r.e.time_ns = NOW_NS + after;
	memcpy(r.e.flow.peer + 12, &peer, sizeof(peer));
	history_add(h, &r);
	return r.history;
}

static void check_nothing(const struct history_facts *f)
{
	static const struct history_facts nothing;

	assert_memory_equal(f, &nothing, sizeof(nothing));
}

static const struct given syn = SYN;
static const struct given data = DATA;

/* Of no use to any hint. */
static void test_nothing(void **state)
{
	struct given active = {.kind = ACTIVE, .state = STATE_ESTABLISHED};
	struct given silent = {.kind = SILENT, .state = STATE_CLOSE};

	for (int i = 0; i < 20; i++) {
		struct history_facts f = add(&active, i * SECOND, 80);

		check_nothing(&f);
		f = add(&silent, i * SECOND, 80);
		check_nothing(&f);
	}
}

static void test_ports(void **state)
{
	struct given stray = {.kind = RECEIVED,
			      .state = STATE_LISTEN,
			      .flags = TCP_RST,
			      .drop_reason = "TCP_RESET"};
	struct given half_open = {.kind = RECEIVED, .state = STATE_NEW_SYN_RECV, .flags = TCP_RST};
	struct history_facts f;

	for (unsigned i = 1; i < SCAN_PORTS; i++) {
		f = add(&syn, i * MS, 1000 + i);
		assert_int_equal(f.closed_ports, i);
		f = add(&syn, i * MS, 1000 + i); /* the same again */
		assert_int_equal(f.closed_ports, i);
	}
	f = add(&half_open, SECOND, 80);
	assert_int_equal(f.closed_ports, SCAN_PORTS - 1);
	assert_int_equal(f.half_open_ports, 1);
	f = add(&half_open, SECOND, 80);
	assert_int_equal(f.half_open_ports, 1);
	/* A reset that finds nothing but the listener. */
	f = add(&stray, SECOND, 81);
	assert_int_equal(f.closed_ports + f.half_open_ports, 0);
	/* A segment that is no SYN is no scan of closed ports, and counts none. */
	f = add(&data, SECOND, 4000);
	assert_int_equal(f.closed_ports + f.half_open_ports, 0);
}

static void test_many_ports(void **state)
{
	struct history_facts f;

	for (unsigned i = 0; i < 5000; i++)
		f = add(&syn, i * MS, 1000 + i);
	assert_in_range(f.closed_ports, SCAN_PORTS, UINT8_MAX);
}

static void test_ports_of_others(void **state)
{
	struct history_facts f;

	for (unsigned i = 0; i < 100; i++)
		f = add_of(&syn, i, i);
	assert_int_equal(f.closed_ports, 1);
}

/* The inode of a namespace that has gone is a new one's, at once. */
static void test_ports_of_an_earlier_namespace(void **state)
{
	struct history_facts f;

	for (unsigned i = 0; i < 100; i++) {
		struct record r = record_of(&syn);

		r.e.time_ns = NOW_NS + i * MS;
		r.e.flow.local_port = 1000 + i;
		r.e.netns_cookie = 1 + i / 5;
		history_add(h, &r);
		f = r.history;
	}
	assert_int_equal(f.closed_ports, 5);
}

static void test_slow_ports(void **state)
{
	struct history_facts f;

	for (unsigned i = 0; i < 100; i++)
		f = add(&syn, i * 6 * SECOND, 1000 + i);
	assert_int_equal(f.closed_ports, 10); /* within a minute */
}

static void test_ttl(void **state)
{
	struct given one = DATA, two = DATA;
	struct given reset = {.kind = RECEIVED,
			      .state = STATE_ESTABLISHED,
			      .flags = TCP_RST,
			      .ttl = 120};
	struct history_facts f;

	one.ttl = 50;
	two.ttl = 52;
	assert_false(add(&reset, 0, 80).ttl_known); /* nor does a reset tell it */
	assert_false(add(&one, 3 * SECOND, 81).ttl_known);
	f = add(&two, 3 * SECOND, 82);
	assert_true(f.ttl_known);
	assert_int_equal(f.ttl_low, 50);
	assert_int_equal(f.ttl_high, 50);
	f = add(&reset, 4 * SECOND, 83);
	assert_true(f.ttl_known);
	assert_int_equal(f.ttl_low, 50);
	assert_int_equal(f.ttl_high, 52);
	assert_false(add_of(&reset, 4 * SECOND, 7).ttl_known); /* another peer */
	assert_false(add(&reset, 4 * SECOND + FORGERY_TTL_MEMORY_NS, 84).ttl_known);
}

static struct history_facts reset_at(uint64_t after, uint32_t seq)
{
	struct given reset = {.kind = RECEIVED,
			      .flags = TCP_RST,
			      .seq = seq,
			      .drop_reason = "NO_SOCKET"};

	return add(&reset, after, 80);
}

/* The first one is obeyed; whether its header is seen must not matter. */
static struct history_facts obeyed_at(uint64_t after, bool visible)
{
	struct given reset = {.kind = RECEIVED, .state = STATE_ESTABLISHED};

	if (visible) {
		reset.flags = TCP_RST;
		reset.seq = RCV_NXT;
		reset.ttl = 120;
	}
	return add(&reset, after, 80);
}

static void test_shift(void **state)
{
	struct history_facts f = obeyed_at(0, false);

	assert_int_equal(f.resets_before, 0);
	assert_false(f.seq_shifted);
	f = reset_at(10 * MS, RCV_NXT + FORGERY_SEQ_SLACK);
	assert_int_equal(f.resets_before, 1);
	assert_false(f.seq_shifted);
	f = reset_at(20 * MS, RCV_NXT + 1460);
	assert_int_equal(f.resets_before, 2);
	assert_true(f.seq_shifted);
	/* A new story. */
	f = reset_at(20 * MS + FORGERY_WINDOW_NS, RCV_NXT + 4380);
	assert_int_equal(f.resets_before, 0);
	assert_false(f.seq_shifted);
}

/* A stack answers each ACK of ours at that ACK's number: never beyond what we had received. */
static void test_replies_do_not_shift(void **state)
{
	obeyed_at(0, true);
	assert_false(reset_at(MS, RCV_NXT - 3000).seq_shifted);
	assert_false(reset_at(2 * MS, RCV_NXT - 1000).seq_shifted);
	assert_false(reset_at(3 * MS, RCV_NXT).seq_shifted);
}

/* In CLOSE_WAIT, or without a socket, it is not known what numbers are right. */
static void test_no_shift_without_socket(void **state)
{
	struct given closing = {.kind = RECEIVED, .state = STATE_CLOSE_WAIT};

	reset_at(0, RCV_NXT);
	assert_false(reset_at(MS, RCV_NXT + 1460).seq_shifted);
	add(&closing, 10 * SECOND, 80);
	assert_false(reset_at(10 * SECOND + MS, RCV_NXT + 1460).seq_shifted);
}

static struct history_facts data_at(uint64_t after, uint32_t seq)
{
	struct given late = DATA;

	late.seq = seq;
	return add(&late, after, 80);
}

static void test_talk(void **state)
{
	struct history_facts f;

	assert_false(data_at(0, RCV_NXT).peer_talks);
	obeyed_at(SECOND, true);
	f = data_at(SECOND + 200 * MS, RCV_NXT);
	assert_true(f.peer_talks);
	assert_int_equal(f.resets_before, 1);
	assert_true(f.reset.visible);
	assert_int_equal(f.reset.ttl, 120);
	assert_true(f.reset.time_ns == NOW_NS + SECOND);
	assert_false(data_at(SECOND + FORGERY_WINDOW_NS, RCV_NXT).peer_talks);
}

static void test_talk_after_shift(void **state)
{
	struct history_facts f;

	obeyed_at(0, false);
	reset_at(MS, RCV_NXT + 1460);
	f = data_at(2 * MS, RCV_NXT);
	assert_true(f.peer_talks);
	assert_true(f.seq_shifted);
	assert_int_equal(f.resets_before, 2);
}

/* With a listener on the port the segment finds that, and no connection. */
static void test_talk_to_listener(void **state)
{
	struct given late = {.kind = ANSWER,
			     .state = STATE_LISTEN,
			     .reason = REASON_TCP_FLAGS,
			     .flags = TCP_ACK,
			     .length = 10,
			     .seq = RCV_NXT};
	struct given alive = late;

	alive.state = STATE_SYN_RECV;
	obeyed_at(0, true);
	assert_true(add(&late, MS, 80).peer_talks);
	assert_false(add(&alive, MS, 80).peer_talks);
}

/* Overtaken by the reset, on another connection, or a new one. */
static void test_no_talk(void **state)
{
	struct given again = SYN;

	obeyed_at(0, true);
	assert_false(data_at(MS, RCV_NXT - 100).peer_talks);
	assert_false(add(&data, MS, 81).peer_talks);
	again.seq = RCV_NXT + 5;
	assert_false(add(&again, MS, 80).peer_talks);
}

/* Its sender is on this host: it is no forgery. */
static void test_no_talk_of_pair(void **state)
{
	struct given reset = {.kind = RECEIVED, .state = STATE_ESTABLISHED, .paired = true};

	add(&reset, 0, 80);
	assert_false(data_at(MS, RCV_NXT).peer_talks);
	assert_false(reset_at(MS, RCV_NXT + 1460).seq_shifted);
}

static const struct given visit = {.kind = RECEIVED, .state = STATE_ESTABLISHED};

static void test_visits(void **state)
{
	/* Two late ones in a row differ by more than each is late. */
	static const int jitter_ms[] = {0, 40, -10, 20, 0, 30, -20, 10};
	struct history_facts f;

	for (unsigned i = 0; i < LENGTH(jitter_ms); i++) {
		f = add(&visit, (100 + i) * 2 * SECOND + jitter_ms[i] * (int64_t)MS, 80);
		assert_int_equal(f.visits, i + 1);
	}
	assert_true(f.period_s > 1.98 && f.period_s < 2.02);
	/* Another port, or a client that came too late. */
	assert_int_equal(add(&visit, 216 * SECOND, 81).visits, 1);
	assert_int_equal(add(&visit, 219 * SECOND, 80).visits, 2);
	assert_int_equal(add(&visit, 221 * SECOND, 80).visits, 2);
}

static void test_irregular_visits(void **state)
{
	static const unsigned at_ms[] = {0, 2000, 5000, 6000, 10000, 10100, 10200, 10300, 13000};

	for (unsigned i = 0; i < LENGTH(at_ms); i++)
		assert_in_range(add(&visit, at_ms[i] * MS, 80).visits, 1, 2);
}

/* As fast as it can is no schedule. */
static void test_fast_visits(void **state)
{
	for (unsigned i = 0; i < 20; i++)
		assert_int_equal(add(&visit, i * 100 * MS, 80).visits, 1);
}

/* The peer's FIN is no data, though the kernel counts it as a byte. */
static void test_visits_with_fin(void **state)
{
	struct given closed = {.kind = RECEIVED,
			       .state = STATE_CLOSE_WAIT,
			       .bits = SOCK_BIT_DONE,
			       .bytes_received = 1};

	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(add(&closed, (300 + i) * SECOND, 82).visits, i + 1);
	closed.bytes_received = 2;
	assert_int_equal(add(&closed, 308 * SECOND, 82).visits, 0);
}

static void test_no_visits(void **state)
{
	struct given talked = visit, asked = visit, opened = visit;

	talked.bytes_sent = 1;
	asked.bytes_received = 1;
	opened.knows = KNOWS(OPENER);
	for (unsigned i = 0; i < 8; i++) {
		assert_int_equal(add(&talked, i * SECOND, 80).visits, 0);
		assert_int_equal(add(&asked, i * SECOND, 80).visits, 0);
		assert_int_equal(add(&opened, i * SECOND, 80).visits, 0);
		assert_int_equal(add(&syn, i * SECOND, 80).visits, 0);
	}
}

/* More peers than there is room for: the one seen all the time is not forgotten. */
static void test_bounded(void **state)
{
	struct history_facts f;

	for (unsigned i = 0; i < 20000; i++) {
		add_of(&syn, i * MS, 1000 + i);
		f = add(&syn, i * MS, 1000 + i % 10);
		assert_in_range(f.closed_ports, i < 10 ? i + 1 : 10, 10);
	}
}

/* Records of several CPUs come in nearly the order of time. */
static void test_time_goes_back(void **state)
{
	struct history_facts f;

	add(&syn, SECOND, 1);
	f = add(&syn, SECOND - 5 * MS, 2);
	assert_int_equal(f.closed_ports, 2);
	obeyed_at(SECOND, true);
	assert_true(data_at(SECOND - MS, RCV_NXT).peer_talks);
	add(&visit, SECOND, 90);
	assert_int_equal(add(&visit, SECOND - MS, 90).visits, 1);
}

/* A replay of the same records says the same. */
static void test_replay(void **state)
{
	struct history_facts live[50], f;

	for (int round = 0; round < 2; round++) {
		for (unsigned i = 0; i < LENGTH(live); i++) {
			f = i % 3 ? add(&syn, i * MS, i) : obeyed_at(i * MS, true);
			if (round)
				assert_memory_equal(&live[i], &f, sizeof(f));
			live[i] = f;
		}
		history_free(h);
		h = history_new();
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_nothing),
		TEST(test_ports),
		TEST(test_many_ports),
		TEST(test_ports_of_others),
		TEST(test_ports_of_an_earlier_namespace),
		TEST(test_slow_ports),
		TEST(test_ttl),
		TEST(test_shift),
		TEST(test_replies_do_not_shift),
		TEST(test_no_shift_without_socket),
		TEST(test_talk),
		TEST(test_talk_after_shift),
		TEST(test_talk_to_listener),
		TEST(test_no_talk),
		TEST(test_no_talk_of_pair),
		TEST(test_visits),
		TEST(test_visits_with_fin),
		TEST(test_irregular_visits),
		TEST(test_fast_visits),
		TEST(test_no_visits),
		TEST(test_bounded),
		TEST(test_time_goes_back),
		TEST(test_replay),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
