// SPDX-License-Identifier: GPL-2.0
/*
 * The command `replay`: lines of the JSON format pass through judge, filters and sinks again.
 * There is no history to be told anew: what earlier events said about one is among its facts.
 */
#include "replay.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "pace.h"
#include "recording.h"
#include "sandbox.h"
#include "signals.h"
#include "sink.h"
#include "tally.h"

struct session {
	const struct options *options;
	struct recording recording;
	int signal_fd;
	struct sinks sinks;
	struct tally tally;
	struct tally written; /* the tally when all was written last */
	__u64 counts[COUNT_MAX];
	uint64_t first_ns, last_ns; /* of the events, wall clock; 0: none yet */
	bool done; /* no more events are wanted */
	bool interrupted;
};

/* What is read may be anybody's. Threads begin with the rights that are left, as in a live run. */
static int shut_in(struct session *s)
{
	int err = sandbox_give_up_rights(s->options, NULL);

	if (!err)
		err = sinks_launch(&s->sinks, s->options);
	if (!err)
		err = sandbox_give_up_calls(s->options, NULL);
	return err;
}

static int open_all(struct session *s)
{
	const struct options *o = s->options;
	int err = recording_open(&s->recording, o->argument, o->host);

	if (err)
		return err;
	if (recording_is_output(&s->recording, o->output))
		return -EINVAL;
	err = sinks_open(&s->sinks, sink_classes, o, signals_must_end);
	if (err)
		return err;
	s->signal_fd = signals_open(!o->output);
	return s->signal_fd < 0 ? s->signal_fd : shut_in(s);
}

static void close_all(struct session *s)
{
	recording_close(&s->recording);
	sinks_close(&s->sinks);
	if (s->signal_fd >= 0)
		close(s->signal_fd);
}

static void flush(struct session *s)
{
	tally_settle(&s->tally, &s->written, sinks_flush(&s->sinks));
}

/* Those of a summary were counted, not shown. */
static void count(struct session *s, const struct record *r)
{
	s->counts[count_of(r->e.direction)] += r->suppressed ? r->suppressed : 1;
	s->counts[COUNT_SUPPRESSED] += r->suppressed;
	if (!s->first_ns)
		s->first_ns = r->time_ns;
	s->last_ns = r->time_ns;
}

static void leave_out(struct session *s, const struct record *r)
{
	if (r->suppressed)
		return;
	s->tally.filtered++;
	sinks_filtered(&s->sinks, r);
}

static void show(struct session *s, const struct record *r, const struct verdict *v)
{
	const struct options *o = s->options;

	count(s, r);
	if (!recording_wants(o, r, v)) {
		leave_out(s, r);
		return;
	}
	if (!sinks_put(&s->sinks, r, v))
		return;
	tally_add(&s->tally, r, v);
	if (sinks_eager(&s->sinks))
		flush(s);
	s->done = tally_has_all(&s->tally, o->count);
}

/* What was read. false: the end. */
static bool take_lines(struct session *s)
{
	enum recording_step step = RECORDING_EVENT;
	struct record r;
	struct verdict v;

	while (step == RECORDING_EVENT && !s->done && !sinks_error(&s->sinks)) {
		step = recording_next(&s->recording, &r, &v);
		if (step == RECORDING_EVENT)
			show(s, &r, &v);
	}
	return step == RECORDING_WAITS;
}

/* Times are those of the events: how long the recorded part of the world took. */
static void say_counts(struct session *s)
{
	uint64_t ns = s->last_ns > s->first_ns ? s->last_ns - s->first_ns : 0;

	s->tally.unwritten = sinks_not_shown(&s->sinks);
	tally_say(&s->tally, s->counts, (double)ns / 1e9);
}

static void on_signal(struct session *s)
{
	enum request request = signals_read(s->signal_fd);

	if (request == REQUEST_COUNTS)
		say_counts(s);
	if (request == REQUEST_REOPEN) {
		flush(s);
		sinks_reopen(&s->sinks);
	}
	s->interrupted |= request == REQUEST_END;
	s->done |= s->interrupted;
}

/* The sinks and the signals have their turn. `fd` (-1: none): what is waited for. true: it has
 * something, or there is no point in waiting. */
static bool wait_once(struct session *s, int fd)
{
	uint64_t due = pace_until(sinks_deadline(&s->sinks), now_ns());
	struct pollfd fds[SINKS_MAX + 2];
	unsigned n = s->sinks.len;

	sinks_poll(&s->sinks, fds);
	fds[n] = (struct pollfd){.fd = s->signal_fd, .events = POLLIN};
	fds[n + 1] = (struct pollfd){.fd = fd, .events = POLLIN};
	if (poll(fds, n + 2, pace_poll_ms(due)) < 0 && errno != EINTR) {
		log_error("wait for %s: %s", s->recording.name, strerror(errno));
		s->interrupted = s->done = s->recording.failed = true;
		return true;
	}
	sinks_ready(&s->sinks, fds, now_ns());
	if (fds[n].revents)
		on_signal(s);
	return fds[n + 1].revents || sinks_error(&s->sinks);
}

static void wait_for_input(struct session *s)
{
	while (!wait_once(s, s->recording.fd) && !s->done)
		;
}

/* The page of a recording is to be looked at when all of it is read: until interrupted. */
static void serve_on(struct session *s)
{
	if (!s->options->listen || s->interrupted || sinks_error(&s->sinks) || !s->first_ns)
		return;
	log_info("%s is read; serving on %s until interrupted", s->recording.name,
		 s->options->listen);
	while (!wait_once(s, -1) && !s->interrupted)
		;
}

static void read_all(struct session *s)
{
	while (take_lines(s)) {
		flush(s);
		wait_for_input(s);
		if (s->done || sinks_error(&s->sinks))
			return;
		recording_read(&s->recording);
	}
}

static void say_end(struct session *s)
{
	const struct recording *rec = &s->recording;

	recording_report(rec);
	if (!rec->failed || rec->events) /* what is no recording has no summary */
		say_counts(s);
}

int replay(const struct options *o)
{
	struct session s = {.options = o, .recording.fd = -1, .signal_fd = -1};
	int status = 1;

	if (!open_all(&s)) {
		sinks_start(&s.sinks, NULL);
		flush(&s);
		read_all(&s);
		flush(&s);
		serve_on(&s);
		sinks_finish(&s.sinks);
		say_end(&s);
		status = sinks_report(&s.sinks) && !s.recording.failed ? 0 : 1;
	}
	close_all(&s);
	return status;
}
