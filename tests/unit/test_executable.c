// SPDX-License-Identifier: GPL-2.0
/* Which path of an executable is believed. The processes are real, and sleep. */
#define _GNU_SOURCE /* unshare(), pipe2() */
#include "executable.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static char sleeper[PATH_MAX], victim[PATH_MAX]; /* without links */

/* Before it runs the program; false: not possible here. */
typedef bool prepare(const char *program);

static bool nothing(const char *program)
{
	return true;
}

static bool new_users(const char *program)
{
	return !unshare(CLONE_NEWUSER | CLONE_NEWNS) &&
	       !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

/* The attack: another program in the place of `program`. */
static bool disguise(const char *program)
{
	return new_users(program) && !mount(sleeper, program, NULL, MS_BIND, NULL);
}

/* As a container of root's. */
static bool mounts_as_root(const char *program)
{
	return !unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	       !mount(sleeper, program, NULL, MS_BIND, NULL);
}

/* A process that runs `program` when this returns. 0: not possible here. */
static pid_t run(const char *program, prepare *before)
{
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (before(program))
			execl(program, program, "60", (char *)NULL);
		(void)!write(ready[1], "n", 1);
		_exit(1);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1) == 1) {
		waitpid(pid, NULL, 0);
		pid = 0;
	}
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void expect(const char *program, prepare *before, const char *told)
{
	char path[256] = "untouched";
	pid_t pid = run(program, before);

	if (!pid)
		skip();
	assert_true(executable_path(pid, path, sizeof(path)));
	end(pid);
	assert_string_equal(path, told);
}

static void test_plain(void **state)
{
	expect(sleeper, nothing, sleeper);
}

/* As a browser does with its sandboxes: the path leads to the same file from here. */
static void test_other_users(void **state)
{
	expect(sleeper, new_users, sleeper);
}

static void test_disguised(void **state)
{
	expect(victim, disguise, "");
}

static void test_container(void **state)
{
	expect(victim, mounts_as_root, victim);
}

/* A program that was replaced by an update goes on, if it was root's. */
static void test_gone(void **state)
{
	char directory[] = "/tmp/executable.XXXXXX", copy[64], command[2 * PATH_MAX], path[256];
	pid_t pid;

	assert_non_null(mkdtemp(directory));
	snprintf(copy, sizeof(copy), "%s/program", directory);
	snprintf(command, sizeof(command), "cp %s %s", sleeper, copy);
	/* NOLINTNEXTLINE(cert-env33-c): both paths are ours */
	assert_int_equal(system(command), 0);
	pid = run(copy, nothing);
	assert_true(pid);
	unlink(copy);
	rmdir(directory);
	assert_true(executable_path(pid, path, sizeof(path)));
	end(pid);
	assert_string_equal(path, geteuid() ? "" : copy);
}

static void test_none(void **state)
{
	char path[16] = "untouched";
	pid_t pid = run(sleeper, nothing);

	assert_true(executable_path(pid, path, 4)); /* it does not fit */
	assert_string_equal(path, "");
	end(pid);
	strcpy(path, "untouched");
	assert_false(executable_path(pid, path, sizeof(path)));
	assert_string_equal(path, "untouched");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),     cmocka_unit_test(test_other_users),
		cmocka_unit_test(test_disguised), cmocka_unit_test(test_container),
		cmocka_unit_test(test_gone),      cmocka_unit_test(test_none),
	};

	if (!realpath("/bin/sleep", sleeper) || !realpath("/bin/true", victim))
		return 1;
	return cmocka_run_group_tests_name("executable", tests, NULL, NULL);
}
