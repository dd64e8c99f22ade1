// SPDX-License-Identifier: GPL-2.0
/* The filter of system calls: what it lets through, in a process of its own, for it stays. */
#define _GNU_SOURCE /* clone(), CLONE_*, tgkill(), prlimit(), mkostemp() */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks.h"
#include "unit.h"

static const struct options plain, to_file = {.output = "x"}, to_pcapng = {.pcapng = "x"},
				   numbered = {.output = "x", .output_size = 1},
				   numbered_pcapng = {.pcapng = "x", .pcapng_size = 1},
				   to_kafka = {.kafka = "x"}, to_journal = {.journal = true},
				   to_both = {.kafka = "x", .journal = true},
				   to_page = {.command = COMMAND_REPORT, .output = "x"};

static void *nothing(void *argument)
{
	return argument;
}

static int reads(void)
{
	return open("/proc/self/status", O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
}

static int writes(void)
{
	return open("/dev/null", O_WRONLY | O_CREAT | O_APPEND, 0644) < 0 ? errno : 0;
}

static int reads_and_writes(void)
{
	return open("/dev/null", O_RDWR) < 0 ? errno : 0;
}

static int opens_handle(int flags)
{
	return syscall(SYS_open_by_handle_at, -1, NULL, flags) < 0 ? errno : 0;
}

static int finds_cgroup(void)
{
	return opens_handle(O_PATH | O_CLOEXEC);
}

static int writes_by_handle(void)
{
	return opens_handle(O_RDWR | O_CLOEXEC);
}

static int reads_by_handle(void)
{
	return opens_handle(O_RDONLY | O_CLOEXEC);
}

/* Without attributes: what the filter lets through, the kernel refuses. */
static int reads_counts(void)
{
	return syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, NULL, 16) < 0 ? errno : 0;
}

static int makes_beside(void)
{
	char path[] = "/tmp/calls.XXXXXX";
	int fd = mkostemp(path, O_CLOEXEC);

	return fd < 0 || fchmod(fd, 0644) || fsync(fd) || unlink(path) ? errno : 0;
}

static int renames(void)
{
	return rename("/nosuch/1", "/nosuch/2") ? errno : 0;
}

static int connects(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int connects_here(void)
{
	return socket(AF_UNIX, SOCK_DGRAM, 0) < 0 ? errno : 0;
}

static int talks_to_kernel(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 0) < 0 ? errno : 0;
}

static int signals_itself(void)
{
	return raise(SIGCONT) ? errno : 0;
}

static int signals_another(void)
{
	pid_t other = getppid();

	return tgkill(other, other, 0) ? errno : 0;
}

static int aborts(void)
{
	abort();
}

static int limits_itself(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_NOFILE, &limit) ? errno : 0;
}

static int limits_another(void)
{
	struct rlimit limit;

	return prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit) ? errno : 0;
}

static int starts_thread(void)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, nothing, NULL);
}

static int starts_process(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	return pid < 0 ? errno : 0;
}

static int runs_program(void)
{
	return execl("/nosuch", "nosuch", (char *)NULL) ? errno : 0;
}

static int mounts(void)
{
	return mount("none", "/nosuch", "tmpfs", 0, NULL) ? errno : 0;
}

/* What no errno is: there are no filters here. */
#define NO_FILTERS 255

static const struct hooks no_hooks;

/* Not _exit(): before that a sanitizer looks for leaks, with calls that the filter refuses. */
static void leave(int status)
{
	syscall(SYS_exit_group, status);
}

/* The status of a process that makes the call under the filter. `hooks` NULL: of a recording. */
static int end_of(const struct options *o, const struct hooks *hooks, int (*call)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid)
		leave(calls_refuse_others(o, hooks) ? NO_FILTERS : call());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_FILTERS)
		skip();
	return status;
}

/* What the call says. */
static int said(int status)
{
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int under_filter(const struct options *o, int (*call)(void))
{
	return said(end_of(o, &no_hooks, call));
}

static int of_recording(const struct options *o, int (*call)(void))
{
	return said(end_of(o, NULL, call));
}

static void test_files(void **state)
{
	assert_int_equal(under_filter(&plain, reads), 0);
	assert_int_equal(under_filter(&plain, writes), EPERM);
	assert_int_equal(under_filter(&to_file, writes), 0);
	assert_int_equal(under_filter(&to_file, reads_and_writes), EPERM);
	assert_int_equal(under_filter(&to_file, renames), EPERM);
	assert_int_equal(under_filter(&to_pcapng, renames), EPERM);
	assert_int_equal(under_filter(&numbered, renames), ENOENT);
	assert_int_equal(under_filter(&numbered_pcapng, renames), ENOENT);
}

/* Without a handle there is nothing to open: what the filter lets through, the kernel refuses. */
static void test_handles(void **state)
{
	assert_int_equal(under_filter(&plain, finds_cgroup), EFAULT);
	assert_int_equal(under_filter(&plain, reads_by_handle), EPERM);
	assert_int_equal(under_filter(&plain, writes_by_handle), EPERM);
	assert_int_equal(under_filter(&to_file, writes_by_handle), EPERM);
}

static void test_sockets(void **state)
{
	assert_int_equal(under_filter(&plain, connects), EPERM);
	assert_int_equal(under_filter(&plain, connects_here), EPERM);
	assert_int_equal(under_filter(&to_journal, connects_here), 0);
	assert_int_equal(under_filter(&to_journal, connects), EPERM);
	assert_int_equal(under_filter(&to_journal, talks_to_kernel), EPERM);
	assert_int_equal(under_filter(&to_kafka, connects), 0);
	assert_int_equal(under_filter(&to_both, connects), 0);
}

/* That of systemd's service has this set, in a run without any other socket. */
static void test_service(void **state)
{
	int here, elsewhere;

	setenv("NOTIFY_SOCKET", "/nosuch", 1);
	here = under_filter(&plain, connects_here);
	elsewhere = under_filter(&plain, connects);
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(here, 0);
	assert_int_equal(elsewhere, EPERM);
}

static void test_other_processes(void **state)
{
	int status = end_of(&plain, &no_hooks, aborts);

	assert_int_equal(under_filter(&plain, signals_itself), 0);
	assert_int_equal(under_filter(&plain, signals_another), EPERM);
	assert_int_equal(under_filter(&to_kafka, signals_another), EPERM);
	assert_int_equal(under_filter(&to_kafka, limits_itself), 0);
	assert_int_equal(under_filter(&to_kafka, limits_another), EPERM);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

/* Nothing of the kernel is read, and a page is made beside its place. */
static void test_recordings(void **state)
{
	assert_int_equal(under_filter(&plain, reads_counts), EFAULT);
	assert_int_equal(of_recording(&plain, reads_counts), EPERM);
	assert_int_equal(of_recording(&plain, finds_cgroup), EPERM);
	assert_int_equal(of_recording(&plain, reads), 0);
	assert_int_equal(of_recording(&plain, writes), EPERM);
	assert_int_equal(of_recording(&to_file, writes), 0);
	assert_int_equal(of_recording(&to_file, makes_beside), EPERM);
	assert_int_equal(of_recording(&to_page, makes_beside), 0);
	assert_int_equal(of_recording(&to_page, renames), ENOENT);
	assert_int_equal(of_recording(&to_page, connects), EPERM);
	assert_int_equal(of_recording(&to_page, starts_process), EPERM);
	assert_int_equal(of_recording(&to_page, runs_program), EPERM);
}

static void test_threads(void **state)
{
	assert_int_equal(under_filter(&plain, starts_thread), EPERM);
	assert_int_equal(under_filter(&to_kafka, starts_thread), 0);
	assert_int_equal(under_filter(&to_kafka, starts_process), EPERM);
}

static void test_never(void **state)
{
	assert_int_equal(under_filter(&to_kafka, runs_program), EPERM);
	assert_int_equal(under_filter(&to_pcapng, mounts), EPERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),           cmocka_unit_test(test_handles),
		cmocka_unit_test(test_sockets),         cmocka_unit_test(test_service),
		cmocka_unit_test(test_other_processes), cmocka_unit_test(test_threads),
		cmocka_unit_test(test_recordings),      cmocka_unit_test(test_never),
	};

	unsetenv("NOTIFY_SOCKET");
	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
