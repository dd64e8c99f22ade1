// SPDX-License-Identifier: GPL-2.0
/* The ladder, and all that is told of one event: the order, and nothing that commands a terminal. */
#include <string.h>

#include "causes.h"
#include "event_text.h"
#include "facts.h"
#include "given.h"
#include "ladder.h"
#include "shown.h"
#include "unit.h"

static const struct given unread = {
	.kind = ACTIVE,
	.state = STATE_CLOSE,
	.was = STATE_ESTABLISHED,
	.reason = REASON_TCP_ABORT_ON_CLOSE,
	.unread = 904,
	.bytes_received = 5000,
	.data_ago_ms = 5000,
	.knows = KNOWS(CLOSER) | KNOWS(OPENER),
};

#define WIDTH 76

static const char *ladder_of(struct record r, int width, char buf[SHOWN_LEN])
{
	struct out *out = shown_new();
	struct verdict v = {.cause = NULL};

	judge(&r, &v);
	ladder_put(out, &r, &v, width);
	shown(out, buf);
	shown_free(out);
	return buf;
}

static const char *ladder(const struct given *g, char buf[SHOWN_LEN])
{
	return ladder_of(record_of(g), WIDTH, buf);
}

/* Each of the words behind the one before. */
static void check_in_order(const char *text, const char *const words[])
{
	const char *at = text;

	for (; *words; words++) {
		at = strstr(at, *words);
		if (!at) {
			fail_msg("no '%s' in its place in:\n%s", *words, text);
			return;
		}
	}
}

/* Every step as wide as the others. */
static void check_shape(const char *text, int width)
{
	const char *line = text;

	for (; *line; line += strcspn(line, "\n") + 1) {
		size_t len = strcspn(line, "\n");

		assert_in_range(len, 1, width);
		if (line[14] == '|')
			assert_int_equal(len, width);
	}
}

static void test_sent(void **state)
{
	char buf[SHOWN_LEN];

	check_in_order(ladder(&unread, buf),
		       (const char *const[]){"10.0.0.1:80", "10.0.0.2:41234",
					     "opened by opener (400)", "|<-",
					     "last data; 5000 bytes in all ---|",
					     "closed by closer (300)", "904 bytes were never read",
					     "|--- RST ---", ">|", "established -> closed", NULL});
	check_shape(buf, WIDTH);
}

static void test_answer(void **state)
{
	const struct given g = {.kind = ANSWER,
				.reason = REASON_NO_SOCKET,
				.flags = TCP_SYN,
				.seq = 4711};
	char buf[SHOWN_LEN];

	check_in_order(ladder(&g, buf),
		       (const char *const[]){"|<-", "what is answered: S, 0 bytes, seq 4711 ---|",
					     "|--- RST ---", "there was no socket", NULL});
	check_shape(buf, WIDTH);
}

static void test_received(void **state)
{
	const struct given g = {.kind = RECEIVED,
				.state = STATE_ESTABLISHED,
				.flags = TCP_RST,
				.bytes_sent = 100,
				.seq = 9};
	char buf[SHOWN_LEN];

	check_in_order(ladder(&g, buf),
		       (const char *const[]){"--- last data; 100 bytes in all", ">|", "|<-",
					     " RST: R, 0 bytes, seq 9 ---|",
					     "established -> closed", NULL});
	check_shape(buf, WIDTH);
}

/* The peer's FIN counts in the kernel's bytes, and is no data. */
static void test_fin(void **state)
{
	struct given g = {.kind = RECEIVED,
			  .state = STATE_CLOSE_WAIT,
			  .flags = TCP_RST,
			  .bits = SOCK_BIT_DONE,
			  .bytes_received = 1};
	char buf[SHOWN_LEN];

	assert_null(strstr(ladder(&g, buf), "last data"));
	assert_non_null(strstr(buf, " FIN ---|"));
	g.bytes_sent = 3;
	g.sent_ago_ms = 100;
	g.heard_ago_ms = 5000;
	check_in_order(ladder(&g, buf),
		       (const char *const[]){" FIN ---|", "--- last data; 3 bytes", NULL});
	g.heard_ago_ms = 50;
	check_in_order(ladder(&g, buf),
		       (const char *const[]){"--- last data; 3 bytes", " FIN ---|", NULL});
	g.bytes_received = 2;
	check_in_order(ladder(&g, buf),
		       (const char *const[]){"last data; 1 byte in all", " FIN ---|", NULL});
}

static void test_silent(void **state)
{
	const struct given g = {.kind = SILENT,
				.state = STATE_CLOSE,
				.was = STATE_ESTABLISHED,
				.retransmits = 7,
				.err = 110};
	char buf[SHOWN_LEN];

	check_in_order(ladder(&g, buf), (const char *const[]){"7 retransmissions",
							      "given up, without a reset", NULL});
	assert_null(strstr(buf, "RST"));
}

/* Both ends with their ports, at every width, and nothing beyond it. */
static void test_ipv6(void **state)
{
	static const __u8 address[16] = {0xfd, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde,
					 0xf0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xd0};
	struct record r = record_of(&unread);
	char buf[SHOWN_LEN];

	memcpy(r.e.flow.local, address, 16);
	memcpy(r.e.flow.peer, address, 16);
	r.e.flow.local_port = 65534;
	for (int width = LADDER_WIDTH_MIN; width <= 130; width++) {
		check_shape(ladder_of(r, width, buf), width);
		check_in_order(buf, (const char *const[]){"              [fd12:", "]:65534",
							  " [fd12:", "]:41234\n", NULL});
	}
	check_in_order(buf,
		       (const char *const[]){"BEFORE",
					     "[fd12:3456:789a:bcde:f012:3456:789a:bcd0]:65534    ",
					     "[fd12:3456:789a:bcde:f012:3456:789a:bcd0]:41234\n",
					     NULL});
}

/* What an arrow has no room for stands above it, whole. */
static void test_narrow(void **state)
{
	const struct given g = {.kind = ANSWER,
				.reason = REASON_NO_SOCKET,
				.flags = TCP_PSH | TCP_ACK,
				.length = 1448,
				.seq = 4294967295U};
	char buf[SHOWN_LEN];

	check_shape(ladder_of(record_of(&g), LADDER_WIDTH_MIN, buf), LADDER_WIDTH_MIN);
	check_in_order(buf,
		       (const char *const[]){"|  what is answered:", "|  PA, 1448 bytes, seq ",
					     "|  4294967295, ", "|  acknowledges ",
					     "|<----------------------|\n", "|--- RST -", NULL});
	check_in_order(ladder_of(record_of(&g), 90, buf),
		       (const char *const[]){"|<--",
					     " what is answered: PA, 1448 bytes, seq "
					     "4294967295, acknowledges ---|\n",
					     NULL});
	check_shape(ladder_of(record_of(&unread), LADDER_WIDTH_MIN, buf), LADDER_WIDTH_MIN);
	check_in_order(buf, (const char *const[]){"|  opened by opener", "|  (400) ",
						  "|  last data; 5000", "|  bytes in all ", NULL});
}

/* The names of processes are other people's. */
static void test_hostile(void **state)
{
	struct record r = record_of(&unread);
	struct verdict v = {.cause = NULL};
	struct out *out = shown_new();
	char buf[SHOWN_LEN];

	memcpy(r.e.life.closer.comm, "\033[2J\nx", 7);
	memcpy(r.e.life.opener.comm, "\302\233\342\200\256x", 7);
	judge(&r, &v);
	event_text_put(out, &r, &v, "{\"process\":{\"executable\":{\"name\":\"\\u001b[2J\\n\"}}}",
		       78);
	shown(out, buf);
	shown_free(out);
	assert_non_null(strstr(buf, "closed by ?[2J?x (300)"));
	assert_non_null(strstr(buf, "opened by ??x (400)"));
	assert_non_null(strstr(buf, "  process.executable.name          ?[2J?\n"));
	for (const char *p = buf; *p; p++)
		assert_true(*p == '\n' || ((unsigned char)*p >= 0x20 && *p != 0x7f));
	assert_null(strstr(buf, "\302\233"));
}

static void test_event(void **state)
{
	struct record r = record_of(&unread);
	struct verdict v = {.cause = NULL};
	struct out *out = shown_new();
	char buf[SHOWN_LEN];

	judge(&r, &v);
	event_text_put(out, &r, &v,
		       "{\"time\":\"x\",\"socket\":{\"unread\":904},\"facts\":{\"a\":1}}", 78);
	shown(out, buf);
	shown_free(out);
	check_in_order(buf,
		       (const char *const[]){"sent close-unread-data, certain: ", "\nEvidence\n",
					     "\nWhat went which way\n", "|--- RST ---",
					     "\nWhat happened\n", "\nWhat to do\n",
					     "\nReferences\n",
					     "  socket.unread                    904\n", NULL});
	assert_null(strstr(buf, "facts.a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sent),     cmocka_unit_test(test_answer),
		cmocka_unit_test(test_received), cmocka_unit_test(test_silent),
		cmocka_unit_test(test_hostile),  cmocka_unit_test(test_event),
		cmocka_unit_test(test_fin),      cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_narrow),
	};

	return cmocka_run_group_tests_name("ladder", tests, NULL, NULL);
}
