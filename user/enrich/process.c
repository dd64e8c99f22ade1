// SPDX-License-Identifier: GPL-2.0
/* What /proc tells of a process. */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "container.h"
#include "executable.h"

#define CACHE 64
#define FRESH_NS 5000000000ULL /* a process can be moved, and can become another program */
#define INITIAL_PID_NAMESPACE 0xeffffffcU /* PROC_PID_INIT_INO, include/linux/proc_ns.h */

struct processes {
	bool readable; /* pids in /proc are those of BPF */
	struct {
		unsigned pid;
		char comm[COMM_LEN];
		uint64_t read_ns;
		struct process process;
	} cache[CACHE]; /* by pid % CACHE */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC_COARSE, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

struct processes *processes_new(void)
{
	struct processes *ps = calloc(1, sizeof(*ps));
	struct stat st;

	if (ps)
		ps->readable =
			!stat("/proc/self/ns/pid", &st) && st.st_ino == INITIAL_PID_NAMESPACE;
	return ps;
}

void processes_free(struct processes *ps)
{
	free(ps);
}

/* A whole file of /proc/PID as a string; false: not readable, empty, or too long. */
static bool read_file(unsigned pid, const char *name, char *ret, size_t size)
{
	char path[64];
	size_t len = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	while ((n = read(fd, ret + len, size - 1 - len)) > 0)
		len += n;
	close(fd);
	ret[len] = '\0';
	return !n && len && len < size - 1;
}

static bool has_name(const struct task *task)
{
	char comm[COMM_LEN + 2]; /* with its newline */
	size_t len = strnlen(task->comm, COMM_LEN);

	return read_file(task->pid, "comm", comm, sizeof(comm)) && strlen(comm) == len + 1 &&
	       !memcmp(comm, task->comm, len);
}

/* What cannot be read, of one that is gone, stays as it was known. */
static void read_process(const struct task *task, struct process *ret)
{
	char cgroups[16384];

	if (!has_name(task))
		return;
	executable_path(task->pid, ret->executable, sizeof(ret->executable));
	if (read_file(task->pid, "cgroup", cgroups, sizeof(cgroups)))
		container_choose_cgroup(cgroups, ret->cgroup, sizeof(ret->cgroup));
}

const struct process *processes_find(struct processes *ps, const struct task *task)
{
	unsigned slot = task->pid % CACHE;
	uint64_t now = now_ns();
	bool known = ps->cache[slot].pid == task->pid &&
		     !memcmp(ps->cache[slot].comm, task->comm, COMM_LEN);

	if (!ps->readable || !task->pid)
		return NULL;
	if (known && now - ps->cache[slot].read_ns < FRESH_NS)
		return &ps->cache[slot].process;
	if (!known)
		memset(&ps->cache[slot].process, 0, sizeof(ps->cache[slot].process));
	read_process(task, &ps->cache[slot].process);
	ps->cache[slot].pid = task->pid;
	memcpy(ps->cache[slot].comm, task->comm, COMM_LEN);
	ps->cache[slot].read_ns = now;
	return &ps->cache[slot].process;
}

bool process_holds(const struct processes *ps, unsigned pid, unsigned fd, uint64_t inode)
{
	char path[64], link[64], expected[64];
	ssize_t len;

	if (!ps->readable)
		return true;
	snprintf(path, sizeof(path), "/proc/%u/fd/%u", pid, fd);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return errno != ENOENT && errno != ESRCH;
	link[len] = '\0';
	snprintf(expected, sizeof(expected), "socket:[%llu]", (unsigned long long)inode);
	return !strcmp(link, expected);
}
