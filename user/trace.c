// SPDX-License-Identifier: GPL-2.0
/*
 * A live run. An event passes in one direction:
 *
 *   probe -> enrich (names, owner) -> hold -> history -> judge -> filter -> output
 */
#include "trace.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "blind.h"
#include "enrich.h"
#include "history.h"
#include "hold.h"
#include "log.h"
#include "probe.h"
#include "suppress.h"
#include "tally.h"

struct session {
	const struct options *options;
	struct kernel kernel;
	struct probe *probe;
	struct enricher *enricher;
	struct hold *hold;
	struct history *history;
	struct suppress *suppress;
	struct out *out;
	struct style style;
	struct tally tally;
	struct tally written; /* the tally when all was written last */
	uint64_t pending; /* events in the buffer of `out` */
	uint64_t unwritten; /* events that did not get out, or not whole */
	uint64_t start_ns;
	int out_fd;
	int signal_fd;
	uint64_t sum_up_ns; /* when suppressed events are due to be told; 0: none can be */
	unsigned batch; /* events read last */
	bool asked; /* for a wake-up */
	bool line_by_line;
	bool done;
	bool draining; /* nothing is left behind */
};

#define PAUSE_NS 5000000ULL /* between two batches */
#define RECHECK_NS 20000000ULL
#define SUM_UP_NS 1000000000ULL
#define BATCH_MAX 256 /* events; then the output and the signals have their turn */
#define BATCH_LARGE 128 /* events: no pause after that */

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

/* What a failed write swallowed was not shown. */
static void flush(struct session *s)
{
	uint64_t filtered = s->tally.filtered;

	if (out_flush(s->out)) {
		s->unwritten += s->pending;
		s->tally = s->written;
		s->tally.filtered = filtered;
	} else if (s->pending) {
		s->written = s->tally;
	}
	s->pending = 0;
}

static void show(struct session *s, struct record *r)
{
	struct verdict v;

	if (s->options->count && s->tally.shown == s->options->count) {
		s->tally.filtered++; /* by --count */
		return;
	}
	history_add(s->history, r);
	judge(r, &v);
	if (!filter_wants(&s->options->filter, r, &v)) {
		s->tally.filtered++;
		return;
	}
	if (out_error(s->out)) {
		s->unwritten++;
		return;
	}
	s->options->format->put(s->out, &s->style, r, &v);
	tally_add(&s->tally, r, &v);
	suppress_note(s->suppress, r, &v);
	s->pending++;
	if (s->line_by_line)
		flush(s);
	s->done |= s->options->count && s->tally.shown == s->options->count;
}

static void show_ready(struct session *s)
{
	struct record *r;

	while ((r = hold_pop(s->hold, now_ns())))
		show(s, r);
}

static bool on_event(void *context, const struct event *e, const __u64 *stack)
{
	struct session *s = context;
	struct record r;

	enrich(s->enricher, e, stack, &r);
	hold_push(s->hold, &r, now_ns());
	show_ready(s);
	return !s->done || s->draining;
}

/* One line stands for what was only counted. It is not an event: -n does not count it. */
static void show_suppressed(void *context, const struct record *r, const struct verdict *v)
{
	struct session *s = context;

	tally_add(&s->tally, r, v);
	if (s->options->filter.direction[r->e.direction])
		s->options->format->put(s->out, &s->style, r, v);
}

/* Returns whether there was anything to sum up. */
static bool sum_up(struct session *s)
{
	uint64_t now = clock_ns(CLOCK_REALTIME);

	return suppress_collect(s->suppress, s->probe, now, show_suppressed, s) > 0;
}

static void drain(struct session *s)
{
	struct record *r;

	s->draining = true;
	probe_detach(s->probe);
	probe_read(s->probe, 0, on_event, s);
	while ((r = hold_drain(s->hold)))
		show(s, r);
	sum_up(s);
}

/* A signal that ends the run was read from the signal_fd. */
static bool ended_by_signal;

/* Such a signal was read, or waits. */
static bool must_end(void)
{
	sigset_t set;

	sigpending(&set);
	return ended_by_signal || sigismember(&set, SIGINT) || sigismember(&set, SIGTERM) ||
	       sigismember(&set, SIGHUP);
}

/* Only of a file no write ever waits for a reader. */
static bool may_block(int fd)
{
	struct stat st;

	return fstat(fd, &st) || !S_ISREG(st.st_mode);
}

static int open_output(struct session *s)
{
	const char *path = s->options->output;

	/* First of all, or a closed stdout would become the number of something else. */
	s->out_fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)
		    : fcntl(STDOUT_FILENO, F_GETFD) < 0 ? -1
							: STDOUT_FILENO;
	if (s->out_fd < 0) {
		log_error("open %s for writing: %s", path ? path : "stdout", strerror(errno));
		return -errno;
	}
	s->out = out_new(s->out_fd);
	if (!s->out)
		return -ENOMEM;
	if (may_block(s->out_fd))
		out_set_give_up(s->out, must_end);
	return 0;
}

static void set_style(struct session *s)
{
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	bool tty = isatty(s->out_fd);

	s->line_by_line = tty;
	s->style.colour = tty && !(no_colour && *no_colour) && term && strcmp(term, "dumb");
	s->style.evidence = s->options->verbosity >= LOG_VERBOSE;
	s->style.stack = s->options->config.stack;
}

static int open_signals(struct session *s)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	/* A closed pipe and a full file are errors of write(), told like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->signal_fd < 0 ? -errno : 0;
}

static int open_kernel(struct session *s)
{
	int err = kernel_open(&s->kernel);

	if (err == -ENOENT)
		log_error("read the kernel's types: /sys/kernel/btf/vmlinux is missing; rstwhy "
			  "needs a "
			  "kernel with CONFIG_DEBUG_INFO_BTF=y (and /sys mounted)");
	else if (err)
		log_error("read the kernel's types from /sys/kernel/btf/vmlinux: %s",
			  strerror(-err));
	return err;
}

static int start(struct session *s)
{
	int err = open_output(s);

	if (!err)
		err = open_signals(s);
	if (err)
		return err;
	set_style(s);
	err = open_kernel(s);
	if (err)
		return err;
	err = probe_open(&s->probe, &s->kernel, &s->options->config, s->options->buffer);
	if (err)
		return err;
	kernel_forget_types(&s->kernel);
	s->hold = hold_new();
	s->suppress = suppress_new();
	s->history = history_new();
	s->enricher = enricher_new(&s->kernel, s->probe);
	if (!s->hold || !s->history || !s->enricher)
		return -ENOMEM;
	malloc_trim(0); /* what loading needed, megabytes of types, goes back to the host */
	return 0;
}

static void stop(struct session *s)
{
	enricher_free(s->enricher);
	history_free(s->history);
	hold_free(s->hold);
	suppress_free(s->suppress);
	probe_close(s->probe);
	kernel_close(&s->kernel);
	out_free(s->out);
	if (s->out_fd > STDERR_FILENO)
		close(s->out_fd);
	if (s->signal_fd >= 0)
		close(s->signal_fd);
}

static void say_hooks(const struct hooks *hooks)
{
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = &hooks->status[i];

		log_verbose("%-33s %s%s", hook_rows[i].name,
			    h->attached ? "attached: " : "left out: ",
			    h->attached ? hook_rows[i].sees : h->why);
	}
	for (const struct blind *b = blind_spots; b->id; b++) {
		char why[512];

		blind_why(b, hooks, why, sizeof(why));
		if (b->is_blind(hooks))
			log_verbose("not visible: %s (%s)", b->text, why);
	}
}

static void say_tracing(const struct session *s)
{
	unsigned blind = blind_count(probe_hooks(s->probe));

	say_hooks(probe_hooks(s->probe));
	log_info("tracing %s%s; %u blind spot%s%s",
		 s->options->sent_only       ? "sent resets"
		 : s->options->received_only ? "received resets"
					     : "resets sent and received",
		 s->options->config.silent ? " and silent deaths" : "", blind,
		 blind == 1 ? "" : "s", blind ? " ('rstwhy doctor' tells)" : "");
}

static uint64_t min_ns(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t ns_until(uint64_t then, uint64_t now)
{
	return then > now ? then - now : 0;
}

/*
 * How long to sleep. Under load the reader pauses for a few milliseconds and takes what has come
 * meanwhile: no event wakes it. When a batch was empty it asks for a wake-up, looks once more (an
 * event that came just before may not have seen the wish), and sleeps as long as nothing is due.
 */
static uint64_t sleep_ns(struct session *s, uint64_t now)
{
	uint64_t sleep = hold_wait(s->hold, now);

	if (s->options->duration > 0)
		sleep = min_ns(sleep,
			       ns_until(s->start_ns + (uint64_t)(s->options->duration * 1e9), now));
	if (s->sum_up_ns)
		sleep = min_ns(sleep, ns_until(s->sum_up_ns, now));
	if (s->batch >= BATCH_LARGE)
		return 0;
	if (s->batch)
		return min_ns(sleep, PAUSE_NS);
	if (!s->asked) {
		probe_wake_me(s->probe);
		s->asked = true;
		return min_ns(sleep, RECHECK_NS);
	}
	return sleep;
}

static int poll_ms(uint64_t ns)
{
	if (ns == UINT64_MAX)
		return -1;
	return ns > 1000000000000ULL ? 1000000 : (int)((ns + 999999) / 1000000);
}

static bool time_is_up(const struct session *s)
{
	return s->options->duration > 0 &&
	       now_ns() - s->start_ns >= (uint64_t)(s->options->duration * 1e9);
}

static int failed_output(const struct session *s)
{
	log_error("write to %s: %s; %llu events were not written",
		  s->options->output ? s->options->output : "stdout",
		  out_error(s->out) == -ECANCELED ? "nobody reads it"
						  : strerror(-out_error(s->out)),
		  (unsigned long long)s->unwritten);
	return 1;
}

static void say_counts(struct session *s)
{
	__u64 counts[COUNT_MAX];

	probe_counts(s->probe, counts);
	s->tally.unwritten = s->unwritten;
	tally_say(&s->tally, counts, (double)(now_ns() - s->start_ns) / 1e9);
}

/* SIGUSR1 asks for the counts; every other signal ends the run: false. */
static bool on_signal(struct session *s)
{
	struct signalfd_siginfo info;

	if (read(s->signal_fd, &info, sizeof(info)) != sizeof(info))
		return true;
	if (info.ssi_signo != SIGUSR1) {
		ended_by_signal = true;
		return false;
	}
	say_counts(s);
	return true;
}

/* Sleeps as long as nothing is due. false: the end. */
static bool wait_for_work(struct session *s)
{
	uint64_t ns = sleep_ns(s, now_ns());
	struct pollfd fds[] = {
		{.fd = s->signal_fd, .events = POLLIN},
		{.fd = s->out_fd, .events = 0}, /* POLLERR: the reader of the pipe is gone */
		{.fd = probe_fd(s->probe), .events = POLLIN}, /* not during a pause */
	};

	if (poll(fds, s->batch ? 2 : 3, poll_ms(ns)) < 0 && errno != EINTR)
		return false;
	if (fds[1].revents & POLLERR)
		out_fail(s->out, -EPIPE);
	return !fds[0].revents || on_signal(s);
}

static void read_batch(struct session *s)
{
	int n = probe_read(s->probe, BATCH_MAX, on_event, s);
	uint64_t now = now_ns();

	s->batch = n > 0 ? n : 0;
	if (s->batch) {
		s->asked = false;
		if (!s->sum_up_ns)
			s->sum_up_ns = now + SUM_UP_NS;
	}
	show_ready(s);
	if (s->sum_up_ns && now >= s->sum_up_ns)
		s->sum_up_ns = sum_up(s) || s->batch ? now + SUM_UP_NS : 0;
	flush(s);
}

static void loop(struct session *s)
{
	while (!s->done && !out_error(s->out) && !time_is_up(s) && wait_for_work(s))
		read_batch(s);
}

static int finish(struct session *s)
{
	drain(s);
	flush(s);
	say_counts(s);
	return out_error(s->out) ? failed_output(s) : 0;
}

int trace(const struct options *o)
{
	struct session s = {.options = o, .signal_fd = -1, .out_fd = -1};
	int status = 1;

	if (!start(&s)) {
		s.start_ns = now_ns();
		if (o->format->begin)
			o->format->begin(s.out, &s.style);
		flush(&s);
		say_tracing(&s);
		loop(&s);
		status = finish(&s);
	}
	stop(&s);
	return status;
}
