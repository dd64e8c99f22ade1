// SPDX-License-Identifier: GPL-2.0
/*
 * The JSON format: the whole line for one record of each shape. The verdicts are made by hand, so
 * that the words of the catalogue may change. A new key changes these lines, and nothing else here.
 */
#include <errno.h>
#include <string.h>

#include "given.h"
#include "hints.h"
#include "shown.h"
#include "unit.h"

static struct out *out;
static char line[SHOWN_LEN];

static int set_up(void **state)
{
	out = shown_new();
	return out ? 0 : -1;
}

static int tear_down(void **state)
{
	shown_free(out);
	return 0;
}

static const char *json(const struct record *r, const struct verdict *v)
{
	const struct style style = {.evidence = true};

	json_put(out, &style, r, v);
	shown(out, line);
	assert_true(is_json_line(line));
	return line;
}

static const struct cause cause = {.id = "some-cause"};
static const struct hint hint = {.id = "some-hint"}, other_hint = {.id = "other-hint"};
static const struct task nginx = {.pid = 812, .comm = "nginx", .exit_signal = 9};

/* 2026-11-20T12:00:00.123456789Z */
#define WALL_CLOCK 1795176000123456789ULL

static struct verdict verdict(void)
{
	struct verdict v = {.cause = &cause, .confidence = CERTAIN};

	verdict_summary(&v, "a summary");
	return v;
}

static struct record sent(void)
{
	struct record r = record_of(&(struct given){
		.state = STATE_CLOSE,
		.was = STATE_CLOSE_WAIT,
		.reason = REASON_TCP_ABORT_ON_CLOSE,
		.unread = 904,
		.bits = SOCK_BIT_SOCKET | SOCK_BIT_LINGER | SOCK_BIT_KEEPOPEN,
		.linger_jiffies = HZ / 2,
		.user_timeout_ms = 1500,
		.bytes_sent = 7,
		.bytes_acked = 8,
		.retransmits = 2,
		.probes_out = 3,
		.stack = {"tcp_send_active_reset", "__tcp_close"},
		.paired = true,
	});

	r.time_ns = WALL_CLOCK;
	r.e.hook = HOOK_SEND_RESET_TP;
	r.e.sock.bytes_received = 5000;
	r.e.sock.srtt_us8 = 210 << 3;
	r.e.sock.rto_jiffies = HZ / 5;
	r.e.sock.cookie = 18446744073709551615ULL;
	strcpy(r.id, "00000000deadbeef");
	strcpy(r.cgroup, "/system.slice/nginx.service");
	strcpy(r.container.unit, "nginx.service");
	r.executable_pid = nginx.pid;
	strcpy(r.executable, "/usr/sbin/nginx");
	strcpy(r.community_id, "1:bMZQU6Dqx1UG4GidjumoIU51/eY=");
	return r;
}

static void test_sent(void **state)
{
	struct record r = sent();
	struct verdict v = verdict();

	v.site = "__tcp_close";
	v.error = ECONNRESET;
	v.state = STATE_CLOSE_WAIT;
	v.who = &nginx;
	v.role = ROLE_CLOSER;
	verdict_evidence(&v, "one");
	verdict_evidence(&v, "two");
	verdict_hint(&v, &hint, "a hint");
	verdict_hint(&v, &other_hint, "another");
	assert_string_equal(
		json(&r, &v),
		"{\"time\":\"2026-11-20T12:00:00.123456789Z\","
		"\"event\":{\"name\":\"tcp.reset\",\"id\":\"00000000deadbeef\"},"
		"\"reset\":{\"direction\":\"sent\",\"cause\":\"some-cause\","
		"\"confidence\":\"certain\",\"summary\":\"a summary\","
		"\"evidence\":[\"one\",\"two\"],"
		"\"hints\":[{\"id\":\"some-hint\",\"text\":\"a hint\"},"
		"{\"id\":\"other-hint\",\"text\":\"another\"}],"
		"\"kernel_reason\":\"TCP_ABORT_ON_CLOSE\",\"errno\":\"ECONNRESET\","
		"\"site\":\"__tcp_close\",\"hook\":\"raw_tp/tcp_send_reset\","
		"\"pair\":\"0123456789abcdef\"},"
		"\"network\":{\"transport\":\"tcp\",\"type\":\"ipv4\","
		"\"io\":{\"direction\":\"transmit\"},"
		"\"local\":{\"address\":\"10.0.0.1\",\"port\":80},"
		"\"peer\":{\"address\":\"10.0.0.2\",\"port\":41234},"
		"\"connection\":{\"state\":\"close_wait\"},"
		"\"community_id\":\"1:bMZQU6Dqx1UG4GidjumoIU51/eY=\"},"
		"\"socket\":{\"unread\":904,\"unacked\":0,\"unsent\":0,\"bytes_received\":5000,"
		"\"bytes_acked\":8,\"bytes_sent\":7,\"age\":10,\"idle\":15,\"retransmits\":2,"
		"\"probes\":3,\"srtt\":0.00021,\"rto\":0.2,\"linger\":0.5,"
		"\"keepalive\":{\"idle\":60,\"interval\":5,\"count\":9},\"user_timeout\":1.5,"
		"\"backlog\":null,\"cookie\":18446744073709551615,\"uid\":33},"
		"\"process\":{\"pid\":812,"
		"\"executable\":{\"name\":\"nginx\",\"path\":\"/usr/sbin/nginx\"},"
		"\"role\":\"closer\",\"exit_signal\":9},"
		"\"linux\":{\"netns\":4026531840,\"cgroup\":\"/system.slice/nginx.service\","
		"\"unit\":\"nginx.service\"},"
		"\"stack\":{\"kernel\":[\"tcp_send_active_reset\",\"__tcp_close\"]},"
		"\"facts\":{\"have\":153,\"ns\":1000000000000,\"sk\":1,\"state\":7,\"family\":2,"
		"\"sock\":{\"jiffies\":4295142296,\"hz\":250,\"bits\":28,\"rcv_nxt\":700000,"
		"\"copied_seq\":699096,\"snd_una\":900000,\"srtt_us8\":1680,\"rto\":50,"
		"\"lsndtime\":170000,\"lrcvtime\":171250,\"rcv_tstamp\":172000,"
		"\"user_timeout\":1500,\"linger\":125,\"keepalive_time\":15000,"
		"\"keepalive_intvl\":1250,\"keepalive_probes\":9,"
		"\"syn_retries\":0,\"retries2\":0},"
		"\"life\":{\"born_ns\":990000000000,\"ended_ns\":1000000000000,\"last_state\":8},"
		"\"task\":[100,\"runner\"]}}\n");
}

/* No socket, nobody known, no stack: whole objects are missing. */
static void test_answer_without_socket(void **state)
{
	struct record r = record_of(&(struct given){.kind = ANSWER,
						    .flags = 2,
						    .seq = 4294967295u,
						    .window = 64240,
						    .timestamp = true});
	struct verdict v = verdict();

	r.time_ns = WALL_CLOCK;
	r.e.hook = HOOK_V4_SEND_RESET_FENTRY;
	r.e.segment.ip_id = 258;
	v.confidence = POSSIBLE;
	assert_string_equal(json(&r, &v),
			    "{\"time\":\"2026-11-20T12:00:00.123456789Z\","
			    "\"event\":{\"name\":\"tcp.reset\",\"id\":\"\"},"
			    "\"reset\":{\"direction\":\"sent\",\"cause\":\"some-cause\","
			    "\"confidence\":\"possible\",\"summary\":\"a summary\","
			    "\"evidence\":[],\"hints\":[],\"hook\":\"fentry/tcp_v4_send_reset\"},"
			    "\"network\":{\"transport\":\"tcp\",\"type\":\"ipv4\","
			    "\"io\":{\"direction\":\"transmit\"},"
			    "\"local\":{\"address\":\"10.0.0.1\",\"port\":80},"
			    "\"peer\":{\"address\":\"10.0.0.2\",\"port\":41234}},"
			    "\"segment\":{\"role\":\"trigger\",\"flags\":\"S\",\"seq\":4294967295,"
			    "\"ack\":0,"
			    "\"window\":64240,\"ttl\":64,\"ip_id\":258,\"length\":0,"
			    "\"options\":\"0101080a0000000100000002\"},"
			    "\"linux\":{\"netns\":4026531840},"
			    "\"facts\":{\"have\":12,\"ns\":1000000000000,\"conntrack\":1,"
			    "\"task\":[100,\"runner\"]}}\n");
}

static void test_received_at_listener_ipv6(void **state)
{
	struct record r = record_of(&(struct given){.kind = RECEIVED,
						    .state = STATE_LISTEN,
						    .flags = 20,
						    .backlog = 3,
						    .max_backlog = 128,
						    .drop_reason = "TCP_RESET",
						    .location = "tcp_v6_rcv"});
	struct verdict v = verdict();

	r.time_ns = WALL_CLOCK;
	r.e.hook = HOOK_KFREE_SKB_TP;
	r.e.flow = (struct flow){.local = {0xfe, 0x80, [15] = 1},
				 .local_port = 80,
				 .peer = {0xfe, 0x80, [15] = 2},
				 .peer_port = 65535};
	v.state = STATE_LISTEN;
	v.site = r.location;
	v.confidence = LIKELY;
	assert_string_equal(
		json(&r, &v),
		"{\"time\":\"2026-11-20T12:00:00.123456789Z\","
		"\"event\":{\"name\":\"tcp.reset\",\"id\":\"\"},"
		"\"reset\":{\"direction\":\"received\",\"cause\":\"some-cause\","
		"\"confidence\":\"likely\",\"summary\":\"a summary\","
		"\"evidence\":[],\"hints\":[],\"drop_reason\":\"TCP_RESET\","
		"\"site\":\"tcp_v6_rcv\",\"hook\":\"raw_tp/kfree_skb\"},"
		"\"network\":{\"transport\":\"tcp\",\"type\":\"ipv6\","
		"\"io\":{\"direction\":\"receive\"},"
		"\"local\":{\"address\":\"fe80::1\",\"port\":80},"
		"\"peer\":{\"address\":\"fe80::2\",\"port\":65535},"
		"\"connection\":{\"state\":\"listen\"}},"
		"\"socket\":{\"bytes_received\":0,\"bytes_acked\":0,\"bytes_sent\":0,\"idle\":15,"
		"\"retransmits\":0,\"probes\":0,\"rto\":0,\"linger\":null,\"keepalive\":null,"
		"\"user_timeout\":0,\"backlog\":{\"length\":3,\"max\":128},\"uid\":33},"
		"\"segment\":{\"role\":\"reset\",\"flags\":\"RA\",\"seq\":0,\"ack\":0,"
		"\"window\":0,\"ttl\":64,\"length\":0,\"options\":\"\"},"
		"\"facts\":{\"have\":269,\"ns\":1000000000000,\"sk\":1,\"state\":10,\"family\":2,"
		"\"conntrack\":1,\"sock\":{\"jiffies\":4295142296,\"hz\":250,\"rcv_nxt\":700000,"
		"\"copied_seq\":700000,\"snd_una\":900000,\"snd_nxt\":900000,"
		"\"write_seq\":900000,\"lsndtime\":170000,\"lrcvtime\":171250,"
		"\"rcv_tstamp\":172000,\"keepalive_time\":15000,\"keepalive_intvl\":1250,"
		"\"keepalive_probes\":9,\"backlog\":3,\"max_backlog\":128,"
		"\"syn_retries\":0,\"retries2\":0},"
		"\"task\":[100,\"runner\"],\"location\":\"tcp_v6_rcv\"}}\n");
}

/* A listener has no data of its own: there is nothing to have been idle. */
static void test_listener_is_not_idle(void **state)
{
	struct record r = record_of(&(struct given){.kind = ANSWER, .state = STATE_LISTEN});
	struct verdict v = verdict();

	r.e.sock.lsnd_jiffies = 0;
	r.e.sock.lrcv_jiffies = 0;
	assert_null(strstr(json(&r, &v), "\"idle\""));
}

static void test_silent(void **state)
{
	struct record r = record_of(
		&(struct given){.kind = SILENT, .state = STATE_ESTABLISHED, .err = ETIMEDOUT});
	struct verdict v = verdict();

	v.error = ETIMEDOUT;
	json(&r, &v);
	assert_non_null(strstr(line, "\"reset\":{\"direction\":\"none\""));
	assert_non_null(strstr(line, "\"errno\":\"ETIMEDOUT\""));
	assert_null(strstr(line, "\"io\":"));
	assert_null(strstr(line, "\"segment\":"));
}

/* A rate of jiffies that is not known makes no durations, rather than wrong ones. */
static void test_no_hz(void **state)
{
	struct record r = sent();
	struct verdict v = verdict();

	r.hz = 0;
	json(&r, &v);
	*strstr(line, "\"facts\":") = '\0'; /* what is raw stays */
	assert_null(strstr(line, "\"idle\""));
	assert_null(strstr(line, "\"rto\""));
	assert_null(strstr(line, "\"linger\""));
	assert_null(strstr(line, "\"keepalive\""));
	assert_non_null(strstr(line, "\"srtt\":0.00021"));
}

/* Two records in a row do not know of each other. */
static void test_two_lines(void **state)
{
	struct record r = record_of(&(struct given){.kind = ANSWER});
	struct verdict v = verdict();
	char first[SHOWN_LEN];
	size_t len;

	strcpy(first, json(&r, &v));
	len = strlen(first);
	json_put(out, &(struct style){.colour = true}, &r, &v);
	json_put(out, &(struct style){.stack = true}, &r, &v);
	shown(out, line);
	assert_int_equal(strlen(line), 2 * len);
	assert_memory_equal(line, first, len);
	assert_memory_equal(line + len, first, len);
}

static void test_durations(void **state)
{
	struct record r = sent();
	struct verdict v = verdict();

	r.e.life.born_ns = NOW_NS - 1; /* less than a microsecond */
	assert_non_null(strstr(json(&r, &v), "\"age\":0,"));
	r.e.life.born_ns = NOW_NS - 1234567890;
	assert_non_null(strstr(json(&r, &v), "\"age\":1.234568,"));
	r.e.life.born_ns = NOW_NS - 1999999900; /* rounded up to the next second */
	assert_non_null(strstr(json(&r, &v), "\"age\":2,"));
	r.e.life.born_ns = NOW_NS - 3000050000;
	assert_non_null(strstr(json(&r, &v), "\"age\":3.00005,"));
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void test_container(void **state)
{
	struct record r = sent();
	struct verdict v = verdict();

	strcpy(r.container.id, ID);
	assert_non_null(strstr(json(&r, &v), ",\"container\":{\"id\":\"" ID "\"},\"linux\":"));
	strcpy(r.container.runtime, "cri-o");
	strcpy(r.container.pod, "1a2b3c4d-0000-4111-8222-93a4b5c6d7e8");
	assert_non_null(strstr(json(&r, &v),
			       ",\"container\":{\"id\":\"" ID "\","
			       "\"runtime\":{\"name\":\"cri-o\"}},"
			       "\"k8s\":{\"pod\":{\"uid\":"
			       "\"1a2b3c4d-0000-4111-8222-93a4b5c6d7e8\"}},\"linux\":"));
}

/* Of this host or of a recorded one: a string of somebody else. */
static void test_host(void **state)
{
	struct record r = sent();
	struct verdict v = verdict();

	assert_null(strstr(json(&r, &v), "\"host\""));
	r.host = "node-7";
	assert_non_null(strstr(json(&r, &v), "},\"host\":{\"name\":\"node-7\"},\"reset\":{"));
	r.host = "a\"\x1b\xff";
	assert_non_null(strstr(json(&r, &v), "{\"name\":\"a\\\"\\u001b\\ufffd\"}"));
	r.host = "";
	assert_null(strstr(json(&r, &v), "\"host\""));
}

/* Two people: who acted, and who holds the socket. */
static void test_killer_and_owner(void **state)
{
	struct record r =
		record_of(&(struct given){.state = STATE_ESTABLISHED, .knows = KNOWS(OWNER)});
	struct verdict v = verdict();
	const struct task ss = {.pid = 900, .comm = "ss"};

	v.who = &ss;
	v.role = ROLE_KILLER;
	/* The program of somebody else. */
	r.executable_pid = person_pid(OWNER);
	strcpy(r.executable, "/usr/bin/owner");
	assert_non_null(strstr(json(&r, &v),
			       ",\"process\":{\"pid\":900,\"executable\":{\"name\":\"ss\"},"
			       "\"role\":\"killer\",\"exit_signal\":null},"
			       "\"owner\":{\"pid\":200,\"executable\":{\"name\":\"owner\"},"
			       "\"role\":\"owner\"},\"linux\":"));
	r.e.state = STATE_LISTEN;
	assert_non_null(strstr(json(&r, &v), "\"role\":\"listener\"},\"linux\":"));
	/* The owner himself, nobody who acted, no owner. */
	v.who = &r.owner;
	assert_null(strstr(json(&r, &v), "\"owner\":{"));
	assert_non_null(strstr(line, "{\"name\":\"owner\",\"path\":\"/usr/bin/owner\"}"));
	v.who = NULL;
	assert_null(strstr(json(&r, &v), "\"owner\":{"));
	v.who = &ss;
	r.owner.pid = 0;
	assert_null(strstr(json(&r, &v), "\"owner\":{"));
}

static void check_string(const char *bytes, size_t len, const char *expected)
{
	json_string(out, bytes, len);
	out_char(out, '\n');
	shown(out, line);
	assert_true(is_json_line(line));
	line[strlen(line) - 1] = '\0';
	assert_string_equal(line, expected);
}

#define BYTES(s) s, sizeof(s) - 1

static void test_plain_strings(void **state)
{
	check_string(BYTES(""), "\"\"");
	check_string(BYTES("nginx: worker"), "\"nginx: worker\"");
	check_string(BYTES("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
	check_string("not all of it", 3, "\"not\"");
}

static void test_control_characters(void **state)
{
	check_string(BYTES("a\nb\tc\033[31m"), "\"a\\u000ab\\u0009c\\u001b[31m\"");
	check_string(BYTES("\342\200\256gpj.exe\330\234"), "\"\\u202egpj.exe\\u061c\"");
	check_string(BYTES("\0\001\037\177"), "\"\\u0000\\u0001\\u001f\\u007f\"");
	check_string(BYTES("\302\200\302\2332J\302\237"), "\"\\u0080\\u009b2J\\u009f\"");
}

static void test_utf8(void **state)
{
	check_string(BYTES("gr\303\274n"), "\"gr\303\274n\"");
	check_string(BYTES("\342\202\254"), "\"\342\202\254\"");
	check_string(BYTES("\360\237\220\247"), "\"\360\237\220\247\"");
	/* The largest and the smallest of each length. */
	check_string(BYTES("\302\240\337\277"), "\"\302\240\337\277\"");
	check_string(BYTES("\340\240\200\357\277\277"), "\"\340\240\200\357\277\277\"");
	check_string(BYTES("\360\220\200\200\364\217\277\277"),
		     "\"\360\220\200\200\364\217\277\277\"");
}

#define BAD "\\ufffd"

static void test_invalid_utf8(void **state)
{
	check_string(BYTES("\377"), "\"" BAD "\"");
	check_string(BYTES("\200a"), "\"" BAD "a\""); /* continues nothing */
	check_string(BYTES("\300\257"), "\"" BAD BAD "\""); /* overlong '/' */
	check_string(BYTES("\340\200\257"), "\"" BAD BAD BAD "\"");
	check_string(BYTES("\355\240\200"), "\"" BAD BAD BAD "\""); /* a surrogate */
	check_string(BYTES("\364\220\200\200"), "\"" BAD BAD BAD BAD "\""); /* past U+10FFFF */
	check_string(BYTES("\303\""), "\"" BAD "\\\"\""); /* must not swallow the quote */
}

static void test_cut_utf8(void **state)
{
	check_string(BYTES("a\303"), "\"a" BAD "\"");
	check_string(BYTES("\342\202"), "\"" BAD BAD "\"");
	/* What lies behind the end must not complete it. */
	check_string("\303\274", 1, "\"" BAD "\"");
}

static void test_comm(void **state)
{
	struct task task = {.pid = 1};
	struct record r = record_of(&(struct given){.kind = ANSWER});
	struct verdict v = verdict();

	v.who = &task;
	v.role = ROLE_OWNER;
	memcpy(task.comm, "0123456789abcdef", 16); /* no NUL */
	assert_non_null(strstr(json(&r, &v), "{\"name\":\"0123456789abcdef\"}"));
	memcpy(task.comm, "evil\"}\n\033[2J\377", 12);
	assert_non_null(
		strstr(json(&r, &v), "{\"name\":\"evil\\\"}\\u000a\\u001b[2J" BAD "cdef\"}"));
	memcpy(task.comm, "a\0b", 3);
	assert_non_null(strstr(json(&r, &v), "{\"name\":\"a\"}"));
	assert_non_null(strstr(line, "\"exit_signal\":null"));
}

/* Of the checker itself: it must be able to say no. */
static void test_the_checker(void **state)
{
	assert_true(is_json_line("{\"a\":[1,-2.5,{}],\"b\":null}\n"));
	assert_false(is_json_line("{\"a\":1}"));
	assert_false(is_json_line("{\"a\":1}}\n"));
	assert_false(is_json_line("{\"a\":1,}\n"));
	assert_false(is_json_line("{\"a\" 1}\n"));
	assert_false(is_json_line("{\"a\":01}\n"));
	assert_false(is_json_line("{\"a\":1.}\n"));
	assert_false(is_json_line("{\"a\":\"\033\"}\n"));
	assert_false(is_json_line("{\"a\":\"\\x\"}\n"));
	assert_false(is_json_line("}\n"));
	assert_false(is_json_line("\n"));
}

#define JSON_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		JSON_TEST(test_sent),
		JSON_TEST(test_answer_without_socket),
		JSON_TEST(test_received_at_listener_ipv6),
		JSON_TEST(test_listener_is_not_idle),
		JSON_TEST(test_silent),
		JSON_TEST(test_no_hz),
		JSON_TEST(test_two_lines),
		JSON_TEST(test_durations),
		JSON_TEST(test_container),
		JSON_TEST(test_host),
		JSON_TEST(test_killer_and_owner),
		JSON_TEST(test_plain_strings),
		JSON_TEST(test_control_characters),
		JSON_TEST(test_utf8),
		JSON_TEST(test_invalid_utf8),
		JSON_TEST(test_cut_utf8),
		JSON_TEST(test_comm),
		JSON_TEST(test_the_checker),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
