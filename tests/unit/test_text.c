// SPDX-License-Identifier: GPL-2.0
/* The text format: whole lines, with and without colour, and what other people's names do to it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "given.h"
#include "hints.h"
#include "shown.h"
#include "unit.h"
#include "utf8.h"

static struct out *out;
static char text[SHOWN_LEN];

static int set_up(void **state)
{
	out = shown_new();
	setenv("TZ", "UTC", 1);
	tzset();
	return out ? 0 : -1;
}

static int tear_down(void **state)
{
	shown_free(out);
	return 0;
}

static const struct cause cause = {.id = "close-unread-data"};
static const struct hint hint = {.id = "early-response"};
static const struct task nginx = {.pid = 812, .comm = "nginx"};

static struct verdict verdict(void)
{
	struct verdict v = {.cause = &cause,
			    .confidence = CERTAIN,
			    .who = &nginx,
			    .state = STATE_ESTABLISHED};

	verdict_summary(&v, "nginx (812) closed the connection with 904 bytes unread");
	verdict_evidence(&v, "kernel reason TCP_ABORT_ON_CLOSE");
	verdict_evidence(&v, "904 bytes received and never read");
	return v;
}

static struct record record(void)
{
	struct record r =
		record_of(&(struct given){.state = STATE_CLOSE,
					  .stack = {"tcp_send_active_reset", "__tcp_close"}});

	r.time_ns = 1795176000412345678ULL;
	return r;
}

static const char *put(struct style style, const struct record *r, const struct verdict *v)
{
	text_put(out, &style, r, v);
	return shown(out, text);
}

static void test_header(void **state)
{
	text_begin(out, &(struct style){.colour = false});
	assert_string_equal(shown(out, text), "TIME             RESET     CAUSE                    "
					      "LOCAL                  "
					      "PEER                   STATE        PROCESS\n");
	text_begin(out, &(struct style){.colour = true});
	assert_string_equal(shown(out, text),
			    "\033[1mTIME             RESET     CAUSE                    LOCAL      "
			    "            "
			    "PEER                   STATE        PROCESS\033[0m\n");
}

static const char row[] =
	"12:00:00.412345  sent      close-unread-data        10.0.0.1:80            "
	"10.0.0.2:41234         established  nginx/812\n";
static const char reason[] =
	"                 nginx (812) closed the connection with 904 bytes unread [certain]\n";

static void check_text(struct style style, const struct record *r, const struct verdict *v,
		       const char *rest)
{
	char expected[1024];

	snprintf(expected, sizeof(expected), "%s%s%s", row, reason, rest);
	assert_string_equal(put(style, r, v), expected);
}

static void test_plain(void **state)
{
	struct record r = record();
	struct verdict v = verdict();

	check_text((struct style){.colour = false}, &r, &v, "");
}

static void test_everything(void **state)
{
	struct record r = record();
	struct verdict v = verdict();

	verdict_hint(&v, &hint, "closed after a response");
	check_text((struct style){.evidence = true, .stack = true}, &r, &v,
		   "                 early-response: closed after a response\n"
		   "                 - kernel reason TCP_ABORT_ON_CLOSE\n"
		   "                 - 904 bytes received and never read\n"
		   "                   tcp_send_active_reset\n"
		   "                   __tcp_close\n");
}

static void test_colour(void **state)
{
	struct record r = record();
	struct verdict v = verdict();

	v.who = NULL;
	v.evidence_len = 1;
	assert_string_equal(
		put((struct style){.colour = true, .evidence = true}, &r, &v),
		"12:00:00.412345  \033[31msent      \033[0m\033[1mclose-unread-data        "
		"\033[0m10.0.0.1:80            10.0.0.2:41234         established  -\n"
		"                 \033[0mnginx (812) closed the connection with 904 bytes unread "
		"[certain]\033[0m\n"
		"                 - \033[2mkernel reason TCP_ABORT_ON_CLOSE\033[0m\n");
}

/* The head of the columns and the rows stand below each other. */
static void test_columns(void **state)
{
	struct record r = record();
	struct verdict v = verdict();
	char header[SHOWN_LEN];

	text_begin(out, &(struct style){.colour = false});
	shown(out, header);
	put((struct style){.colour = false}, &r, &v);
	assert_int_equal(strstr(header, "LOCAL") - header, strstr(text, "10.0.0.1") - text);
	assert_int_equal(strstr(header, "PEER") - header, strstr(text, "10.0.0.2") - text);
	assert_int_equal(strstr(header, "STATE") - header, strstr(text, "established") - text);
	assert_int_equal(strstr(header, "PROCESS") - header, strstr(text, "nginx/") - text);
}

static void test_nothing_known(void **state)
{
	struct record r = record_of(&(struct given){.kind = RECEIVED});
	struct verdict v = {.cause = &cause};

	r.time_ns = 0;
	assert_string_equal(put((struct style){.colour = false}, &r, &v),
			    "00:00:00.000000  received  close-unread-data        10.0.0.1:80       "
			    "     "
			    "10.0.0.2:41234         -            -\n"
			    "                  [possible]\n");
}

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void check_process(const struct record *r, const struct verdict *v, const char *end)
{
	put((struct style){.colour = false}, r, v);
	*strchr(text, '\n') = '\0';
	assert_string_equal(strstr(text, "established  "), end);
}

static void test_units(void **state)
{
	struct record r = record();
	struct verdict v = verdict();

	strcpy(r.container.unit, "nginx.service");
	check_process(&r, &v, "established  nginx/812@nginx.service");
	strcpy(r.container.id, ID);
	check_process(&r, &v, "established  nginx/812@0123456789ab");
	v.role = ROLE_KILLER; /* not of the container whose socket it destroys */
	check_process(&r, &v, "established  nginx/812");
	v.role = ROLE_NONE;
	v.who = NULL;
	check_process(&r, &v, "established  -@0123456789ab");
}

/* No byte of it may mean something to a terminal: C0, DEL, and C1 in both encodings. */
static void check_harmless(const char *bytes)
{
	const unsigned char *p = (const unsigned char *)bytes;

	while (*p) {
		size_t n = utf8_sequence(p, strlen((const char *)p));

		assert_true(n);
		assert_true(*p == '\n' || (*p >= 0x20 && *p != 0x7f));
		assert_false(p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f);
		p += n;
	}
}

static struct task named(const char *comm)
{
	struct task task = {.pid = 1};

	memcpy(task.comm, comm, strnlen(comm, COMM_LEN));
	return task;
}

static void check_comm(const char *comm)
{
	struct record r = record();
	struct verdict v = verdict();
	struct task task = named(comm);

	v.who = &task;
	verdict_summary(&v, "%.16s did it", comm);
	verdict_evidence(&v, "by %.16s", comm);
	verdict_hint(&v, &hint, "as %.16s", comm);
	check_harmless(put((struct style){.evidence = true}, &r, &v));
}

static void test_hostile_comm(void **state)
{
	check_comm("\033[2J\033[31mroot");
	check_comm("a\nb\rc\td\be\177");
	check_comm("\033]0;title\007");
}

/* U+009B is CSI, the same as ESC [, to many terminals. */
static void test_hostile_comm_c1(void **state)
{
	check_comm("\302\2332Jroot");
	check_comm("\2332Jroot");
}

static void test_comm_without_nul(void **state)
{
	struct record r = record();
	struct verdict v = verdict();
	struct task task = named("0123456789abcdefXXXX");

	v.who = &task;
	put((struct style){.colour = false}, &r, &v);
	assert_non_null(strstr(text, "0123456789abcdef/1\n"));
}

static void test_comm_in_utf8(void **state)
{
	struct record r = record();
	struct verdict v = verdict();
	struct task task = named("gr\303\274n");

	v.who = &task;
	put((struct style){.colour = false}, &r, &v);
	assert_non_null(strstr(text, "gr\303\274n/1\n"));
}

#define TEXT_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEXT_TEST(test_header),
		TEXT_TEST(test_plain),
		TEXT_TEST(test_everything),
		TEXT_TEST(test_colour),
		TEXT_TEST(test_columns),
		TEXT_TEST(test_nothing_known),
		TEXT_TEST(test_hostile_comm),
		TEXT_TEST(test_hostile_comm_c1),
		TEXT_TEST(test_comm_without_nul),
		TEXT_TEST(test_comm_in_utf8),
		TEXT_TEST(test_units),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
