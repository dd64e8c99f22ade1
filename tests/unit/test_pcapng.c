// SPDX-License-Identifier: GPL-2.0
/* A pcapng file: its blocks, byte for byte where that matters, and comments of hostile words. */
#include <stdio.h>
#include <string.h>

#include "causes.h"
#include "facts.h"
#include "given.h"
#include "hints.h"
#include "packet.h"
#include "pcapng.h"
#include "unit.h"

#define SECTION 0x0a0d0d0a
#define INTERFACE 1
#define STATISTICS 5
#define PACKET 6
#define BLOCKS_MAX 600

#define COMMENT 1
#define FFFD "\xef\xbf\xbd"

static struct out *out;
static struct pcapng file;

/* A block: what stands between type and length at its begin, and length at its end. */
struct found {
	uint32_t type;
	const uint8_t *body, *end;
};

static struct found blocks[BLOCKS_MAX];
static unsigned blocks_len;

static uint32_t u32(const uint8_t *p)
{
	uint32_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

static uint16_t u16(const uint8_t *p)
{
	uint16_t n;

	memcpy(&n, p, sizeof(n));
	return n;
}

/* Takes what was written apart; it must be whole blocks. */
static void take_apart(void)
{
	const uint8_t *p = (const uint8_t *)out->data, *end = p + out_mark(out);

	for (blocks_len = 0; p < end; blocks_len++) {
		uint32_t len = u32(p + 4);

		assert_true(blocks_len < BLOCKS_MAX);
		assert_int_equal(len % 4, 0);
		assert_true(len >= 12 && len <= (size_t)(end - p));
		assert_int_equal(u32(p + len - 4), len);
		blocks[blocks_len] = (struct found){u32(p), p + 8, p + len - 4};
		p += len;
	}
}

static unsigned fixed_len(const struct found *b)
{
	if (b->type == PACKET)
		return 20 + (u32(b->body + 12) + 3) / 4 * 4;
	return b->type == SECTION ? 16 : b->type == STATISTICS ? 12 : 8;
}

/* The value of an option, and its length; NULL: there is none. Goes through all of them: they must
 * be padded with zeros, end with opt_endofopt, and the block with that. */
static const uint8_t *option(const struct found *b, uint16_t code, unsigned *len)
{
	const uint8_t *p = b->body + fixed_len(b), *found = NULL;

	for (; u16(p); p += 4 + (u16(p + 2) + 3) / 4 * 4) {
		assert_true(p + 8 <= b->end);
		for (unsigned i = u16(p + 2); i % 4; i++)
			assert_int_equal(p[4 + i], 0);
		if (u16(p) != code)
			continue;
		assert_null(found);
		found = p + 4;
		*len = u16(p + 2);
	}
	assert_int_equal(u32(p), 0);
	assert_ptr_equal(p + 4, b->end);
	return found;
}

static const char *text(const struct found *b, uint16_t code)
{
	static char copy[32768];
	unsigned len = 0;
	const uint8_t *value = option(b, code, &len);

	assert_non_null(value);
	memcpy(copy, value, len);
	copy[len] = '\0';
	assert_int_equal(strlen(copy), len);
	return copy;
}

static uint32_t number(const struct found *b, uint16_t code)
{
	unsigned len = 0;
	const uint8_t *value = option(b, code, &len);

	assert_non_null(value);
	assert_int_equal(len, 4);
	return u32(value);
}

static uint64_t number64(const struct found *b, uint16_t code)
{
	unsigned len = 0;
	const uint8_t *value = option(b, code, &len);
	uint64_t n;

	assert_non_null(value);
	assert_int_equal(len, sizeof(n));
	memcpy(&n, value, sizeof(n));
	return n;
}

static const struct utsname machine = {
	.sysname = "Linux",
	.release = "6.18.44",
	.machine = "x86_64",
	.nodename = "of no interest",
};

static int begin(void **state)
{
	out = out_new(-1);
	pcapng_begin(&file, out, "web1", &machine);
	take_apart();
	return 0;
}

static int end(void **state)
{
	out_free(out);
	return 0;
}

static void test_begin(void **state)
{
	assert_int_equal(blocks_len, 2);
	assert_int_equal(blocks[0].type, SECTION);
	assert_int_equal(u32(blocks[0].body), 0x1a2b3c4d);
	assert_int_equal(u16(blocks[0].body + 4), 1);
	assert_int_equal(u16(blocks[0].body + 6), 0);
	assert_memory_equal(blocks[0].body + 8, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	assert_string_equal(text(&blocks[0], COMMENT),
			    "TCP resets of host web1; the comment of a packet says why");
	assert_string_equal(text(&blocks[0], 2), "x86_64");
	assert_string_equal(text(&blocks[0], 3), "Linux 6.18.44");
	assert_memory_equal(text(&blocks[0], 4), "rstwhy ", 7);
	assert_int_equal(blocks[1].type, INTERFACE);
	assert_int_equal(u16(blocks[1].body), 101);
	assert_int_equal(u32(blocks[1].body + 4), PACKET_MAX);
	assert_string_equal(text(&blocks[1], 2), "rstwhy");
	assert_string_equal(text(&blocks[1], 9), "\11");
}

static const struct cause cause = {.id = "some-cause"};
static const struct hint hint = {.id = "some-hint"};
static struct task nginx = {.pid = 812, .comm = "nginx"};

static struct verdict verdict(void)
{
	struct verdict v = {.cause = &cause, .confidence = CERTAIN};

	verdict_summary(&v, "a summary");
	return v;
}

/* A close of the application: no hook shows the reset it sends. */
static struct record aborted(void)
{
	struct record r = record_of(&(struct given){.kind = ACTIVE, .state = STATE_CLOSE});

	r.time_ns = 0x1234567890abcdefULL;
	strcpy(r.id, "fedcba9876543210");
	return r;
}

static const struct found *put(const struct record *r, const struct verdict *v)
{
	pcapng_put(&file, out, r, v);
	take_apart();
	return &blocks[blocks_len - 1];
}

static void test_packet(void **state)
{
	struct record r = aborted();
	struct verdict v = verdict();
	struct packet expected;
	const struct found *b;
	unsigned len = 0;

	v.who = &nginx;
	v.role = ROLE_CLOSER;
	strcpy(r.container.unit, "nginx.service");
	verdict_evidence(&v, "one");
	verdict_evidence(&v, "two \xe2\x82\xac"); /* the sign of the euro */
	verdict_hint(&v, &hint, "a thought");
	b = put(&r, &v);
	assert_true(packet_of(&r, &expected));
	assert_int_equal(blocks_len, 4);
	assert_string_equal(text(&blocks[2], 2), "netns 4026531840");
	assert_int_equal(b->type, PACKET);
	assert_int_equal(u32(b->body), 1);
	assert_int_equal(u32(b->body + 4), 0x12345678);
	assert_int_equal(u32(b->body + 8), 0x90abcdef);
	assert_int_equal(u32(b->body + 12), expected.len);
	assert_int_equal(u32(b->body + 16), expected.wire_len);
	assert_memory_equal(b->body + 20, expected.bytes, expected.len);
	assert_string_equal(text(b, COMMENT),
			    "some-cause [certain]: a summary\n"
			    "some-hint: a thought\n"
			    "- one\n"
			    "- two \xe2\x82\xac\n"
			    "process: nginx (812), closer, unit nginx.service\n"
			    "this is the reset, reconstructed from what its socket knew: window, "
			    "options, TTL and IP id were not seen");
	assert_int_equal(number(b, 2), 2); /* outbound */
	assert_true(number64(b, 5) == 0xfedcba9876543210ULL);
	assert_memory_equal(option(b, 8, &len), "\x2c\3\0\0\0\0\0\0", 8);
	assert_int_equal(len, 8);
}

static void test_trigger(void **state)
{
	struct record r = record_of(&(struct given){.kind = ANSWER, .flags = TCP_SYN});
	struct verdict v = verdict();
	const struct found *b;
	unsigned len;

	v.who = &nginx;
	v.role = ROLE_LISTENER;
	b = put(&r, &v);
	assert_string_equal(text(b, COMMENT), "some-cause [certain]: a summary\n"
					      "process: nginx (812), listener\n"
					      "this segment was answered with a reset");
	assert_int_equal(number(b, 2), 1); /* inbound */
	assert_null(option(b, 8, &len));
}

/* Told of each packet, unless the section has told it. */
static void test_host(void **state)
{
	struct record r = aborted();
	struct verdict v = verdict();

	r.host = "web1";
	assert_null(strstr(text(put(&r, &v), COMMENT), "host"));
	r.host = "web\n2";
	assert_non_null(strstr(text(put(&r, &v), COMMENT), "\nhost: web\xef\xbf\xbd"
							   "2\nthis is"));
	out_rewind(out, 0);
	pcapng_begin(&file, out, NULL, &machine);
	take_apart();
	assert_string_equal(text(&blocks[0], COMMENT),
			    "TCP resets; the comment of a packet says why");
	r.host = "web1";
	assert_non_null(strstr(text(put(&r, &v), COMMENT), "\nhost: web1\nthis is"));
}

static void test_received(void **state)
{
	struct record r = record_of(
		&(struct given){.kind = RECEIVED, .state = STATE_ESTABLISHED, .flags = TCP_RST});
	struct verdict v = verdict();

	assert_string_equal(text(put(&r, &v), COMMENT),
			    "some-cause [certain]: a summary\nthis is the reset");
	r.e.have &= ~HAVE_SEGMENT;
	assert_non_null(strstr(text(put(&r, &v), COMMENT), "knew: flags but RST, window"));
	r.e.have &= ~HAVE_SOCK;
	assert_non_null(strstr(text(put(&r, &v), COMMENT), "knew: sequence numbers, flags"));
}

/* Names with what would end a line, command a terminal, or is no UTF-8. All lengths: padding. */
static void test_hostile(void **state)
{
	static const struct {
		const char *comm, *shown;
	} rows[] = {
		{"a\nb\r\tc", "a" FFFD "b" FFFD FFFD "c"},
		{"\x1b[2J\x7f", FFFD "[2J" FFFD},
		{"\xc2\x9b"
		 "31m",
		 FFFD "31m"},
		{"\xff\xfe", FFFD FFFD},
		{"\xc0\xaf", FFFD FFFD},
		{"\xed\xa0\x80", FFFD FFFD FFFD},
		{"\xe2\x82", FFFD FFFD},
		{"\xe2\x80\xaegpj", FFFD "gpj"},
		{"h\xc3\xa9llo", "h\xc3\xa9llo"},
		{"", ""},
		{"1", "1"},
		{"12", "12"},
		{"123", "123"},
		{"1234", "1234"},
	};
	struct record r = aborted();
	char expected[128];

	for (size_t i = 0; i < LENGTH(rows); i++) {
		struct task who = {.pid = 1};
		struct verdict v = verdict();

		memcpy(who.comm, rows[i].comm, strlen(rows[i].comm));
		v.who = &who;
		v.role = ROLE_OWNER;
		snprintf(expected, sizeof(expected), "\nprocess: %s (1), owner\n", rows[i].shown);
		assert_non_null(strstr(text(put(&r, &v), COMMENT), expected));
	}
}

/* The longest of everything, every byte of it to be replaced. */
static void test_longest(void **state)
{
	struct record r = aborted();
	struct verdict v = verdict();
	char bad[TEXT_LEN], name[1000];
	const char *comment;

	memset(name, 0xff, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	r.host = name;
	memset(bad, 0xff, sizeof(bad));
	memset(r.container.unit, 0xff, sizeof(r.container.unit) - 1);
	bad[TEXT_LEN - 1] = '\0';
	v.who = &nginx;
	v.role = ROLE_OWNER;
	verdict_summary(&v, "%s", bad);
	for (int i = 0; i < EVIDENCE_MAX; i++)
		verdict_evidence(&v, "%s", bad);
	for (int i = 0; i < HINTS_MAX; i++)
		verdict_hint(&v, &hint, "%s", bad);
	comment = text(put(&r, &v), COMMENT);
	assert_true(strlen(comment) > 21 * 3 * (TEXT_LEN - 1) + 3 * 253);
	assert_non_null(strstr(comment, "were not seen"));
}

static void test_interfaces(void **state)
{
	struct record r = aborted();
	struct verdict v = verdict();

	r.e.flow.netns = 0;
	assert_int_equal(u32(put(&r, &v)->body), 0);
	for (unsigned i = 1; i <= PCAPNG_INTERFACES; i++) {
		r.e.flow.netns = i;
		assert_int_equal(u32(put(&r, &v)->body), i);
	}
	assert_int_equal(blocks_len, 2 + 1 + 2 * PCAPNG_INTERFACES);
	r.e.flow.netns = PCAPNG_INTERFACES + 1;
	assert_int_equal(u32(put(&r, &v)->body), 0);
	r.e.flow.netns = 7;
	assert_int_equal(u32(put(&r, &v)->body), 7);
	assert_int_equal(blocks_len, 2 + 3 + 2 * PCAPNG_INTERFACES);
}

/* What has no packet leaves no trace, but in the statistics. */
static void test_nothing(void **state)
{
	struct record r = aborted();
	struct verdict v = verdict();

	r.suppressed = 5;
	put(&r, &v);
	assert_int_equal(blocks_len, 2);
	assert_int_equal(file.packets, 0);
}

static void test_statistics(void **state)
{
	const struct pcapng_statistics s = {
		.begin_ns = 0x1111111122222222ULL,
		.end_ns = 0x3333333344444444ULL,
		.counted = 1ULL << 33,
		.suppressed = 7,
		.lost = 9,
	};
	struct record r = aborted();
	struct verdict v = verdict();
	const struct found *b;
	unsigned len = 0;

	put(&r, &v);
	pcapng_statistics(&file, out, &s);
	take_apart();
	b = &blocks[blocks_len - 1];
	assert_int_equal(b->type, STATISTICS);
	assert_int_equal(u32(b->body), 0);
	assert_int_equal(u32(b->body + 4), 0x33333333);
	assert_int_equal(u32(b->body + 8), 0x44444444);
	assert_int_equal(u32(option(b, 2, &len)), 0x11111111);
	assert_int_equal(u32(option(b, 3, &len) + 4), 0x44444444);
	assert_true(number64(b, 4) == 1ULL << 33);
	assert_int_equal(number64(b, 5), 7);
	assert_int_equal(number64(b, 7), 9);
	assert_int_equal(number64(b, 8), 1);
	assert_string_equal(text(b, COMMENT),
			    "events in this section: 8589934592 counted, 7 suppressed by --rate, "
			    "9 lost, 1 written");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_begin),      TEST(test_packet),     TEST(test_trigger),
		TEST(test_received),   TEST(test_host),       TEST(test_hostile),
		TEST(test_longest),    TEST(test_interfaces), TEST(test_nothing),
		TEST(test_statistics),
	};

	return cmocka_run_group_tests_name("pcapng", tests, NULL, NULL);
}
