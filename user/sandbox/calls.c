// SPDX-License-Identifier: GPL-2.0
/*
 * The system calls that a run needs while it traces or reads a recording, by what needs them; all others get EPERM.
 *
 * Not a kill: one call of a library that nobody thought of would cost all events under way. That
 * EPERM hides it is made good by the kernel, which writes each refused call to the audit log, or to
 * its own where no auditd runs.
 */
#define _GNU_SOURCE /* CLONE_THREAD */
#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hooks.h"

#define CALLS_MAX 40

struct wanted {
	const struct options *options;
	const struct hooks *hooks; /* NULL: nothing is traced */
};

/* Calls without a look at their arguments, and who needs them. NULL: every run. */
struct group {
	const char *why;
	bool (*is_wanted)(const struct wanted *w);
	const char *names[CALLS_MAX]; /* one that this machine does not have is left out */
};

/* A call whose argument must have `value` in the bits of `mask`. */
struct call {
	const char *name;
	unsigned argument;
	unsigned long mask, value;
	bool (*is_wanted)(const struct wanted *w);
	const char *why;
};

static bool traces(const struct wanted *w)
{
	return w->hooks;
}

static bool makes_page(const struct wanted *w)
{
	return w->options->command == COMMAND_REPORT && w->options->output;
}

static bool writes_files(const struct wanted *w)
{
	return w->options->output || w->options->pcapng;
}

static bool has_screen(const struct wanted *w)
{
	return w->options->command == COMMAND_TOP;
}

static bool numbers_files(const struct wanted *w)
{
	return w->options->pcapng_size || w->options->output_size;
}

static bool listens(const struct wanted *w)
{
	return w->options->listen;
}

static bool writes_to_journal(const struct wanted *w)
{
	return w->options->journal;
}

static bool speaks_to_manager(const struct wanted *w)
{
	return w->options->journal || getenv("NOTIFY_SOCKET");
}

static bool writes_to_kafka(const struct wanted *w)
{
	return w->options->kafka;
}

/* With brokers, whose sockets are of any family, that is allowed anyhow. */
static bool speaks_on_this_host(const struct wanted *w)
{
	return speaks_to_manager(w) && !writes_to_kafka(w);
}

/* The kprobe of a module that came or comes back is made anew. */
static bool awaits_modules(const struct wanted *w)
{
	return w->hooks && w->hooks->status[HOOK_MODULE_LOAD_TP].attached;
}

static const struct group groups[] = {
	{"events, files that are open, waiting",
	 NULL,
	 {"read", "readv", "pread64", "write", "writev", "close", "lseek", "poll", "ppoll",
	  "epoll_wait", "epoll_pwait", "epoll_ctl", "fcntl", "fstat", "restart_syscall"}},
	{"memory", NULL, {"brk", "mmap", "munmap", "mremap", "mprotect", "madvise"}},
	{"time, where the vDSO does not have it",
	 NULL,
	 {"clock_gettime", "clock_getres", "gettimeofday", "time", "nanosleep", "clock_nanosleep"}},
	{"/proc and /sys: processes, kernel functions, limits; time zone; libraries that load late",
	 NULL,
	 {"readlink", "readlinkat", "newfstatat", "stat", "lstat", "statx", "access", "faccessat",
	  "faccessat2", "getdents64", "uname", "sysinfo", "getcwd"}},
	{"signals, also those of a crash",
	 NULL,
	 {"rt_sigprocmask", "rt_sigaction", "rt_sigreturn", "rt_sigpending", "sigaltstack"}},
	{"the C library, and its end",
	 NULL,
	 {"futex", "getrandom", "getpid", "gettid", "getuid", "geteuid", "getgid", "getegid",
	  "getcpu", "sched_getaffinity", "sched_yield", "membarrier", "rseq", "set_robust_list",
	  "exit", "exit_group"}},
	{"a new file of the same name after SIGHUP", writes_files, {"dup3"}},
	{"half a line or block taken back", NULL, {"ftruncate"}},
	{"numbered files", numbers_files, {"rename", "renameat", "renameat2"}},
	{"a page that appears whole or not at all",
	 makes_page,
	 {"fchmod", "fsync", "umask", "rename", "renameat", "renameat2", "unlink", "unlinkat"}},
	{"clients of the metrics",
	 listens,
	 {"accept", "accept4", "recvfrom", "recvmsg", "sendto", "sendmsg", "sendfile", "getsockopt",
	  "setsockopt", "getsockname", "getpeername", "shutdown", "eventfd2"}},
	{"sockets to journald and to the service manager",
	 speaks_to_manager,
	 {"connect", "sendmsg", "sendto", "getsockopt", "setsockopt", "getsockname",
	  "getpeername"}},
	{"an entry that is too large for a datagram, as a file in memory",
	 writes_to_journal,
	 {"memfd_create", "ftruncate", "prctl"}},
	{"brokers: connections, names, TLS",
	 writes_to_kafka,
	 {"socket",      "socketpair",  "connect",  "bind",     "sendto",     "sendmsg",
	  "sendmmsg",    "recvfrom",    "recvmsg",  "recvmmsg", "getsockopt", "setsockopt",
	  "getsockname", "getpeername", "shutdown", "pipe",     "pipe2",      "eventfd2",
	  "select",      "pselect6",    "statfs",   "fstatfs"}},
	{"a thread for each broker",
	 writes_to_kafka,
	 {"set_tid_address", "prctl", "getppid", "sched_getparam", "sched_getscheduler",
	  "rt_sigtimedwait", "getrusage"}},
};

static const struct call calls[] = {
	{"openat", 2, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY, NULL, "files to read"},
	/*
	 * A handle names any file of a mount, and CAP_DAC_READ_SEARCH makes it one that can be opened:
	 * only a place to read the name of, as cgroups.c asks for it.
	 */
	{"open_by_handle_at", 2, ~0u, O_PATH | O_CLOEXEC, traces, "cgroups by their ids"},
	{"openat", 2, O_ACCMODE, O_WRONLY, writes_files, "files to write, by their names"},
	{"openat", 2, O_ACCMODE | O_CREAT | O_EXCL, O_WRONLY | O_CREAT | O_EXCL, has_screen,
	 "a new file for the events shown"},
	{"openat", 2, O_ACCMODE | O_CREAT | O_EXCL, O_RDWR | O_CREAT | O_EXCL, makes_page,
	 "a page, beside its place"},
	{"ioctl", 1, ~0u, TCSETS, has_screen, "the terminal: given back, taken again"},
	{"ioctl", 1, ~0u, TCSETSW, has_screen, "the same"},
	{"ioctl", 1, ~0u, TCSETSF, has_screen, "the same"},
	{"ioctl", 1, ~0u, TCFLSH, has_screen, "keys that nobody wants any more"},
	{"ioctl", 1, ~0u, TIOCGWINSZ, has_screen, "the size of the terminal"},
	{"bpf", 0, ~0u, BPF_MAP_LOOKUP_ELEM, traces, "counts"},
	{"bpf", 0, ~0u, BPF_MAP_GET_NEXT_KEY, traces, "counts"},
	{"bpf", 0, ~0u, BPF_OBJ_GET_INFO_BY_FD, traces, "runs that the kernel skipped"},
	{"bpf", 0, ~0u, BPF_PROG_TEST_RUN, traces, "names of kernel functions"},
	{"bpf", 0, ~0u, BPF_LINK_CREATE, traces, "owners of sockets: their iterator"},
	{"bpf", 0, ~0u, BPF_ITER_CREATE, traces, "owners of sockets: their iterator"},
	{"bpf", 0, ~0u, BPF_PROG_LOAD, awaits_modules, "what libbpf tries before it attaches"},
	{"perf_event_open", 2, 0, 0, awaits_modules, "kprobes of modules"},
	{"ioctl", 1, ~0u, PERF_EVENT_IOC_SET_BPF, awaits_modules, "kprobes of modules"},
	{"ioctl", 1, ~0u, PERF_EVENT_IOC_ENABLE, awaits_modules, "kprobes of modules"},
	{"ioctl", 1, ~0u, PERF_EVENT_IOC_DISABLE, traces, "to detach kprobes at the end"},
	{"ioctl", 1, ~0u, TCGETS, NULL, "isatty()"},
	{"ioctl", 1, ~0u, FIONREAD, writes_to_kafka, "the resolver's answers"},
	{"ioctl", 1, ~0u, FIONBIO, writes_to_kafka, "sockets that do not block"},
	{"socket", 0, ~0u, AF_UNIX, speaks_on_this_host, "to journald, to the service manager"},
	{"prlimit64", 0, ~0u, 0, writes_to_kafka, "getrlimit(), of this process"},
	{"clone", 0, CLONE_THREAD, CLONE_THREAD, writes_to_kafka, "threads, not processes"},
};

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

static bool is_asked(bool (*is_wanted)(const struct wanted *w), const struct wanted *w)
{
	return !is_wanted || is_wanted(w);
}

static int allow_group(scmp_filter_ctx filter, const struct group *g)
{
	int err = 0;

	for (unsigned i = 0; !err && i < CALLS_MAX && g->names[i]; i++) {
		int number = seccomp_syscall_resolve_name(g->names[i]);

		if (number >= 0)
			err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 0);
	}
	return err;
}

static int allow_call(scmp_filter_ctx filter, const struct call *c)
{
	int number = seccomp_syscall_resolve_name(c->name);

	if (number < 0)
		return 0;
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, number, 1,
				SCMP_CMP(c->argument, SCMP_CMP_MASKED_EQ, c->mask, c->value));
}

/*
 * Its flags are in memory, where no filter can look: told that there is no such call, the C library
 * takes clone().
 */
static int hide_clone3(scmp_filter_ctx filter)
{
	int number = seccomp_syscall_resolve_name("clone3");

	return number < 0 ? 0 : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
}

/* raise(), abort() and the threads of libraries: to this process, to no other of the same user. */
static int allow_own_signals(scmp_filter_ctx filter)
{
	const struct call own = {"tgkill", 0, ~0u, getpid(), NULL, NULL};

	return allow_call(filter, &own);
}

static int allow(scmp_filter_ctx filter, const struct wanted *w)
{
	int err = hide_clone3(filter);

	if (!err)
		err = allow_own_signals(filter);
	for (unsigned i = 0; !err && i < LENGTH(groups); i++)
		if (is_asked(groups[i].is_wanted, w))
			err = allow_group(filter, &groups[i]);
	for (unsigned i = 0; !err && i < LENGTH(calls); i++)
		if (is_asked(calls[i].is_wanted, w))
			err = allow_call(filter, &calls[i]);
	return err;
}

/*
 * SSB: no code of others runs here, so before Linux 5.16 the filter need not cost what it cost
 * there by default. SYSRAWRC: the kernel's error, not "canceled". A kernel or library that knows
 * less goes without.
 */
static int set_up(scmp_filter_ctx filter)
{
	int err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_SSB, 1);
	seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
	return err;
}

int calls_refuse_others(const struct options *o, const struct hooks *hooks)
{
	const struct wanted w = {o, hooks};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter ? set_up(filter) : -ENOMEM;

	if (!err)
		err = allow(filter, &w);
	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

bool calls_can_be_refused(void)
{
	return seccomp_api_get() >= 2; /* TSYNC */
}
