// SPDX-License-Identifier: GPL-2.0
/* Units that come and go: which are one, and which only look like it. */
#include "unit_family.h"

#include <string.h>

#include "unit.h"

#define ID32 "0123456789abcdef0123456789abcdef"

static void test_families(void **state)
{
	static const char *const pairs[][2] = {
		{"session-1.scope", "session-*.scope"},
		{"session-c12.scope", "session-c*.scope"},
		{"user@1000.service", "user@*.service"},
		{"user-1000.slice", "user-*.slice"},
		{"run-4711.scope", "run-*.scope"},
		{"run-u7.service", "run-u*.service"},
		{"run-r" ID32 ".scope", "run-r*.scope"},
		{"run-r" ID32 ".service", "run-r*.service"},
		{"run-p812-i9.service", "run-p*-i*.service"},
		{"docker-" ID32 ID32 ".scope", "docker-*.scope"},
		{"cri-containerd-" ID32 ID32 ".scope", "cri-containerd-*.scope"},
	};
	char room[UNIT_LEN];

	for (size_t i = 0; i < LENGTH(pairs); i++)
		assert_string_equal(unit_family(pairs[i][0], room), pairs[i][1]);
}

static void test_others(void **state)
{
	static const char *const units[] = {
		"",
		"nginx.service",
		"nginx@1.service",
		"session-.scope",
		"session-1.scope.service",
		"session-1x.scope",
		"run-backup.service",
		"run-u.service",
		"run-u1",
		"run-r0123.service",
		"run-p1-i.service",
		"run-user-1000.mount",
		"user@.service",
		"user@backup.service",
		"docker-registry.scope",
		"docker.service",
		"prerun-1.scope",
	};
	char room[UNIT_LEN];

	for (size_t i = 0; i < LENGTH(units); i++)
		assert_ptr_equal(unit_family(units[i], room), units[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests_name("unit_family", tests, NULL, NULL);
}
