// SPDX-License-Identifier: GPL-2.0
/* Whether two paths lead to one file. */
#include "same_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"
#include "unit.h"

static char place[] = "/tmp/rstwhy-unit-XXXXXX", absolute[64];

static int go_there(void **state)
{
	int failed = !mkdtemp(place) || chdir(place) || mkdir("dir", 0755);

	snprintf(absolute, sizeof(absolute), "%s/new", place);
	close(open("there", O_CREAT | O_WRONLY, 0644));
	close(open("other", O_CREAT | O_WRONLY, 0644));
	return failed || link("there", "hard") || symlink("../there", "dir/soft") ||
	       symlink("new", "dangling") || symlink("dangling", "twice") ||
	       symlink("loop", "loop");
}

static int leave(void **state)
{
	return chdir("/") || tree_remove(place);
}

static void test_same(void **state)
{
	static const char *const pairs[][2] = {
		{"there", "there"}, {"there", "./there"},   {"there", "dir/../there"},
		{"there", "hard"},  {"hard", "dir/soft"},   {"new", "new"},
		{"new", "./new"},   {"new", "dir/../new"},  {"new", "dangling"},
		{"twice", "new"},   {"dangling", absolute}, {"dir/x", "dir//x"},
	};

	for (unsigned i = 0; i < LENGTH(pairs); i++)
		if (!same_file(pairs[i][0], pairs[i][1]) || !same_file(pairs[i][1], pairs[i][0]))
			fail_msg("%s and %s are the same", pairs[i][0], pairs[i][1]);
}

static void test_different(void **state)
{
	static const char *const pairs[][2] = {
		{"there", "other"},         {"there", "new"},           {"new", "newer"},
		{"new", "dir/new"},         {"there", "dangling"},      {"none/a", "none/b"},
		{"/dev/null", "/dev/null"}, {"/dev/full", "/dev/full"},
	};

	for (unsigned i = 0; i < LENGTH(pairs); i++)
		if (same_file(pairs[i][0], pairs[i][1]))
			fail_msg("%s and %s are not the same", pairs[i][0], pairs[i][1]);
}

static void test_stdout(void **state)
{
	int before = dup(STDOUT_FILENO), there = open("there", O_WRONLY);

	dup2(there, STDOUT_FILENO);
	assert_true(same_file(NULL, "hard"));
	assert_false(same_file(NULL, "other"));
	close(STDOUT_FILENO);
	assert_false(same_file(NULL, "there"));
	dup2(before, STDOUT_FILENO);
	close(before);
	close(there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_different),
		cmocka_unit_test(test_stdout),
	};

	return cmocka_run_group_tests_name("same_file", tests, go_there, leave);
}
