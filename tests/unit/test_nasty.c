// SPDX-License-Identifier: GPL-2.0
/* Hostile strings in everything that can hold one, in every output. */
#define _GNU_SOURCE /* memmem() */
#include "nasty.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "causes.h"
#include "exposition.h"
#include "given.h"
#include "hints.h"
#include "journal_fields.h"
#include "log.h"
#include "pcapng.h"
#include "printable.h"
#include "read_record.h"
#include "shown.h"
#include "timeouts.h"
#include "unit.h"
#include "utf8.h"

static struct out *out;

static int set_up(void **state)
{
	out = out_new(-1);
	return out ? 0 : -1;
}

static int tear_down(void **state)
{
	out_free(out);
	return 0;
}

/* UTF-8 in which, but for the ends of `lines` lines, nothing is a command. */
static void check_tame(const char *text, size_t len, unsigned lines)
{
	const unsigned char *p = (const unsigned char *)text, *end = p + len;

	while (p < end) {
		size_t n = utf8_sequence(p, end - p);

		if (!n || (*p != '\n' && utf8_is_command(p, n)))
			fail_msg("a byte %02x in: %.*s", *p, (int)len, text);
		lines -= *p == '\n';
		p += n;
	}
	assert_int_equal(lines, 0);
}

static void check_out(unsigned lines)
{
	check_tame(out_data(out), out_mark(out), lines);
}

static void fill(char *to, size_t size, const char *s)
{
	memset(to, 0, size);
	memcpy(to, s, strnlen(s, size - 1));
}

/* The name of a process has no NUL behind it when it is long. */
static void name(struct task *task, const char *s)
{
	memset(task->comm, 0, COMM_LEN);
	memcpy(task->comm, s, strnlen(s, COMM_LEN));
}

/* Everything in it that is somebody else's is `s`. */
static struct record hostile(const char *s)
{
	struct record r = record_of(
		&(struct given){.kind = ACTIVE,
				.state = STATE_CLOSE,
				.was = STATE_ESTABLISHED,
				.bits = SOCK_BIT_SOCKET | SOCK_BIT_OWNED,
				.shutdown = 3,
				.stack = {"tcp_send_active_reset", "__tcp_close", "tcp_close"},
				.reason = REASON_TCP_ABORT_ON_CLOSE,
				.unread = 904,
				.knows = KNOWS(RUNNER) | KNOWS(OWNER) | KNOWS(CLOSER)});

	name(&r.e.task, s);
	name(&r.e.life.opener, s);
	name(&r.e.life.closer, s);
	name(&r.e.listener, s);
	name(&r.owner, s);
	fill(r.cgroup, sizeof(r.cgroup), s);
	fill(r.executable, sizeof(r.executable), s);
	fill(r.limits, sizeof(r.limits), s);
	fill(r.pair_name, sizeof(r.pair_name), s);
	r.host = s;
	strcpy(r.pair, "0123456789abcdef");
	r.pair_cause = "port-closed";
	container_of(r.cgroup, &r.container);
	return r;
}

static struct verdict hostile_verdict(const struct record *r, const char *s)
{
	struct verdict v;

	judge(r, &v);
	verdict_evidence(&v, "%s", s);
	verdict_hint(&v, hint_at(0), "%s", s);
	return v;
}

static struct json_object *parse(void)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, out_data(out), out_mark(out) - 1);
	assert_int_equal(json_tokener_get_error(tokener), json_tokener_success);
	json_tokener_free(tokener);
	return object;
}

static void check_format(const struct format *f, const char *s)
{
	struct record r = hostile(s);
	struct verdict v = hostile_verdict(&r, s);

	f->put(out, &(struct style){.evidence = true}, &r, &v);
	if (strcmp(f->name, "text")) {
		check_out(1);
		json_object_put(parse());
	} else {
		check_out(2 + v.hints_len + v.evidence_len);
	}
	out_rewind(out, 0);
}

static void test_formats(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		check_format(format_find("text"), nasty[i]);
		check_format(format_find("json"), nasty[i]);
		check_format(format_find("ecs"), nasty[i]);
	}
}

/* A reader of JSON gets the bytes, if they are text. */
static void test_json_back(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		const unsigned char *s = (const unsigned char *)nasty[i];
		size_t len = strlen(nasty[i]), n = 1;
		struct json_object *string;

		json_string(out, nasty[i], len);
		out_char(out, '\n');
		string = parse();
		while (n && *s)
			s += n = utf8_sequence(s, nasty[i] + len - (const char *)s);
		if (n)
			assert_string_equal(json_object_get_string(string), nasty[i]);
		json_object_put(string);
		out_rewind(out, 0);
	}
}

/* What is recorded comes back byte for byte: `facts` has what is no text. */
static void test_replay(void **state)
{
	struct record_reader *reader = record_reader_new();
	char error[READ_ERROR_LEN];

	for (size_t i = 0; i < LENGTH(nasty); i++) {
		struct record r = hostile(nasty[i]), back;
		struct verdict v = hostile_verdict(&r, nasty[i]);

		json_put(out, &(struct style){0}, &r, &v);
		assert_int_equal(read_record(reader, out_data(out), out_mark(out) - 1, &back, &v,
					     error),
				 READ_FACTS);
		assert_string_equal(back.cgroup, r.cgroup);
		assert_string_equal(back.executable, r.executable);
		assert_memory_equal(back.e.life.closer.comm, r.e.life.closer.comm, COMM_LEN);
		out_rewind(out, 0);
	}
	record_reader_free(reader);
}

/* Values are exact; a field begins where one of ours does, and MESSAGE is for people. */
static void test_journal(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		struct record r = hostile(nasty[i]);
		struct verdict v = hostile_verdict(&r, nasty[i]);
		size_t ends[JOURNAL_FIELDS_MAX], begin = 0;
		unsigned len = journal_fields(out, &r, &v, ends);

		assert_true(len <= JOURNAL_FIELDS_MAX);
		assert_int_equal(ends[len - 1], out_mark(out));
		check_tame(out_data(out), ends[0], 0);
		for (unsigned j = 0; j < len; begin = ends[j++])
			assert_true(!memcmp(out_data(out) + begin, "RST_", 4) || j < 6);
		out_rewind(out, 0);
	}
}

#define COMMENT_BEGIN "close-unread-data ["

static void test_pcapng(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		struct record r = hostile(nasty[i]);
		struct verdict v = hostile_verdict(&r, nasty[i]);
		struct pcapng file = {.netns_len = 1, .netns = {r.e.flow.netns}};
		const char *comment;
		uint16_t len;

		pcapng_put(&file, out, &r, &v);
		comment =
			memmem(out_data(out), out_mark(out), COMMENT_BEGIN, strlen(COMMENT_BEGIN));
		assert_non_null(comment);
		memcpy(&len, comment - sizeof(len), sizeof(len));
		for (const char *end; len; len -= end - comment, comment = end) {
			const char *line = memchr(comment, '\n', len);

			end = line ? line + 1 : comment + len;
			check_tame(comment, end - comment, !!line);
		}
		out_rewind(out, 0);
	}
}

/* name{label="value"} 1: one line, and no quote that is not escaped. */
static void test_label(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		struct exposition x = {.out = out, .family = "f"};
		const char *p;

		sample_begin(&x, "");
		sample_label(&x, "a", nasty[i]);
		sample_number(&x, 1);
		check_out(1);
		out_char(out, '\0');
		p = out_data(out) + strlen("f{a=\"");
		while (*p && *p != '"') {
			assert_true(*p != '\\' || strchr("\\\"n", p[1]));
			p += 1 + (*p == '\\');
		}
		assert_string_equal(p, "\"} 1\n");
		out_rewind(out, 0);
	}
}

static void test_printable(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		char text[sizeof(nasty_long)];

		strcpy(text, nasty[i]);
		make_printable(text);
		check_tame(text, strlen(text), 0);
		out_printable(out, nasty[i], strlen(nasty[i]));
		check_out(0);
		assert_int_equal(out_mark(out), strlen(text));
		assert_memory_equal(out_data(out), text, strlen(text));
		out_rewind(out, 0);
	}
}

/* What `talk` sends to stderr. */
static void check_stderr(void (*talk)(const char *s), const char *s)
{
	char text[4096];
	int ends[2], saved = dup(STDERR_FILENO);
	ssize_t len;

	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	talk(s);
	dup2(saved, STDERR_FILENO);
	close(ends[1]);
	len = read(ends[0], text, sizeof(text));
	close(ends[0]);
	close(saved);
	assert_true(len > 0);
	check_tame(text, len, 1);
}

static void complain(const char *s)
{
	log_error("open %s: no such file", s);
}

static void test_log(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++)
		check_stderr(complain, nasty[i]);
}

/* As the name of a timeout: a site's file may be everybody's. */
static void test_timeouts(void **state)
{
	for (size_t i = 0; i < LENGTH(nasty); i++) {
		char path[] = "/tmp/rstwhy-test-XXXXXX", error[TIMEOUTS_ERROR_LEN];
		int fd = mkstemp(path);

		assert_true(fd >= 0);
		dprintf(fd, "77.5\t%s\n", nasty[i]);
		close(fd);
		if (!timeouts_read(path, error)) {
			assert_true(timeout_at(0)->seconds == 77.5);
			assert_null(strchr(timeout_at(0)->who, '\n'));
		} else {
			assert_true(strlen(error) < sizeof(error));
		}
		timeouts_forget();
		unlink(path);
	}
}

#define NASTY_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NASTY_TEST(test_formats),   NASTY_TEST(test_json_back), NASTY_TEST(test_replay),
		NASTY_TEST(test_journal),   NASTY_TEST(test_pcapng),    NASTY_TEST(test_label),
		NASTY_TEST(test_printable), NASTY_TEST(test_log),       NASTY_TEST(test_timeouts),
	};

	return cmocka_run_group_tests_name("nasty", tests, NULL, NULL);
}
