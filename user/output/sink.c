// SPDX-License-Identifier: GPL-2.0
/* Where judged events go: what all sinks have in common. */
#include "sink.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "log.h"

#define RETRY_NS 1000000000ULL /* after an error that may pass */
#define TELL_NS 60000000000ULL /* a disk that has room now and then is told so often at most */

static const char *why(const struct sink *sink)
{
	if (sink->why[0])
		return sink->why;
	return sink->error == -ECANCELED ? "nobody reads it" : strerror(-sink->error);
}

int sinks_open(struct sinks *s, const struct sink_class *const classes[], const struct options *o,
	       bool (*give_up)(void))
{
	for (s->len = 0; *classes && s->len < SINKS_MAX; classes++) {
		struct sink *sink = NULL;
		int err = (*classes)->open(&sink, o, give_up);

		if (err)
			return err;
		if (sink)
			s->list[s->len++] = sink;
	}
	return 0;
}

int sinks_launch(struct sinks *s, const struct options *o)
{
	int err = 0;

	for (unsigned i = 0; !err && i < s->len; i++)
		if (s->list[i]->class->launch)
			err = s->list[i]->class->launch(s->list[i], o);
	return err;
}

void sinks_start(struct sinks *s, const struct probe *p)
{
	for (unsigned i = 0; i < s->len; i++) {
		struct sink *sink = s->list[i];

		sink->all = s;
		if (sink->class->start)
			sink->class->start(sink, p);
	}
}

static bool is_alone(const struct sinks *s)
{
	return s->len == 1;
}

static void try_again(struct sink *sink)
{
	if (!sink->error || !sink->may_pass || now_ns() < sink->pause.retry_ns)
		return;
	sink->error = 0;
	sink->class->resume(sink);
}

static void put(const struct sinks *s, struct sink *sink, const struct record *r,
		const struct verdict *v)
{
	bool is_event = !r->suppressed;

	if (!is_alone(s))
		try_again(sink);
	if (sink->error) {
		sink->unwritten += is_event;
		return;
	}
	sink->class->put(sink, r, v);
	sink->pending += is_event;
}

bool sinks_put(struct sinks *s, const struct record *r, const struct verdict *v)
{
	bool taken = !is_alone(s) || !sinks_error(s);

	for (unsigned i = 0; i < s->len; i++)
		put(s, s->list[i], r, v);
	return taken;
}

void sinks_filtered(struct sinks *s, const struct record *r)
{
	for (unsigned i = 0; i < s->len; i++)
		if (s->list[i]->class->filtered && !s->list[i]->error)
			s->list[i]->class->filtered(s->list[i], r);
}

bool sinks_eager(const struct sinks *s)
{
	for (unsigned i = 0; i < s->len; i++)
		if (s->list[i]->eager)
			return true;
	return false;
}

static void tell_pause(struct sink *sink)
{
	uint64_t now = now_ns();

	sink->pause.retry_ns = now + RETRY_NS;
	if (sink->pause.told || (sink->pause.told_ns && now < sink->pause.told_ns + TELL_NS))
		return;
	sink->pause.told = true;
	sink->pause.told_ns = now;
	log_error("write to %s: %s; the run goes on, and its events count as unwritten until it "
		  "works again",
		  sink->target, why(sink));
}

static void tell_works_again(struct sink *sink)
{
	sink->pause.told = false;
	log_info("%s works again; %llu events were not written to it", sink->target,
		 (unsigned long long)sink->unwritten);
}

/* The main one's failing ends the run, and sinks_report() tells it then. */
static void tell_failed(const struct sinks *s, struct sink *sink)
{
	if (sink->may_pass && !is_alone(s))
		tell_pause(sink);
	else if (sink != s->list[0])
		log_error("write to %s: %s; the run goes on without it", sink->target, why(sink));
}

static void flush(const struct sinks *s, struct sink *sink)
{
	if (sink->error)
		return;
	sink->error = sink->class->flush(sink);
	if (sink->error) {
		sink->unwritten += sink->pending;
		tell_failed(s, sink);
	} else if (sink->pause.told && sink->pending) {
		tell_works_again(sink);
	}
	sink->pending = 0;
}

int sinks_flush(struct sinks *s)
{
	for (unsigned i = 0; i < s->len; i++)
		flush(s, s->list[i]);
	return is_alone(s) ? sinks_error(s) : 0;
}

int sinks_error(const struct sinks *s)
{
	if (!s->len || (s->list[0]->may_pass && !is_alone(s)))
		return 0;
	return s->list[0]->error;
}

uint64_t sinks_not_shown(const struct sinks *s)
{
	return is_alone(s) ? s->list[0]->unwritten : 0;
}

uint64_t sinks_all_unwritten(const struct sinks *s)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < s->len; i++)
		n += s->list[i]->unwritten;
	return n;
}

static void reopen(struct sink *sink)
{
	if (!sink->class->reopen || sink->class->reopen(sink) || !sink->error)
		return;
	sink->error = 0;
	sink->why[0] = '\0';
	if (!sink->may_pass) /* else the next write tells whether it has passed */
		tell_works_again(sink);
}

void sinks_reopen(struct sinks *s)
{
	for (unsigned i = 0; i < s->len; i++)
		reopen(s->list[i]);
}

/* One that has failed would be ready for ever. */
void sinks_poll(struct sinks *s, struct pollfd fds[])
{
	for (unsigned i = 0; i < s->len; i++) {
		struct sink *sink = s->list[i];
		bool polled = sink->class->poll_fd && !sink->error;

		fds[i] = (struct pollfd){
			.fd = polled ? sink->class->poll_fd(sink) : -1,
			.events = sink->class->poll_events | sink->poll_events,
		};
	}
}

static uint64_t deadline(struct sink *sink)
{
	if (sink->error || !sink->class->deadline_ns)
		return UINT64_MAX;
	return sink->class->deadline_ns(sink);
}

uint64_t sinks_deadline(struct sinks *s)
{
	uint64_t first = UINT64_MAX;

	for (unsigned i = 0; i < s->len; i++) {
		uint64_t next = deadline(s->list[i]);

		first = next < first ? next : first;
	}
	return first;
}

void sinks_ready(struct sinks *s, const struct pollfd fds[], uint64_t now_ns)
{
	for (unsigned i = 0; i < s->len; i++) {
		struct sink *sink = s->list[i];

		if (sink->class->ready && (fds[i].revents || deadline(sink) <= now_ns))
			sink->class->ready(sink, fds[i].revents);
	}
}

void sinks_finish(struct sinks *s)
{
	for (unsigned i = 0; i < s->len; i++)
		if (!s->list[i]->error && s->list[i]->class->finish)
			s->list[i]->class->finish(s->list[i]);
}

bool sinks_report(const struct sinks *s)
{
	bool fine = true;

	for (unsigned i = 0; i < s->len; i++) {
		const struct sink *sink = s->list[i];
		unsigned long long n = sink->unwritten;

		if (sink->error)
			log_error("write to %s: %s; %llu events were not written", sink->target,
				  why(sink), n);
		else if (n)
			log_error("write to %s: %llu events were not written", sink->target, n);
		fine = fine && !sink->error && !n;
	}
	return fine;
}

void sinks_close(struct sinks *s)
{
	for (unsigned i = 0; i < s->len; i++)
		s->list[i]->class->close(s->list[i]);
	s->len = 0;
}
