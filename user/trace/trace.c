// SPDX-License-Identifier: GPL-2.0
/* A live run: it waits for events, for signals, for what the sinks wait for. */
#include "trace.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "announce.h"
#include "clock.h"
#include "log.h"
#include "notify.h"
#include "pace.h"
#include "probe.h"
#include "sandbox.h"
#include "signals.h"
#include "sink.h"
#include "stages.h"
#include "suppress.h"

struct session {
	const struct options *options;
	struct kernel kernel;
	struct probe *probe;
	struct sinks sinks;
	struct stages stages;
	struct pace pace;
	struct notify notify;
	uint64_t start_ns;
	uint64_t end_ns; /* by --duration */
	uint64_t sum_up_ns; /* when suppressed events are due to be told; PACE_NEVER: none can be */
	int signal_fd;
	bool failed; /* told */
};

#define LARGE (128 << 10) /* bytes: an allocation of that size goes back to the host */

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

static int open_signals(struct session *s)
{
	s->signal_fd = signals_open(!s->options->output);
	return s->signal_fd < 0 ? s->signal_fd : 0;
}

/* Threads begin with the rights that are left, and end with no calls that are not needed. */
static int shut_in(struct session *s)
{
	const struct hooks *hooks = probe_hooks(s->probe);
	int err = sandbox_give_up_rights(s->options, hooks);

	if (!err)
		err = sinks_launch(&s->sinks, s->options);
	if (!err)
		err = sandbox_give_up_calls(s->options, hooks);
	return err;
}

/* The sinks first of all, or a closed stdout would become the number of something else. */
static int start(struct session *s)
{
	const struct options *o = s->options;
	int err;

	/* Megabytes of the kernel's types are read and freed, twice: they shall not stay a hole. */
	mallopt(M_MMAP_THRESHOLD, LARGE);
	err = sinks_open(&s->sinks, sink_classes, o, signals_must_end);
	if (!err)
		err = open_signals(s);
	if (!err)
		err = open_kernel(s);
	if (!err)
		err = probe_open(&s->probe, &s->kernel, &o->config, o->buffer);
	if (err)
		return err;
	err = stages_open(&s->stages, o, &s->kernel, s->probe, &s->sinks);
	if (!err)
		err = shut_in(s);
	malloc_trim(0); /* what loading needed, megabytes of types, goes back to the host */
	s->start_ns = now_ns();
	s->end_ns = pace_end(s->start_ns, o->duration);
	return err;
}

static void stop(struct session *s)
{
	stages_close(&s->stages);
	sinks_close(&s->sinks);
	probe_close(s->probe);
	kernel_close(&s->kernel);
	if (s->signal_fd >= 0)
		close(s->signal_fd);
}

static void say_counts(struct session *s)
{
	stages_say_counts(&s->stages, (double)(now_ns() - s->start_ns) / 1e9);
}

/* false: the end. */
static bool on_signal(struct session *s)
{
	enum request request = signals_read(s->signal_fd);

	if (request == REQUEST_COUNTS)
		say_counts(s);
	if (request == REQUEST_REOPEN) {
		notify_reloading(&s->notify, now_ns());
		stages_flush(&s->stages);
		sinks_reopen(&s->sinks);
		notify_ready(&s->notify);
	}
	return request != REQUEST_END;
}

static uint64_t next_deadline(struct session *s)
{
	uint64_t first = sinks_deadline(&s->sinks), alive = notify_deadline(&s->notify);

	first = alive < first ? alive : first;
	first = s->end_ns < first ? s->end_ns : first;
	return s->sum_up_ns < first ? s->sum_up_ns : first;
}

static struct rest next_rest(struct session *s)
{
	uint64_t now = now_ns();
	uint64_t held = stages_wait(&s->stages, now), due = pace_until(next_deadline(s), now);

	return pace_rest(&s->pace, now, held < due ? held : due);
}

/* Rests as long as nothing is due. false: the end. */
static bool wait_for_work(struct session *s)
{
	struct rest rest = next_rest(s);
	struct pollfd fds[SINKS_MAX + 2];
	unsigned n = s->sinks.len;

	if (rest.ask)
		probe_wake_me(s->probe);
	sinks_poll(&s->sinks, fds);
	fds[n] = (struct pollfd){.fd = s->signal_fd, .events = POLLIN};
	fds[n + 1] = (struct pollfd){.fd = probe_fd(s->probe), .events = POLLIN};
	if (poll(fds, n + (rest.listen ? 2 : 1), pace_poll_ms(rest.ns)) < 0 && errno != EINTR) {
		log_error("wait for events: %s", strerror(errno));
		s->failed = true;
		return false;
	}
	sinks_ready(&s->sinks, fds, now_ns());
	return !fds[n].revents || on_signal(s);
}

/* While there are events, and once more behind the last: they were counted before it was read. */
static void sum_up(struct session *s, bool has_read, uint64_t now)
{
	bool again = has_read;

	if (now < s->sum_up_ns && s->sum_up_ns != PACE_NEVER)
		return;
	if (s->sum_up_ns != PACE_NEVER)
		again |= stages_sum_up(&s->stages);
	s->sum_up_ns = again ? now + SUM_UP_NS : PACE_NEVER;
}

static void read_batch(struct session *s)
{
	int n = probe_read(s->probe, PACE_BATCH_MAX, stages_take, &s->stages);
	uint64_t now = now_ns();

	pace_read(&s->pace, now, n > 0 ? n : 0, !probe_is_empty(s->probe));
	stages_show_ready(&s->stages);
	sum_up(s, n > 0, now);
	stages_flush(&s->stages);
}

/* From the loop itself: one that hangs feeds no watchdog. */
static void say_alive(struct session *s)
{
	uint64_t now = now_ns();
	__u64 counts[COUNT_MAX];

	if (now < notify_deadline(&s->notify))
		return;
	probe_counts(s->probe, counts);
	notify_alive(&s->notify, now, s->stages.tally.shown,
		     counts[COUNT_LOST] + sinks_not_shown(&s->sinks));
}

static void loop(struct session *s)
{
	while (!s->stages.done && !sinks_error(&s->sinks) && now_ns() < s->end_ns &&
	       wait_for_work(s)) {
		read_batch(s);
		say_alive(s);
	}
}

int trace(const struct options *o)
{
	struct session s = {.options = o, .signal_fd = -1, .sum_up_ns = PACE_NEVER};
	int status = 1;

	if (!start(&s)) {
		sinks_start(&s.sinks, s.probe);
		stages_flush(&s.stages);
		announce(o, probe_hooks(s.probe));
		notify_open(&s.notify, now_ns());
		notify_ready(&s.notify);
		loop(&s);
		notify_stopping(&s.notify);
		stages_drain(&s.stages);
		say_counts(&s);
		status = sinks_report(&s.sinks) && !s.failed ? 0 : 1;
	}
	stop(&s);
	return status;
}
