// SPDX-License-Identifier: GPL-2.0
/* Where a file can be made and written, in a process of its own, for it stays. */
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#define NO_LIMITS 255 /* what no errno is */

static char directory[] = "/tmp/paths.XXXXXX", elsewhere[] = "/tmp/paths.XXXXXX";
static char output[64], other[64], linked[64];

static int set_up(void **state)
{
	if (!mkdtemp(directory) || !mkdtemp(elsewhere))
		return -1;
	snprintf(output, sizeof(output), "%s/log", directory);
	snprintf(linked, sizeof(linked), "%s/link", directory);
	snprintf(other, sizeof(other), "%s/log", elsewhere);
	close(creat(other, 0644));
	return symlink(other, linked);
}

static int tear_down(void **state)
{
	unlink(output);
	unlink(linked);
	unlink(other);
	return rmdir(directory) || rmdir(elsewhere);
}

static int within(const struct options *o, int (*call)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		_exit(!paths_can_be_closed() || paths_close_others(o) ? NO_LIMITS : call());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_LIMITS)
		skip();
	return WEXITSTATUS(status);
}

static int write_to(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644) < 0 ? errno : 0;
}

static int writes(void)
{
	return write_to(output);
}

static int writes_elsewhere(void)
{
	return write_to(other);
}

static int writes_by_link(void)
{
	return write_to(linked);
}

/* As the numbered files of --pcapng-size, and a page that is put in its place. */
static int renames(void)
{
	char old[80];

	snprintf(old, sizeof(old), "%s.1", output);
	return write_to(output) || rename(output, old) || write_to(output) || rename(old, output)
		       ? errno
		       : 0;
}

static int removes_elsewhere(void)
{
	return unlink(other) ? errno : 0;
}

static int makes_directory(void)
{
	return mkdir("/tmp/paths", 0755) ? errno : 0;
}

static int reads_anywhere(void)
{
	return open(other, O_RDONLY) < 0 || open("/proc/self/status", O_RDONLY) < 0 ? errno : 0;
}

static void test_outputs(void **state)
{
	const struct options to_file = {.output = output}, to_pcapng = {.pcapng = output},
			     to_link = {.output = linked};

	assert_int_equal(within(&to_file, writes), 0);
	assert_int_equal(within(&to_file, renames), 0);
	assert_int_equal(within(&to_pcapng, renames), 0);
	assert_int_equal(within(&to_file, writes_elsewhere), EACCES);
	assert_int_equal(within(&to_file, writes_by_link), EACCES);
	assert_int_equal(within(&to_file, removes_elsewhere), EACCES);
	assert_int_equal(within(&to_link, writes_by_link), 0);
	assert_int_equal(within(&to_link, writes), 0);
}

static void test_no_output(void **state)
{
	static const struct options plain;

	assert_int_equal(within(&plain, writes), EACCES);
	assert_int_equal(within(&plain, removes_elsewhere), EACCES);
	assert_int_equal(within(&plain, makes_directory), EACCES);
	assert_int_equal(within(&plain, reads_anywhere), 0);
}

/* In a directory that is not there: the sink has told already that it cannot be opened. */
static void test_none(void **state)
{
	const struct options o = {.output = "/nosuch/directory/log"};

	assert_int_equal(within(&o, reads_anywhere), 0);
	assert_int_equal(within(&o, writes), EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outputs),
		cmocka_unit_test(test_no_output),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("paths", tests, set_up, tear_down);
}
