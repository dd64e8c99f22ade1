// SPDX-License-Identifier: GPL-2.0
/*
 * A live run. An event passes in one direction:
 *
 *   probe -> enrich (names, owner) -> hold -> judge -> filter -> output
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
#include <time.h>
#include <unistd.h>

#include "blind.h"
#include "enrich.h"
#include "hold.h"
#include "log.h"
#include "probe.h"
#include "tally.h"

struct session {
	const struct options *options;
	struct kernel kernel;
	struct probe *probe;
	struct enricher *enricher;
	struct hold *hold;
	struct out *out;
	struct style style;
	struct tally tally;
	uint64_t pending; /* events in the buffer of `out` */
	uint64_t unwritten; /* events that did not get out, or not whole */
	uint64_t start_ns;
	int out_fd;
	int signal_fd;
	bool line_by_line;
	bool done;
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void flush(struct session *s)
{
	if (out_flush(s->out)) {
		s->unwritten += s->pending;
		s->tally.shown -= s->pending;
	}
	s->pending = 0;
}

static void show(struct session *s, const struct record *r)
{
	struct verdict v;

	if (s->options->count && s->tally.shown == s->options->count) {
		s->tally.filtered++; /* by --count */
		return;
	}
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
	s->pending++;
	if (s->line_by_line)
		flush(s);
	s->done |= s->options->count && s->tally.shown == s->options->count;
}

static void show_ready(struct session *s)
{
	const struct record *r;

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
	return !s->done;
}

static void drain(struct session *s)
{
	const struct record *r;

	probe_detach(s->probe);
	probe_read(s->probe, on_event, s);
	while ((r = hold_drain(s->hold)))
		show(s, r);
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
	return s->out ? 0 : -ENOMEM;
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
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of write(), told like any other */
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
	err = probe_open(&s->probe, &s->kernel, &s->options->config);
	if (err)
		return err;
	kernel_forget_types(&s->kernel);
	s->hold = hold_new();
	s->enricher = enricher_new(&s->kernel, s->probe);
	if (!s->hold || !s->enricher)
		return -ENOMEM;
	malloc_trim(0); /* what loading needed, megabytes of types, goes back to the host */
	return 0;
}

static void stop(struct session *s)
{
	enricher_free(s->enricher);
	hold_free(s->hold);
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

static int timeout_ms(const struct session *s, uint64_t now)
{
	uint64_t wait = hold_wait(s->hold, now);

	if (s->options->duration > 0) {
		uint64_t end = s->start_ns + (uint64_t)(s->options->duration * 1e9);
		uint64_t left = end > now ? end - now : 0;

		if (left < wait)
			wait = left;
	}
	if (wait == UINT64_MAX)
		return -1;
	return wait / 1000000 > 1000000 ? 1000000 : (int)((wait + 999999) / 1000000);
}

static bool time_is_up(const struct session *s)
{
	return s->options->duration > 0 &&
	       now_ns() - s->start_ns >= (uint64_t)(s->options->duration * 1e9);
}

static int failed_output(const struct session *s)
{
	log_error("write to %s: %s; %llu events were not written",
		  s->options->output ? s->options->output : "stdout", strerror(-out_error(s->out)),
		  (unsigned long long)s->unwritten);
	return 1;
}

static void loop(struct session *s)
{
	struct pollfd fds[] = {
		{.fd = probe_fd(s->probe), .events = POLLIN},
		{.fd = s->signal_fd, .events = POLLIN},
		{.fd = s->out_fd, .events = 0}, /* POLLERR: the reader of the pipe is gone */
	};

	while (!s->done && !out_error(s->out) && !time_is_up(s)) {
		if (poll(fds, 3, timeout_ms(s, now_ns())) < 0 && errno != EINTR)
			break;
		if (fds[2].revents & POLLERR)
			out_fail(s->out, -EPIPE);
		if (fds[1].revents)
			break;
		probe_read(s->probe, on_event, s);
		show_ready(s);
		flush(s);
	}
}

static int finish(struct session *s)
{
	__u64 counts[COUNT_MAX];

	drain(s);
	flush(s);
	probe_counts(s->probe, counts);
	s->tally.unwritten = s->unwritten;
	tally_say(&s->tally, counts, (double)(now_ns() - s->start_ns) / 1e9);
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
