// SPDX-License-Identifier: GPL-2.0
/* The filters that user space decides. */
#include <string.h>

#include "filter.h"
#include "unit.h"

static const struct task nginx = {.pid = 812, .comm = "nginx"};
static const struct cause cause = {.id = "close-unread-data"}, other = {.id = "port-closed"};

/* No filter but the directions. */
#define ALL .direction = {true, true, true}

static bool wants(struct filter f, const char *cgroup)
{
	struct verdict v = {.cause = &cause, .who = &nginx};
	struct record r = {.e = {.direction = DIRECTION_SENT}};

	strcpy(r.cgroup, cgroup);
	return filter_wants(&f, &r, &v);
}

static bool wants_nobody(struct filter f)
{
	struct verdict v = {.cause = &cause};
	struct record r = {.e = {.direction = DIRECTION_SENT}};

	return filter_wants(&f, &r, &v);
}

static void test_everything(void **state)
{
	assert_true(wants((struct filter){ALL}, ""));
	assert_true(wants((struct filter){ALL}, "/system.slice/nginx.service"));
	assert_true(wants_nobody((struct filter){ALL}));
}

static void test_directions(void **state)
{
	struct verdict v = {.cause = &cause};

	for (int only = 0; only < DIRECTION_MAX; only++)
		for (int is = 0; is < DIRECTION_MAX; is++) {
			struct filter f = {.direction = {[DIRECTION_NONE] = false}};
			struct record r = {.e = {.direction = is}};

			f.direction[only] = true;
			assert_int_equal(filter_wants(&f, &r, &v), only == is);
		}
}

static void test_pid(void **state)
{
	assert_true(wants((struct filter){ALL, .pid = 812}, ""));
	assert_false(wants((struct filter){ALL, .pid = 813}, ""));
	assert_false(wants_nobody((struct filter){ALL, .pid = 812}));
}

static void test_comm(void **state)
{
	assert_true(wants((struct filter){ALL, .comm = "nginx"}, ""));
	assert_false(wants((struct filter){ALL, .comm = "ngin"}, ""));
	assert_false(wants((struct filter){ALL, .comm = "nginx2"}, ""));
	assert_false(wants_nobody((struct filter){ALL, .comm = "nginx"}));
	assert_true(wants((struct filter){ALL, .comm = "nginx", .pid = 812}, ""));
	assert_false(wants((struct filter){ALL, .comm = "nginx", .pid = 813}, ""));
}

/* All 16 bytes in use, no NUL. */
static void test_long_comm(void **state)
{
	struct task task = {.pid = 1,
			    .comm = {'1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c',
				     'd', 'e', 'f', 'g'}};
	struct verdict v = {.cause = &cause, .who = &task};
	struct record r = {.e = {.direction = DIRECTION_SENT}};
	struct filter f = {ALL, .comm = "123456789abcdefg"};

	assert_true(filter_wants(&f, &r, &v));
	f.comm = "123456789abcdef";
	assert_false(filter_wants(&f, &r, &v));
}

static void test_cgroup(void **state)
{
	assert_true(wants((struct filter){ALL, .cgroup = "/a"}, "/a"));
	assert_true(wants((struct filter){ALL, .cgroup = "/a"}, "/a/b"));
	assert_false(wants((struct filter){ALL, .cgroup = "/a"}, "/ab"));
	assert_false(wants((struct filter){ALL, .cgroup = "/a/b"}, "/a"));
	assert_false(wants((struct filter){ALL, .cgroup = "/a"}, "/"));
	assert_false(wants((struct filter){ALL, .cgroup = "/a"}, "")); /* not known */
}

static void test_cgroup_with_slash(void **state)
{
	assert_true(wants((struct filter){ALL, .cgroup = "/a/"}, "/a"));
	assert_true(wants((struct filter){ALL, .cgroup = "/a/"}, "/a/b"));
	assert_false(wants((struct filter){ALL, .cgroup = "/a/"}, "/ab"));
	assert_true(wants((struct filter){ALL, .cgroup = "/"}, "/a"));
	assert_true(wants((struct filter){ALL, .cgroup = "/"}, "/"));
}

static void test_causes(void **state)
{
	assert_true(wants((struct filter){ALL, .only = {&cause}}, ""));
	assert_true(wants((struct filter){ALL, .only = {&other, &cause}}, ""));
	assert_false(wants((struct filter){ALL, .only = {&other}}, ""));
	assert_false(wants((struct filter){ALL, .except = {&cause}}, ""));
	assert_false(wants((struct filter){ALL, .except = {&other, &cause}}, ""));
	assert_true(wants((struct filter){ALL, .except = {&other}}, ""));
	assert_false(wants((struct filter){ALL, .only = {&cause}, .except = {&cause}}, ""));
}

/* Of what was only counted no name is known, but BPF may have told that it is of a wanted process. */
static void test_kinds(void **state)
{
	const struct verdict v = {.cause = &cause};
	const struct record r = {.e = {.direction = DIRECTION_SENT}};
	const struct record mine = {.e = {.direction = DIRECTION_SENT, .kind.bits = KIND_MINE}};
	const struct filter all = {ALL}, pid = {ALL, .pid = 812}, comm = {ALL, .comm = "nginx"},
			    only = {ALL, .only = {&other}}, except = {ALL, .except = {&cause}},
			    received = {.direction = {[DIRECTION_RECEIVED] = true}};

	assert_true(filter_wants_kind(&all, &r, &v));
	assert_false(filter_wants_kind(&pid, &r, &v));
	assert_true(filter_wants_kind(&pid, &mine, &v));
	assert_false(filter_wants_kind(&comm, &r, &v));
	assert_true(filter_wants_kind(&comm, &mine, &v));
	assert_false(filter_wants_kind(&only, &mine, &v));
	assert_false(filter_wants_kind(&except, &mine, &v));
	assert_false(filter_wants_kind(&received, &mine, &v));
}

int main(void)
{
	const struct CMUnitTest filter[] = {
		cmocka_unit_test(test_everything),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_pid),
		cmocka_unit_test(test_comm),
		cmocka_unit_test(test_long_comm),
		cmocka_unit_test(test_cgroup),
		cmocka_unit_test(test_cgroup_with_slash),
		cmocka_unit_test(test_causes),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(filter, NULL, NULL);
}
