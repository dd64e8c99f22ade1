// SPDX-License-Identifier: GPL-2.0
/*
 * A line of the JSON format holds all there is to judge by: written, read, judged and written
 * again it is the same line. And what is no such line does no harm.
 */
#include <json-c/json.h>
#include <string.h>

#include "causes.h"
#include "facts.h"
#include "hints.h"
#include "nonsense.h"
#include "read_record.h"
#include "row.h"
#include "shown.h"
#include "unit.h"

#define ROUNDS 5000

static struct out *out;
static struct record_reader *reader;
static char line[SHOWN_LEN], again[SHOWN_LEN], error[READ_ERROR_LEN];

static int set_up(void **state)
{
	out = shown_new();
	reader = record_reader_new();
	return out && reader ? 0 : -1;
}

static int tear_down(void **state)
{
	shown_free(out);
	record_reader_free(reader);
	return 0;
}

static void write_line(const struct record *r, const struct verdict *v, char to[SHOWN_LEN])
{
	json_put(out, &(struct style){0}, r, v);
	shown(out, to);
	if (!is_json_line(to))
		fail_msg("not JSON: %s", strstr(to, ",\"segment\":{"));
}

/* Where they differ, and not only that. */
static void check_equal(void)
{
	size_t i = 0;

	while (line[i] && line[i] == again[i])
		i++;
	if (line[i] || again[i])
		fail_msg("%.60s ... became %.60s ... in %s", line + (i < 30 ? 0 : i - 30),
			 again + (i < 30 ? 0 : i - 30), strstr(line, ",\"network\":{"));
}

static enum read read_line(const char *text, struct record *r, struct verdict *v)
{
	memset(r, 0xa5, sizeof(*r)); /* what the reader forgets shows */
	memset(v, 0xa5, sizeof(*v));
	return read_record(reader, text, strlen(text), r, v, error);
}

static void check_same(const struct record *given)
{
	struct record r;
	struct verdict v;

	judge(given, &v);
	write_line(given, &v, line);
	if (read_line(line, &r, &v) != READ_FACTS)
		fail_msg("%s: %s", error, line);
	judge(&r, &v);
	write_line(&r, &v, again);
	check_equal();
}

static void test_rows(void **state)
{
	static const struct row *const tables[] = {rows_active, rows_answer, rows_received,
						   rows_silent, rows_hints};

	for (size_t i = 0; i < LENGTH(tables); i++) {
		for (const struct row *row = tables[i]; row->name; row++) {
			struct record r = record_of(&row->given);

			check_same(&r);
			take_stack(&r);
			check_same(&r);
			take_reason(&r);
			check_same(&r);
		}
	}
}

/* What the kernel's side does not know of it leaves zero (bpf/event.h). */
static void keep_promises(struct record *r)
{
	struct sock_facts *s = &r->e.sock;

	if (!has(r, HAVE_SOCK))
		*s = (struct sock_facts){.rcv_nxt = s->rcv_nxt,
					 .rcv_wnd = s->rcv_wnd,
					 .tw_substate = s->tw_substate};
	if (!has(r, HAVE_SOCK) && !has(r, HAVE_TIMEWAIT))
		memset(s, 0, sizeof(*s));
	if (!has(r, HAVE_SEGMENT))
		memset(&r->e.segment, 0, sizeof(r->e.segment));
	if (!has(r, HAVE_LIFE) && !has(r, HAVE_ENDED))
		memset(&r->e.life, 0, sizeof(r->e.life));
	r->history.period_s = nonsense_number() % 1000000 / 7.0;
	r->e.have &= ~HAVE_REASON;
	if (!r->reason)
		return;
	r->e.have |= HAVE_REASON;
	r->reason = REASON_OTHER; /* of the name "A_REASON" */
}

/* Any bytes but NUL. */
static void give_bytes(char *to, size_t size)
{
	size_t len = nonsense_number() % size;

	for (size_t i = 0; i < len; i++)
		to[i] = 1 + nonsense_number() % (nonsense_number() % 2 ? 255 : 127);
	to[len] = '\0';
}

static void give_surroundings(struct record *r)
{
	give_bytes(r->cgroup, sizeof(r->cgroup));
	give_bytes(r->executable, sizeof(r->executable));
	give_bytes(r->limits, sizeof(r->limits));
	r->executable_pid = nonsense_number() % 2 ? r->e.task.pid : nonsense_number() % 4194304;
	if (nonsense_number() % 2)
		r->e.life.opener = r->e.task;
	if (nonsense_number() % 2)
		r->owner = r->e.life.closer;
	if (nonsense_number() % 2)
		r->owner.flags ^= 1;
	if (!r->pair[0])
		return;
	give_bytes(r->pair_name, sizeof(r->pair_name));
	r->pair_answers = nonsense_number() % 2;
	r->pair_cause = cause_at(nonsense_number() % 20)->id;
	strcpy(r->container.unit, "a\\x2db.service");
}

static void test_random(void **state)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct record r = nonsense();

		give_surroundings(&r);
		keep_promises(&r);
		check_same(&r);
	}
}

/* Every member that judging reads comes back as it was, not only what this version makes of it. */
static void test_members(void **state)
{
	for (int i = 0; i < ROUNDS / 10; i++) {
		struct record r = nonsense(), back;
		struct verdict v;

		r.e.have = HAVE_SOCK | HAVE_SEGMENT | HAVE_TASK | HAVE_LIFE | HAVE_LISTENER;
		keep_promises(&r);
		judge(&r, &v);
		write_line(&r, &v, line);
		assert_int_equal(read_line(line, &back, &v), READ_FACTS);
		/* Numbers of the running system, which are left out. */
		back.e.sock.inode = r.e.sock.inode;
		back.e.sock.cgroup = r.e.sock.cgroup;
		assert_memory_equal(&back.e.sock, &r.e.sock,
				    offsetof(struct sock_facts, abort_on_overflow));
		assert_int_equal(back.e.sock.fin_timeout_jiffies, r.e.sock.fin_timeout_jiffies);
		assert_int_equal(back.history.resets_before, r.history.resets_before);
		assert_int_equal(back.history.reset.seq, r.history.reset.seq);
		assert_true(back.history.period_s == r.history.period_s);
		assert_int_equal(back.e.life.ended_ns, r.e.life.ended_ns);
		assert_int_equal(back.e.life.snd_nxt, r.e.life.snd_nxt);
		assert_memory_equal(&back.e.flow, &r.e.flow, sizeof(r.e.flow));
		assert_int_equal(back.e.time_ns, r.e.time_ns);
		assert_int_equal(back.e.jiffies, r.e.jiffies);
		assert_int_equal(back.time_ns, r.time_ns);
		assert_int_equal(back.hz, r.hz);
		assert_int_equal(!back.host, !r.host);
		if (r.host)
			assert_string_equal(back.host, r.host);
	}
}

static void give_summary(struct record *r, struct verdict *v)
{
	*r = (struct record){.suppressed = 4711,
			     .time_ns = 1795176000123456789ULL,
			     .host = "node-7",
			     .e = {.direction = DIRECTION_SENT,
				   .kind = {.direction = DIRECTION_SENT,
					    .state = STATE_TIME_WAIT,
					    .reason = 7,
					    .v6 = 1,
					    .bits = KIND_DROPPED}}};
	*v = (struct verdict){.cause = cause_find("port-closed"),
			      .confidence = LIKELY,
			      .state = STATE_TIME_WAIT};
	verdict_summary(v, "4711 more like this");
	verdict_evidence(v, "more than --rate");
}

/* What stands for suppressed events has no facts to be judged by. */
static void test_summary(void **state)
{
	struct record r, back;
	struct verdict v;

	give_summary(&r, &v);
	write_line(&r, &v, line);
	assert_int_equal(read_line(line, &back, &v), READ_VERDICT);
	assert_memory_equal(&back.e.kind, &r.e.kind, sizeof(r.e.kind));
	write_line(&back, &v, again);
	check_equal();
}

/* The line without its last key, as an older version writes it. */
static void take_facts(char *text)
{
	char *facts = strstr(text, ",\"facts\":{");

	assert_non_null(facts);
	strcpy(facts, "}\n");
}

static void test_without_facts(void **state)
{
	for (const struct row *row = rows_active; row->name; row++) {
		struct record r = record_of(&row->given), back;
		struct verdict v;

		r.time_ns = 1795176000123456789ULL;
		strcpy(r.id, "00000000deadbeef");
		judge(&r, &v);
		write_line(&r, &v, line);
		take_facts(line);
		assert_int_equal(read_line(line, &back, &v), READ_VERDICT);
		write_line(&back, &v, again);
		take_facts(again);
		check_equal();
	}
}

static void check_bad(const char *text, const char *why)
{
	struct record r;
	struct verdict v;

	assert_int_equal(read_line(text, &r, &v), READ_ERROR);
	if (!strstr(error, why))
		fail_msg("\"%s\" does not say \"%s\"", error, why);
}

#define BEGIN "{\"time\":\"2026-11-20T12:00:00Z\",\"reset\":{\"direction\":\"sent\",\"cause\":\"x\""

static void test_bad(void **state)
{
	check_bad("", "not JSON");
	check_bad("nonsense", "not JSON");
	check_bad("{\"time\":", "ends too early");
	check_bad("{} {}", "not JSON");
	check_bad("[1,2]", "not an event");
	check_bad("null", "not JSON");
	check_bad("{}", "not an event");
	check_bad("{\"time\":1,\"reset\":[]}", "not an event");
	check_bad("{\"time\":1,\"reset\":{\"direction\":2,\"cause\":3}}", "time is not");
	check_bad(BEGIN ",\"pair\":\"<script>\"}}", "reset.pair is not a name");
	check_bad(BEGIN ",\"pair\":\"a\\\\b\"}}", "reset.pair is not a name");
	check_bad(BEGIN ",\"pair\":\"0123456789abcdef0\"}}", "reset.pair is not a name that fits");
	check_bad(BEGIN ",\"kernel_reason\":\"\\u001b[2J\"}}", "reset.kernel_reason is not a name");
	check_bad(BEGIN ",\"suppressed\":-1}}", "reset.suppressed is not a whole number");
	check_bad(BEGIN ",\"suppressed\":-18446744073709551616}}", "reset.suppressed is not");
	check_bad(BEGIN ",\"suppressed\":1e300}}", "reset.suppressed is not");
	check_bad(BEGIN "},\"network\":{\"local\":{\"port\":65536}}}", "network.local.port is not");
	check_bad(BEGIN "},\"network\":{\"local\":{\"port\":80.5}}}", "network.local.port is not");
	check_bad(BEGIN "},\"network\":{\"peer\":{\"address\":\"1.2.3\"}}}", "an IP address");
	check_bad(BEGIN "},\"host\":{\"name\":7}}", "host.name is not a string");
	check_bad(BEGIN "},\"segment\":{\"options\":\"abc\"}}", "segment.options is not");
	check_bad(BEGIN "},\"stack\":{\"kernel\":[1]}}", "stack.kernel is not");
	check_bad(BEGIN "},\"facts\":[]}", "facts is not an object");
	check_bad(BEGIN "},\"facts\":{\"sock\":7}}", "facts.sock is not an object");
	check_bad(BEGIN "},\"facts\":{\"have\":65536}}", "facts.have is not");
	check_bad(BEGIN "},\"facts\":{\"sock\":{\"linger2\":2147483648}}}", "facts.sock.linger2");
	check_bad(BEGIN "},\"facts\":{\"history\":{\"ttl_known\":2}}}", "is not 0 or 1");
	check_bad(BEGIN "},\"facts\":{\"task\":[1]}}", "facts.task is not a process");
	check_bad(BEGIN "},\"facts\":{\"payload_len\":255}}", "facts.payload_len is not 0 or 8");
	check_bad(BEGIN "},\"facts\":{\"payload_len\":7}}", "facts.payload_len is not 0 or 8");
	check_bad(BEGIN "},\"facts\":{\"opener\":1}}", "facts.opener is not a process");
	check_bad(BEGIN "},\"facts\":{\"cgroup\":{\"hex\":\"zz\"}}}", "facts.cgroup is not");
}

static void test_nul(void **state)
{
	struct record r;
	struct verdict v;
	static const char text[] = BEGIN "\0}}";

	assert_int_equal(read_record(reader, text, sizeof(text) - 1, &r, &v, error), READ_ERROR);
	assert_non_null(strstr(error, "NUL"));
	check_bad(BEGIN ",\"pair\":\"a\\u0000b\"}}", "reset.pair is not a name");
}

static void test_depth(void **state)
{
	static char deep[100000];

	memset(deep, '[', sizeof(deep) - 1);
	check_bad(deep, "not JSON");
}

/* Keys that others add, and what is null, do not matter. */
static void test_other_keys(void **state)
{
	struct record r;
	struct verdict v;

	assert_int_equal(read_line(BEGIN ",\"new\":{\"a\":[{}]},\"pair\":null},\"host\":\"x\"}", &r,
				   &v),
			 READ_VERDICT);
	assert_string_equal(v.cause->id, "unknown");
	write_line(&r, &v, line);
}

/* The other end's id alone says nothing of who and why. */
static void test_half_a_pair(void **state)
{
	struct record r;
	struct verdict v;

	assert_int_equal(read_line(BEGIN ",\"pair\":\"0123456789abcdef\"},\"facts\":{}}", &r, &v),
			 READ_FACTS);
	judge(&r, &v);
	write_line(&r, &v, line);
	assert_null(strstr(line, "null"));
}

/* Lines with a byte changed: an event or an error, and no harm. */
static void test_damaged(void **state)
{
	for (int i = 0; i < ROUNDS; i++) {
		struct record r = nonsense();
		struct verdict v;

		keep_promises(&r);
		judge(&r, &v);
		write_line(&r, &v, line);
		for (int n = 0; n < 3; n++)
			line[nonsense_number() % strlen(line)] = 1 + nonsense_number() % 127;
		switch (read_line(line, &r, &v)) {
		case READ_ERROR:
			assert_true(error[0]);
			continue;
		case READ_FACTS:
			judge(&r, &v);
			break;
		case READ_VERDICT:
			break;
		}
		write_line(&r, &v, again);
		text_put(out, &(struct style){.evidence = true, .stack = true}, &r, &v);
		shown(out, again);
	}
}

#define REPLAY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		REPLAY_TEST(test_rows),        REPLAY_TEST(test_random),
		REPLAY_TEST(test_members),     REPLAY_TEST(test_summary),
		REPLAY_TEST(test_bad),         REPLAY_TEST(test_without_facts),
		REPLAY_TEST(test_nul),         REPLAY_TEST(test_depth),
		REPLAY_TEST(test_damaged),     REPLAY_TEST(test_other_keys),
		REPLAY_TEST(test_half_a_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
