// SPDX-License-Identifier: GPL-2.0
/* The fields of a journal entry, for one record of each shape. */
#include "journal_fields.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "given.h"
#include "hints.h"
#include "unit.h"

static const struct cause cause = {.id = "some-cause"};
static const struct hint hint = {.id = "some-hint"};
static const struct task nginx = {.pid = 812, .comm = "nginx"};

/* 2026-11-20T12:00:00.123456789Z */
#define WALL_CLOCK 1795176000123456789ULL

static struct verdict verdict(void)
{
	struct verdict v = {.cause = &cause, .confidence = LIKELY};

	verdict_summary(&v, "a summary");
	return v;
}

/* One field a line, to compare with. */
static const char *fields(const struct record *r, const struct verdict *v)
{
	static char lines[8192];
	size_t ends[JOURNAL_FIELDS_MAX], begin = 0, at = 0;
	struct out *o = out_new(-1);
	unsigned len;

	assert_non_null(o);
	len = journal_fields(o, r, v, ends);
	assert_true(len <= JOURNAL_FIELDS_MAX);
	assert_int_equal(ends[len - 1], out_mark(o));
	for (unsigned i = 0; i < len; begin = ends[i++])
		at += snprintf(lines + at, sizeof(lines) - at, "%.*s\n", (int)(ends[i] - begin),
			       o->data + begin);
	out_free(o);
	return lines;
}

static void test_sent(void **state)
{
	struct record r = record_of(&(struct given){
		.state = STATE_CLOSE,
		.was = STATE_CLOSE_WAIT,
		.reason = REASON_TCP_ABORT_ON_CLOSE,
		.paired = true,
	});
	struct verdict v = verdict();

	r.time_ns = WALL_CLOCK;
	strcpy(r.id, "00000000deadbeef");
	strcpy(r.cgroup, "/system.slice/nginx.service");
	strcpy(r.container.unit, "nginx.service");
	strcpy(r.community_id, "1:bMZQU6Dqx1UG4GidjumoIU51/eY=");
	r.executable_pid = nginx.pid;
	strcpy(r.executable, "/usr/sbin/nginx");
	v.site = "__tcp_close";
	v.error = ECONNRESET;
	v.state = STATE_CLOSE_WAIT;
	v.who = &nginx;
	v.role = ROLE_CLOSER;
	verdict_evidence(&v, "one");
	verdict_evidence(&v, "two");
	verdict_hint(&v, &hint, "a hint");
	assert_string_equal(fields(&r, &v), "MESSAGE=TCP reset sent from 10.0.0.1:80 to "
					    "10.0.0.2:41234: some-cause: a summary\n"
					    "MESSAGE_ID=" JOURNAL_MESSAGE_ID "\n"
					    "PRIORITY=5\n"
					    "SYSLOG_IDENTIFIER=rstwhy\n"
					    "OBJECT_PID=812\n"
					    "OBJECT_SYSTEMD_UNIT=nginx.service\n"
					    "RST_TIME=2026-11-20T12:00:00.123456789Z\n"
					    "RST_ID=00000000deadbeef\n"
					    "RST_DIRECTION=sent\n"
					    "RST_CAUSE=some-cause\n"
					    "RST_CONFIDENCE=likely\n"
					    "RST_LOCAL=10.0.0.1:80\n"
					    "RST_PEER=10.0.0.2:41234\n"
					    "RST_STATE=close_wait\n"
					    "RST_KERNEL_REASON=TCP_ABORT_ON_CLOSE\n"
					    "RST_ERRNO=ECONNRESET\n"
					    "RST_SITE=__tcp_close\n"
					    "RST_PAIR=0123456789abcdef\n"
					    "RST_COMMUNITY_ID=1:bMZQU6Dqx1UG4GidjumoIU51/eY=\n"
					    "RST_PID=812\n"
					    "RST_PROCESS=nginx\n"
					    "RST_ROLE=closer\n"
					    "RST_EXECUTABLE=/usr/sbin/nginx\n"
					    "RST_NETNS=4026531840\n"
					    "RST_CGROUP=/system.slice/nginx.service\n"
					    "RST_UNIT=nginx.service\n"
					    "RST_HINT=some-hint: a hint\n"
					    "RST_EVIDENCE=one\n"
					    "RST_EVIDENCE=two\n");
}

/* It stands for many, and has neither ends nor an id. */
static void test_suppressed(void **state)
{
	struct record r = {.suppressed = 7, .time_ns = WALL_CLOCK};
	struct verdict v = verdict();

	r.e.direction = DIRECTION_RECEIVED;
	assert_string_equal(fields(&r, &v), "MESSAGE=TCP resets received: some-cause: a summary\n"
					    "MESSAGE_ID=" JOURNAL_MESSAGE_ID "\n"
					    "PRIORITY=6\n"
					    "SYSLOG_IDENTIFIER=rstwhy\n"
					    "RST_TIME=2026-11-20T12:00:00.123456789Z\n"
					    "RST_DIRECTION=received\n"
					    "RST_CAUSE=some-cause\n"
					    "RST_CONFIDENCE=likely\n"
					    "RST_SUPPRESSED=7\n");
}

/* The entry is of the service that lost its connection, not of who destroyed it. */
static void test_killer(void **state)
{
	struct record r =
		record_of(&(struct given){.state = STATE_ESTABLISHED, .knows = KNOWS(OWNER)});
	struct verdict v = verdict();
	const struct task ss = {.pid = 900, .comm = "ss"};

	v.who = &ss;
	v.role = ROLE_KILLER;
	fields(&r, &v);
	assert_non_null(strstr(fields(&r, &v), "\nOBJECT_PID=200\n"));
	assert_non_null(strstr(fields(&r, &v), "\nRST_PID=900\nRST_PROCESS=ss\nRST_ROLE=killer\n"));
	assert_non_null(strstr(fields(&r, &v), "\nRST_OWNER_PID=200\nRST_OWNER=owner\n"));
	r.owner.pid = 0;
	assert_null(strstr(fields(&r, &v), "OBJECT_PID"));
}

/* What a user's manager runs is no unit of the system's manager, who is one. */
static void test_user_unit(void **state)
{
	struct record r = record_of(&(struct given){.state = STATE_ESTABLISHED});
	struct verdict v = verdict();

	strcpy(r.cgroup, "/user.slice/user-1000.slice/user@1000.service/app.slice/web.service");
	container_of(r.cgroup, &r.container);
	assert_non_null(strstr(fields(&r, &v), "\nOBJECT_SYSTEMD_UNIT=user@1000.service\n"));
	assert_non_null(strstr(fields(&r, &v), "\nRST_UNIT=user@1000.service\n"));
}

/* The values keep their bytes; only the message must be printable. */
static void test_hostile(void **state)
{
	struct record r = record_of(&(struct given){.state = STATE_ESTABLISHED});
	struct verdict v = verdict();
	const struct task evil = {.pid = 1, .comm = "a\nPRIORITY=0\033["};

	v.who = &evil;
	v.role = ROLE_OWNER;
	verdict_summary(&v, "%s did it", evil.comm);
	assert_non_null(strstr(fields(&r, &v), ": a?PRIORITY=0?[ did it\n"));
	assert_non_null(strstr(fields(&r, &v), "\nRST_PROCESS=a\nPRIORITY=0\033[\n"));
}

/* All there is at once fits. */
static void test_most(void **state)
{
	struct record r = record_of(&(struct given){.state = STATE_ESTABLISHED});
	struct verdict v = verdict();

	for (unsigned i = 0; i < EVIDENCE_MAX + 1; i++)
		verdict_evidence(&v, "%0*u", TEXT_LEN, i);
	for (unsigned i = 0; i < HINTS_MAX; i++)
		verdict_hint(&v, &hint, "%u", i);
	memset(r.cgroup, 'x', sizeof(r.cgroup) - 1);
	r.cgroup[sizeof(r.cgroup) - 1] = '\0';
	assert_non_null(strstr(fields(&r, &v), "\nRST_HINT=some-hint: 9\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sent),    cmocka_unit_test(test_suppressed),
		cmocka_unit_test(test_killer),  cmocka_unit_test(test_user_unit),
		cmocka_unit_test(test_hostile), cmocka_unit_test(test_most),
	};

	return cmocka_run_group_tests_name("journal_fields", tests, NULL, NULL);
}
