// SPDX-License-Identifier: GPL-2.0
/* The ECS format: the whole line for one record of each shape. */
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

static const char *ecs(const struct record *r, const struct verdict *v)
{
	const struct style style = {.evidence = true};

	ecs_put(out, &style, r, v);
	shown(out, line);
	assert_true(is_json_line(line));
	return line;
}

static const struct cause cause = {.id = "some-cause", .title = "what happened"};
static const struct hint hint = {.id = "some-hint"};
static const struct task nginx = {.pid = 812, .comm = "nginx", .exit_signal = 9};

/* 2026-11-20T12:00:00.123456789Z */
#define WALL_CLOCK 1795176000123456789ULL
#define OBSERVER \
	"\"observer\":{\"product\":\"rstwhy\",\"type\":\"sensor\",\"version\":\"" VERSION "\"},"

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
		.bits = SOCK_BIT_SOCKET,
		.bytes_sent = 7,
		.stack = {"tcp_send_active_reset", "__tcp_close"},
		.paired = true,
	});

	r.time_ns = WALL_CLOCK;
	r.e.hook = HOOK_SEND_RESET_TP;
	r.e.sock.bytes_received = 5000;
	strcpy(r.id, "00000000deadbeef");
	strcpy(r.cgroup, "/system.slice/nginx.service");
	strcpy(r.container.unit, "nginx.service");
	strcpy(r.container.id, "0123456789abcdef");
	strcpy(r.container.runtime, "cri-o");
	strcpy(r.container.pod, "1a2b3c4d-0000-4111-8222-93a4b5c6d7e8");
	r.executable_pid = nginx.pid;
	strcpy(r.executable, "/usr/sbin/nginx");
	strcpy(r.community_id, "1:bMZQU6Dqx1UG4GidjumoIU51/eY=");
	return r;
}

/* This host sent it: it is the source. */
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
	verdict_hint(&v, &hint, "a hint");
	assert_string_equal(
		ecs(&r, &v),
		"{\"@timestamp\":\"2026-11-20T12:00:00.123456789Z\",\"message\":"
		"\"TCP reset sent from 10.0.0.1:80 to 10.0.0.2:41234: some-cause: a summary\","
		"\"ecs\":{\"version\":\"8.11.0\"},\"log\":{\"level\":\"notice\"},"
		"\"event\":{\"kind\":\"event\",\"category\":[\"network\"],"
		"\"type\":[\"connection\",\"end\"],\"action\":\"tcp-reset-sent\","
		"\"reason\":\"what happened\",\"code\":\"TCP_ABORT_ON_CLOSE\",\"severity\":5,"
		"\"id\":\"00000000deadbeef\",\"duration\":10000000000,\"module\":\"rstwhy\","
		"\"dataset\":\"rstwhy.reset\"},\"error\":{\"code\":\"ECONNRESET\"},"
		"\"network\":{\"transport\":\"tcp\",\"type\":\"ipv4\",\"iana_number\":\"6\","
		"\"direction\":\"egress\","
		"\"community_id\":\"1:bMZQU6Dqx1UG4GidjumoIU51/eY=\",\"bytes\":5007},"
		"\"source\":{\"address\":\"10.0.0.1\",\"ip\":\"10.0.0.1\",\"port\":80,"
		"\"bytes\":7},"
		"\"destination\":{\"address\":\"10.0.0.2\",\"ip\":\"10.0.0.2\",\"port\":41234,"
		"\"bytes\":5000},"
		"\"related\":{\"ip\":[\"10.0.0.1\",\"10.0.0.2\"]},"
		"\"process\":{\"pid\":812,\"name\":\"nginx\","
		"\"executable\":\"/usr/sbin/nginx\"},\"user\":{\"id\":\"33\"},"
		"\"container\":{\"id\":\"0123456789abcdef\",\"runtime\":\"cri-o\"},"
		"\"orchestrator\":{\"type\":\"kubernetes\",\"resource\":{\"type\":\"pod\","
		"\"id\":\"1a2b3c4d-0000-4111-8222-93a4b5c6d7e8\"}}," OBSERVER
		"\"rstwhy\":{\"direction\":\"sent\",\"cause\":\"some-cause\","
		"\"confidence\":\"certain\",\"evidence\":[\"one\"],"
		"\"hints\":[{\"id\":\"some-hint\",\"text\":\"a hint\"}],"
		"\"state\":\"close_wait\",\"kernel_reason\":\"TCP_ABORT_ON_CLOSE\","
		"\"site\":\"__tcp_close\",\"hook\":\"raw_tp/tcp_send_reset\","
		"\"pair\":\"0123456789abcdef\",\"role\":\"closer\",\"exit_signal\":9,"
		"\"netns\":4026531840,\"cgroup\":\"/system.slice/nginx.service\","
		"\"unit\":\"nginx.service\","
		"\"stack\":[\"tcp_send_active_reset\",\"__tcp_close\"],"
		"\"socket\":{\"unread\":904,\"unacked\":0,\"unsent\":0,\"age\":10,\"idle\":15,"
		"\"retransmits\":0,\"probes\":0,\"linger\":null,\"keepalive\":null,"
		"\"user_timeout\":0,\"backlog\":null}}}\n");
}

/* The peer sent it: the peer is the source. It was not obeyed: nothing ended. */
static void test_received_and_ignored(void **state)
{
	struct record r = record_of(&(struct given){.kind = RECEIVED,
						    .flags = 20,
						    .window = 512,
						    .drop_reason = "TCP_RESET",
						    .location = "tcp_v6_rcv"});
	static const struct cause ignored = {.id = "reset-ignored", .title = "not obeyed"};
	struct verdict v = verdict();

	r.time_ns = WALL_CLOCK;
	r.e.hook = HOOK_KFREE_SKB_TP;
	r.e.flow = (struct flow){.local = {0xfe, 0x80, [15] = 1},
				 .local_port = 80,
				 .peer = {0xfe, 0x80, [15] = 2},
				 .peer_port = 65535};
	v.cause = &ignored;
	v.site = r.location;
	assert_string_equal(
		ecs(&r, &v),
		"{\"@timestamp\":\"2026-11-20T12:00:00.123456789Z\",\"message\":"
		"\"TCP reset received from [fe80::2]:65535 at [fe80::1]:80: reset-ignored: a summary\","
		"\"ecs\":{\"version\":\"8.11.0\"},\"log\":{\"level\":\"debug\"},"
		"\"event\":{\"kind\":\"event\",\"category\":[\"network\"],"
		"\"type\":[\"connection\",\"info\"],\"action\":\"tcp-reset-received\","
		"\"reason\":\"not obeyed\",\"code\":\"TCP_RESET\",\"severity\":7,\"id\":\"\","
		"\"module\":\"rstwhy\",\"dataset\":\"rstwhy.reset\"},"
		"\"network\":{\"transport\":\"tcp\",\"type\":\"ipv6\",\"iana_number\":\"6\","
		"\"direction\":\"ingress\"},"
		"\"source\":{\"address\":\"fe80::2\",\"ip\":\"fe80::2\",\"port\":65535},"
		"\"destination\":{\"address\":\"fe80::1\",\"ip\":\"fe80::1\",\"port\":80},"
		"\"related\":{\"ip\":[\"fe80::1\",\"fe80::2\"]}," OBSERVER
		"\"rstwhy\":{\"direction\":\"received\",\"cause\":\"reset-ignored\","
		"\"confidence\":\"certain\",\"evidence\":[],\"hints\":[],"
		"\"drop_reason\":\"TCP_RESET\",\"site\":\"tcp_v6_rcv\","
		"\"hook\":\"raw_tp/kfree_skb\","
		"\"segment\":{\"role\":\"reset\",\"flags\":\"RA\",\"seq\":0,\"ack\":0,"
		"\"window\":512,\"ttl\":64,\"length\":0}}}\n");
}

static void test_suppressed(void **state)
{
	struct record r = {.suppressed = 7, .time_ns = WALL_CLOCK};
	struct verdict v = verdict();

	r.e.direction = DIRECTION_SENT;
	assert_string_equal(
		ecs(&r, &v),
		"{\"@timestamp\":\"2026-11-20T12:00:00.123456789Z\",\"message\":"
		"\"TCP resets sent: some-cause: a summary\","
		"\"ecs\":{\"version\":\"8.11.0\"},\"log\":{\"level\":\"info\"},"
		"\"event\":{\"kind\":\"event\",\"category\":[\"network\"],"
		"\"type\":[\"connection\",\"end\"],\"action\":\"tcp-reset-sent\","
		"\"reason\":\"what happened\",\"severity\":6,\"module\":\"rstwhy\","
		"\"dataset\":\"rstwhy.reset\"},"
		"\"network\":{\"transport\":\"tcp\",\"type\":\"ipv4\",\"iana_number\":\"6\","
		"\"direction\":\"egress\"}," OBSERVER
		"\"rstwhy\":{\"direction\":\"sent\",\"cause\":\"some-cause\","
		"\"confidence\":\"certain\",\"suppressed\":7,\"evidence\":[],\"hints\":[]}}\n");
}

/* No reset was on the wire. */
static void test_death(void **state)
{
	struct record r = record_of(
		&(struct given){.kind = SILENT, .state = STATE_ESTABLISHED, .err = ETIMEDOUT});
	struct verdict v = verdict();

	ecs(&r, &v);
	assert_non_null(strstr(line, "\"action\":\"tcp-death\""));
	assert_non_null(strstr(line, "\"source\":{\"address\":\"10.0.0.1\""));
	assert_null(strstr(line, "egress"));
	assert_null(strstr(line, "ingress"));
}

/* A listener has sent and received nothing; one address is one address. */
static void test_listener(void **state)
{
	struct record r = record_of(&(struct given){.kind = ANSWER, .state = STATE_LISTEN});
	struct verdict v = verdict();

	memcpy(r.e.flow.peer, r.e.flow.local, sizeof(r.e.flow.peer));
	ecs(&r, &v);
	assert_null(strstr(line, "bytes"));
	assert_non_null(strstr(line, "\"related\":{\"ip\":[\"10.0.0.1\"]}"));
}

static void test_killer_and_owner(void **state)
{
	struct record r =
		record_of(&(struct given){.state = STATE_ESTABLISHED, .knows = KNOWS(OWNER)});
	struct verdict v = verdict();
	const struct task ss = {.pid = 900, .comm = "s\ns"};

	v.who = &ss;
	v.role = ROLE_KILLER;
	ecs(&r, &v);
	assert_non_null(strstr(line, "\"process\":{\"pid\":900,\"name\":\"s\\u000as\"}"));
	assert_non_null(strstr(line, "\"owner\":{\"pid\":200,\"name\":\"owner\","
				     "\"role\":\"owner\"}}}\n"));
}

/* The one that the event is of, which need not be this one. */
static void test_host(void **state)
{
	struct record r = sent();
	struct verdict v = verdict();

	r.host = "node-7";
	ecs(&r, &v);
	assert_non_null(strstr(line, ",\"host\":{\"name\":\"node-7\",\"hostname\":\"node-7\"},"));
	assert_non_null(strstr(line, "\"observer\":{\"hostname\":\"node-7\","));
	r.host = "";
	assert_null(strstr(ecs(&r, &v), "host"));
}

#define ECS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ECS_TEST(test_sent),       ECS_TEST(test_received_and_ignored),
		ECS_TEST(test_suppressed), ECS_TEST(test_death),
		ECS_TEST(test_listener),   ECS_TEST(test_killer_and_owner),
		ECS_TEST(test_host),
	};

	return cmocka_run_group_tests_name("ecs", tests, NULL, NULL);
}
