// SPDX-License-Identifier: GPL-2.0
/* Arithmetic on raw facts. */
#include <string.h>

#include "facts.h"
#include "given.h"
#include "unit.h"

static struct record with_sock(struct sock_facts sock)
{
	return (struct record){
		.e = {.have = HAVE_SOCK,
		      .state = STATE_ESTABLISHED,
		      .jiffies = NOW_JIFFIES,
		      .time_ns = NOW_NS,
		      .sock = sock},
		.hz = HZ,
	};
}

static uint32_t unread(uint32_t copied_seq, uint32_t rcv_nxt, uint32_t bits)
{
	struct record r = with_sock(
		(struct sock_facts){.copied_seq = copied_seq, .rcv_nxt = rcv_nxt, .bits = bits});

	return unread_bytes(&r);
}

static void test_unread(void **state)
{
	assert_int_equal(unread(1000, 1000, 0), 0);
	assert_int_equal(unread(1000, 1904, 0), 904);
	/* Sequence numbers wrap around. */
	assert_int_equal(unread(0xfffffff0, 0x10, 0), 0x20);
	assert_int_equal(unread(0xffffffff, 0, 0), 1);
}

static void test_unread_with_fin(void **state)
{
	assert_int_equal(unread(1000, 1006, SOCK_BIT_DONE), 5);
	/* Only the FIN is unread: no data. */
	assert_int_equal(unread(1000, 1001, SOCK_BIT_DONE), 0);
	/* The application has read the FIN as well: the end of file. */
	assert_int_equal(unread(1001, 1001, SOCK_BIT_DONE), 0);
	assert_int_equal(unread(0xfffffffe, 3, SOCK_BIT_DONE), 4);
}

static void test_unread_of_no_socket(void **state)
{
	struct record r = with_sock((struct sock_facts){.rcv_nxt = 5});

	r.e.have = 0;
	assert_int_equal(unread_bytes(&r), 0);
}

static void test_payload(void **state)
{
	struct record r = with_sock(
		(struct sock_facts){.bytes_received = 905, .bytes_sent = 40, .bytes_retrans = 30});

	assert_int_equal(payload_received(&r), 905);
	assert_int_equal(payload_sent(&r), 10);
	r.e.sock.bits = SOCK_BIT_DONE;
	assert_int_equal(payload_received(&r), 904);
	/* A FIN alone; one of a recording that has no counts; repetitions of what a SYN carried. */
	r.e.sock.bytes_received = 1;
	assert_int_equal(payload_received(&r), 0);
	r.e.sock.bytes_received = 0;
	assert_int_equal(payload_received(&r), 0);
	r.e.sock.bytes_retrans = 50;
	assert_int_equal(payload_sent(&r), 0);
}

static void test_unacked_and_unsent(void **state)
{
	struct record r = with_sock((struct sock_facts){.snd_una = 0xffffff00,
							.snd_nxt = 0x00000100,
							.write_seq = 0x00000180});

	assert_int_equal(unacked_bytes(&r), 0x200);
	assert_int_equal(unsent_bytes(&r), 0x80);
	r = with_sock((struct sock_facts){.snd_una = 7, .snd_nxt = 7, .write_seq = 7});
	assert_int_equal(unacked_bytes(&r), 0);
	assert_int_equal(unsent_bytes(&r), 0);
}

static void test_jiffies(void **state)
{
	struct record r = with_sock((struct sock_facts){.rcv_nxt = 0});

	assert_true(jiffies_to_seconds(&r, 250) == 1.0);
	assert_true(jiffies_to_seconds(&r, 0) == 0.0);
	assert_true(seconds_since(&r, (uint32_t)NOW_JIFFIES - 500) == 2.0);
	assert_true(seconds_since(&r, 0) < 0); /* never stamped */
	r.hz = 0;
	assert_true(jiffies_to_seconds(&r, 250) < 0);
	assert_true(seconds_since(&r, 5) < 0);
}

/* 32 bits of jiffies wrap around five minutes after boot, on purpose, and then every 50 days. */
static void test_jiffies_wrap(void **state)
{
	struct record r = with_sock((struct sock_facts){.rcv_nxt = 0});

	r.e.jiffies = 0x100000000ULL + 100;
	assert_true(seconds_since(&r, 0xffffffff - 149) == 1.0);
}

static void test_seconds_between(void **state)
{
	assert_true(seconds_between(1000000000, 3500000000) == 2.5);
	assert_true(seconds_between(5, 5) == 0.0);
	assert_true(seconds_between(0, 5) < 0); /* not known */
	assert_true(seconds_between(6, 5) < 0);
}

static uint32_t ago(unsigned seconds)
{
	return (uint32_t)NOW_JIFFIES - seconds * HZ;
}

static void test_idle(void **state)
{
	struct record r = with_sock((struct sock_facts){.lsnd_jiffies = ago(20),
							.lrcv_jiffies = ago(15),
							.rcv_jiffies = ago(12)});

	assert_true(idle_seconds(&r) == 15.0);
	r.e.sock.lsnd_jiffies = ago(3);
	assert_true(idle_seconds(&r) == 3.0);
	r.e.sock.lrcv_jiffies = 0;
	assert_true(idle_seconds(&r) == 3.0);
	r.e.sock.lsnd_jiffies = 0;
	assert_true(idle_seconds(&r) < 0);
	r.e.have = 0;
	r.e.sock.lsnd_jiffies = ago(3);
	assert_true(idle_seconds(&r) < 0);
}

static void test_silence(void **state)
{
	struct record r = with_sock((struct sock_facts){.lsnd_jiffies = ago(1),
							.lrcv_jiffies = ago(15),
							.rcv_jiffies = ago(12)});

	assert_true(silence_seconds(&r) == 12.0);
	r.e.sock.rcv_jiffies = ago(16);
	assert_true(silence_seconds(&r) == 15.0);
	r.e.have = 0;
	assert_true(silence_seconds(&r) < 0);
}

static void test_age(void **state)
{
	struct record r = with_sock((struct sock_facts){.rcv_nxt = 0});

	r.e.life.born_ns = NOW_NS - 1200000000;
	assert_true(age_seconds(&r) < 0); /* whose life is not known */
	r.e.have |= HAVE_LIFE;
	assert_true(age_seconds(&r) == 1.2);
	r.e.life.born_ns = 0;
	assert_true(age_seconds(&r) < 0);
}

static void test_state_before(void **state)
{
	struct record r = with_sock((struct sock_facts){.rcv_nxt = 0});

	assert_int_equal(state_before(&r), STATE_ESTABLISHED);
	r.e.state = STATE_CLOSE;
	r.e.life.last_state = STATE_FIN_WAIT1;
	assert_int_equal(state_before(&r), STATE_UNKNOWN);
	r.e.have |= HAVE_ENDED; /* another socket's life */
	assert_int_equal(state_before(&r), STATE_UNKNOWN);
	r.e.have |= HAVE_LIFE;
	assert_int_equal(state_before(&r), STATE_FIN_WAIT1);
	r.e.state = STATE_LISTEN;
	assert_int_equal(state_before(&r), STATE_LISTEN);
}

static void test_have(void **state)
{
	struct record r = with_sock((struct sock_facts){.bits = SOCK_BIT_DEAD | SOCK_BIT_DONE});

	assert_true(has(&r, HAVE_SOCK));
	assert_false(has(&r, HAVE_SOCK | HAVE_SEGMENT));
	assert_true(sock_is(&r, SOCK_BIT_DEAD | SOCK_BIT_DONE));
	assert_false(sock_is(&r, SOCK_BIT_DEAD | SOCK_BIT_LINGER));
	r.e.have = 0;
	assert_false(sock_is(&r, SOCK_BIT_DEAD));
}

static void test_is_ipv4(void **state)
{
	struct flow v4 = {.peer = {[10] = 0xff, 0xff, 10, 0, 0, 2}};
	struct flow v6 = {.peer = {0xfe, 0x80, [15] = 1}};
	struct flow compatible = {.peer = {[12] = 10, 0, 0, 2}}; /* ::10.0.0.2 is not mapped */

	assert_true(is_ipv4(&v4));
	assert_false(is_ipv4(&v6));
	assert_false(is_ipv4(&compatible));
}

/* A segment with these options; `fill` stands in what is left of the array. */
static bool timestamp_in(const char *options, size_t len, uint8_t fill, uint32_t *tsval,
			 uint32_t *tsecr)
{
	struct record r = {.e = {.have = HAVE_SEGMENT}};

	memset(r.e.segment.options, fill, sizeof(r.e.segment.options));
	memcpy(r.e.segment.options, options, len);
	r.e.segment.options_len = len;
	return segment_timestamp(&r, tsval, tsecr);
}

#define TIMESTAMP "\10\12\1\2\3\4\5\6\7\10"
#define IN(options) options, sizeof(options) - 1

static void check_timestamp(const char *options, size_t len)
{
	uint32_t tsval = 0, tsecr = 0;

	assert_true(timestamp_in(options, len, 0xff, &tsval, &tsecr));
	assert_int_equal(tsval, 0x01020304);
	assert_int_equal(tsecr, 0x05060708);
}

static void test_timestamp(void **state)
{
	check_timestamp(IN(TIMESTAMP));
	check_timestamp(IN("\1\1" TIMESTAMP));
	/* A SYN of Linux: MSS, SACK permitted, timestamps, NOP, window scale. */
	check_timestamp(IN("\2\4\5\264\4\2" TIMESTAMP "\1\3\3\7"));
	/* The last of 40 bytes. */
	check_timestamp(IN("\376\36............................" TIMESTAMP));
}

static void check_no_timestamp(const char *options, size_t len)
{
	uint32_t tsval = 42, tsecr = 43;

	/* Whatever lies behind the options must not matter. */
	assert_false(timestamp_in(options, len, 10, &tsval, &tsecr));
	assert_false(timestamp_in(options, len, 1, &tsval, &tsecr));
	assert_false(timestamp_in(options, len, 0, &tsval, &tsecr));
	assert_int_equal(tsval, 42);
	assert_int_equal(tsecr, 43);
}

static void test_no_timestamp(void **state)
{
	check_no_timestamp(IN(""));
	check_no_timestamp(IN("\2\4\5\264"));
	check_no_timestamp(IN("\1\1\1\1"));
	check_no_timestamp(IN("\0" TIMESTAMP)); /* behind the end of the list */
}

static void test_hostile_options(void **state)
{
	check_no_timestamp(IN("\10\0\1\2\3\4\5\6\7\10")); /* length 0: would never end */
	check_no_timestamp(IN("\376\0" TIMESTAMP));
	check_no_timestamp(IN("\10")); /* no length */
	check_no_timestamp(IN("\10\12")); /* cut off */
	check_no_timestamp(IN("\1\10\12\1\2\3\4\5\6\7"));
	check_no_timestamp(IN("\10\13\1\2\3\4\5\6\7\10\11")); /* a wrong length */
	check_no_timestamp(IN("\376\377" TIMESTAMP)); /* past the end */
	check_no_timestamp(IN("\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
			      "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\10"));
}

/* A length counts kind and length itself: less than 2 is nonsense, and the kernel stops there. */
static void test_option_of_length_1(void **state)
{
	check_no_timestamp(IN("\376\1" TIMESTAMP));
}

static void test_frames(void **state)
{
	static const char *const names[] = {"inet_child_forget", "tcp_abort", NULL};
	static const char *const none[] = {"tcp_close", NULL};
	struct record r = {
		.stack = {"tcp_send_active_reset", "tcp_abort.part.0", "inet_child_forget"},
		.stack_len = 3,
	};

	/* The innermost of them decides, not the first of the list. */
	assert_string_equal(decisive_frame(&r, names), "tcp_abort");
	assert_null(decisive_frame(&r, none));
	r.stack_len = 1;
	assert_null(decisive_frame(&r, names));
}

static void test_frame_names(void **state)
{
	assert_true(frame_is("tcp_reset", "tcp_reset"));
	assert_true(frame_is("tcp_reset.part.0", "tcp_reset"));
	assert_true(frame_is("tcp_keepalive_timer.cold", "tcp_keepalive_timer"));
	assert_true(frame_is("tcp_v4_send_reset.llvm.123", "tcp_v4_send_reset"));
	assert_false(frame_is("tcp_reset_check", "tcp_reset"));
	assert_false(frame_is("tcp", "tcp_reset"));
}

int main(void)
{
	const struct CMUnitTest facts[] = {
		cmocka_unit_test(test_unread),
		cmocka_unit_test(test_unread_with_fin),
		cmocka_unit_test(test_unread_of_no_socket),
		cmocka_unit_test(test_payload),
		cmocka_unit_test(test_unacked_and_unsent),
		cmocka_unit_test(test_jiffies),
		cmocka_unit_test(test_jiffies_wrap),
		cmocka_unit_test(test_seconds_between),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_age),
		cmocka_unit_test(test_state_before),
		cmocka_unit_test(test_have),
		cmocka_unit_test(test_is_ipv4),
		cmocka_unit_test(test_timestamp),
		cmocka_unit_test(test_no_timestamp),
		cmocka_unit_test(test_hostile_options),
		cmocka_unit_test(test_option_of_length_1),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_frame_names),
	};

	return cmocka_run_group_tests(facts, NULL, NULL);
}
