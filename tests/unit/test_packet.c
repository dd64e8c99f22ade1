// SPDX-License-Identifier: GPL-2.0
/* The segment of a record as an IP packet: every byte, and the checksums. */
#include <string.h>

#include "facts.h"
#include "given.h"
#include "packet.h"
#include "unit.h"

#define PROTOCOL_TCP 6

static struct packet packet(const struct record *r)
{
	struct packet p;

	memset(&p, 0xee, sizeof(p));
	assert_true(packet_of(r, &p));
	return p;
}

static struct record trigger(void)
{
	return record_of(&(struct given){
		.kind = ANSWER,
		.flags = TCP_PSH | TCP_ACK,
		.seq = 0x01020304,
		.ack = 0x05060708,
		.window = 0x1122,
		.length = 1000,
		.timestamp = true,
		.ttl = 57,
		.ip_id = 0x3344,
		.dont_fragment = true,
	});
}

static void make_ipv6(struct record *r)
{
	static const uint8_t local[16] = {0xfd, 9, [15] = 2}, peer[16] = {0xfd, 9, [15] = 1};

	memcpy(r->e.flow.local, local, sizeof(local));
	memcpy(r->e.flow.peer, peer, sizeof(peer));
}

static uint32_t be(const uint8_t *p, unsigned len)
{
	uint32_t n = 0;

	while (len--)
		n = n << 8 | *p++;
	return n;
}

/* What a receiver adds up: 0xffff when the checksum is right. */
static uint16_t added_up(const uint8_t *p, unsigned len, uint32_t total)
{
	for (unsigned i = 0; i < len; i++)
		total += i % 2 ? p[i] : p[i] << 8;
	while (total >> 16)
		total = (total & 0xffff) + (total >> 16);
	return total;
}

/* Where the TCP header begins. */
static const uint8_t *check_ip(const struct packet *p)
{
	bool v4 = p->bytes[0] >> 4 == 4;
	unsigned head = v4 ? 20 : 40, addresses = v4 ? 8 : 32;
	unsigned len = p->wire_len - head;

	if (v4)
		assert_int_equal(added_up(p->bytes, head, 0), 0xffff);
	assert_int_equal(be(p->bytes + (v4 ? 2 : 4), 2), v4 ? p->wire_len : len);
	assert_int_equal(p->bytes[v4 ? 9 : 6], PROTOCOL_TCP);
	/* What was not captured counts as zeros. */
	assert_int_equal(added_up(p->bytes + head - addresses, p->len - head + addresses,
				  PROTOCOL_TCP + len),
			 0xffff);
	return p->bytes + head;
}

static void check_tcp(const uint8_t *tcp, uint16_t from, uint16_t to, uint32_t seq, uint32_t ack)
{
	assert_int_equal(be(tcp, 2), from);
	assert_int_equal(be(tcp + 2, 2), to);
	assert_int_equal(be(tcp + 4, 4), seq);
	assert_int_equal(be(tcp + 8, 4), ack);
}

static void test_trigger(void **state)
{
	struct record r = trigger();
	struct packet p = packet(&r);
	const uint8_t *tcp = check_ip(&p);

	assert_int_equal(p.role, PACKET_TRIGGER);
	assert_false(p.is_outbound);
	assert_int_equal(p.len, 20 + 32);
	assert_int_equal(p.wire_len, 20 + 32 + 1000);
	assert_int_equal(be(p.bytes + 4, 2), 0x3344);
	assert_int_equal(be(p.bytes + 6, 2), 0x4000);
	assert_int_equal(p.bytes[8], 57);
	assert_int_equal(be(p.bytes + 12, 4), 0x0a000002);
	assert_int_equal(be(p.bytes + 16, 4), 0x0a000001);
	check_tcp(tcp, 41234, 80, 0x01020304, 0x05060708);
	assert_int_equal(tcp[12], 8 << 4);
	assert_int_equal(tcp[13], TCP_PSH | TCP_ACK);
	assert_int_equal(be(tcp + 14, 2), 0x1122);
	assert_memory_equal(tcp + 20, r.e.segment.options, 12);
}

static void test_ipv6(void **state)
{
	struct record r = trigger();
	struct packet p;
	const uint8_t *tcp;

	r.e.segment.tos = 0xb9;
	make_ipv6(&r);
	p = packet(&r);
	tcp = check_ip(&p);
	assert_int_equal(be(p.bytes, 4), 0x6b900000);
	assert_int_equal(p.bytes[7], 57);
	assert_memory_equal(p.bytes + 8, r.e.flow.peer, 16);
	assert_memory_equal(p.bytes + 24, r.e.flow.local, 16);
	check_tcp(tcp, 41234, 80, 0x01020304, 0x05060708);
	assert_int_equal(p.wire_len, 40 + 32 + 1000);
}

static void test_payload(void **state)
{
	struct record r = record_of(&(struct given){
		.kind = RECEIVED,
		.state = STATE_ESTABLISHED,
		.flags = TCP_RST,
		.length = 8,
		.payload = "\1\2\3\4\5\6\7\11",
	});
	struct packet p = packet(&r);
	const uint8_t *tcp = check_ip(&p);

	assert_int_equal(p.role, PACKET_RESET);
	assert_false(p.is_outbound);
	assert_int_equal(p.len, 20 + 20 + 8);
	assert_int_equal(p.wire_len, p.len);
	assert_memory_equal(tcp + 20, "\1\2\3\4\5\6\7\11", 8);
}

/* The largest of everything: it fits, and no length field overflows. */
static void test_largest(void **state)
{
	struct record r = trigger();
	struct packet p;

	r.e.segment.length = 65535;
	r.e.segment.options_len = OPTIONS_LEN;
	p = packet(&r);
	check_ip(&p);
	assert_int_equal(p.wire_len, 65535);
	make_ipv6(&r);
	p = packet(&r);
	check_ip(&p);
	assert_int_equal(p.wire_len, 65535 + 20);
	r.e.segment.length = r.e.segment.payload_len = PAYLOAD_LEN;
	p = packet(&r);
	check_ip(&p);
	assert_int_equal(p.len, PACKET_MAX);
}

/* The packet that a rule of the output chain rejects leaves this host. */
static void test_firewall(void **state)
{
	struct record r = trigger();

	r.e.nf_hook = 1 + 1; /* NF_INET_LOCAL_IN */
	assert_false(packet(&r).is_outbound);
	r.e.nf_hook = 1 + 3; /* NF_INET_LOCAL_OUT */
	assert_true(packet(&r).is_outbound);
}

static const struct given aborted = {
	.kind = ACTIVE,
	.state = STATE_CLOSE,
	.was = STATE_ESTABLISHED,
};

static void test_sent(void **state)
{
	struct record r = record_of(&aborted);
	struct packet p;
	const uint8_t *tcp;

	r.e.sock.snd_wnd = 65535;
	p = packet(&r);
	tcp = check_ip(&p);
	assert_int_equal(p.role, PACKET_REBUILT);
	assert_true(p.is_outbound);
	assert_true(p.has_numbers);
	assert_int_equal(be(p.bytes + 12, 4), 0x0a000001);
	assert_int_equal(be(p.bytes + 16, 4), 0x0a000002);
	check_tcp(tcp, 80, 41234, r.e.sock.snd_nxt, r.e.sock.rcv_nxt);
	assert_int_equal(tcp[13], TCP_RST | TCP_ACK);
	assert_int_equal(p.wire_len, 40);
}

/* The peer's window has shrunk: the reset goes to its edge, also where numbers wrap. */
static void test_sent_beyond_window(void **state)
{
	struct record r = record_of(&aborted);
	struct packet p;

	r.e.sock.snd_una = UINT32_MAX - 9;
	r.e.sock.snd_wnd = 100;
	r.e.sock.snd_nxt = 200;
	p = packet(&r);
	check_tcp(check_ip(&p), 80, 41234, 90, r.e.sock.rcv_nxt);
}

static void test_received(void **state)
{
	struct record r = record_of(&(struct given){.kind = RECEIVED, .state = STATE_ESTABLISHED});
	struct packet p = packet(&r);
	const uint8_t *tcp = check_ip(&p);

	assert_int_equal(p.role, PACKET_REBUILT);
	assert_false(p.is_outbound);
	check_tcp(tcp, 41234, 80, r.e.sock.rcv_nxt, 0);
	assert_int_equal(tcp[13], TCP_RST);
}

static void test_refused(void **state)
{
	struct record r = record_of(&(struct given){.kind = RECEIVED, .state = STATE_SYN_SENT});
	struct packet p = packet(&r);
	const uint8_t *tcp = check_ip(&p);

	check_tcp(tcp, 41234, 80, 0, r.e.sock.snd_nxt);
	assert_int_equal(tcp[13], TCP_RST | TCP_ACK);
}

static void test_no_numbers(void **state)
{
	struct record r = record_of(&(struct given){.kind = RECEIVED, .state = STATE_NEW_SYN_RECV});
	struct packet p = packet(&r);

	check_ip(&p);
	assert_false(p.has_numbers);
}

static void test_none(void **state)
{
	struct record death =
		record_of(&(struct given){.kind = SILENT, .state = STATE_ESTABLISHED});
	struct record summary = trigger();
	struct packet p;

	summary.suppressed = 3;
	assert_false(packet_of(&death, &p));
	assert_false(packet_of(&summary, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_trigger),  cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_payload),  cmocka_unit_test(test_largest),
		cmocka_unit_test(test_firewall), cmocka_unit_test(test_sent),
		cmocka_unit_test(test_received), cmocka_unit_test(test_sent_beyond_window),
		cmocka_unit_test(test_refused),  cmocka_unit_test(test_no_numbers),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("packet", tests, NULL, NULL);
}
