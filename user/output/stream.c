// SPDX-License-Identifier: GPL-2.0
/* The main sink: the events in a format, on stdout or in the file of --output. */
#define _GNU_SOURCE /* dup3() */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "options.h"
#include "output_file.h"
#include "patient.h"

struct stream {
	struct sink sink; /* first: it is what others know of the stream */
	const struct format *format;
	struct style style;
	struct out *out;
	struct patient *patient; /* NULL: the run waits for who reads */
	bool is_live; /* a recording can wait */
	int fd; /* the same number all the time: `out` knows it */
	uint64_t size_max; /* of a file, after which the next one begins; 0: none */
	uint64_t full_at; /* its size when that is tried */
	uint64_t size; /* after the last flush, if it has such a limit */
	bool is_continued; /* by --append: what is there has its head already */
	bool is_cut; /* the file ends in the middle of a line */
	bool is_regular; /* whatever name it has */
	bool is_file; /* a regular file of its own, which somebody may rename */
};

static struct stream *stream_of(struct sink *sink)
{
	return (struct stream *)sink;
}

static void stream_close(struct sink *sink)
{
	struct stream *st = stream_of(sink);

	out_free(st->out);
	patient_free(st->patient);
	if (st->fd > STDERR_FILENO)
		close(st->fd);
	free(st);
}

static int open_fd(const struct options *o)
{
	if (o->output)
		return file_open_for(o->output, o->append ? 0 : O_TRUNC, &o->user);
	return fcntl(STDOUT_FILENO, F_GETFD) < 0 ? -errno : STDOUT_FILENO;
}

static void set_style(struct stream *st, const struct options *o)
{
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	bool tty = isatty(st->fd);

	st->sink.eager = tty;
	st->style.colour = tty && !(no_colour && *no_colour) && term && strcmp(term, "dumb");
	st->style.evidence = o->verbosity >= LOG_VERBOSE;
	st->style.stack = o->config.stack;
}

static struct stream *stream_new(int fd, const struct options *o)
{
	struct stream *st = calloc(1, sizeof(*st));

	if (!st)
		return NULL;
	st->sink.class = &stream_class;
	st->sink.target = o->output ? o->output : "stdout";
	st->is_live = o->command == COMMAND_TRACE;
	st->format = o->format;
	st->sink.name = o->format->name;
	st->fd = fd;
	st->is_regular = file_is_regular(fd);
	st->is_file = o->output && st->is_regular;
	st->size_max = st->full_at = st->is_file ? o->output_size : 0;
	st->is_continued = st->is_file && o->append && file_size(fd);
	st->is_cut = st->is_continued && !file_ends_line(fd, o->output);
	st->out = out_new(fd);
	set_style(st, o);
	return st;
}

static int stream_open(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	struct stream *st;
	int fd;

	if (o->command == COMMAND_TOP)
		return 0;
	fd = open_fd(o);
	if (fd < 0) {
		log_error("open %s for writing: %s", o->output ? o->output : "stdout",
			  strerror(-fd));
		return fd;
	}
	st = stream_new(fd, o);
	if (!st || !st->out) {
		if (st)
			stream_close(&st->sink);
		log_error("prepare to write: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	if (!st->is_regular)
		out_set_give_up(st->out, give_up);
	*ret = &st->sink;
	return 0;
}

/* Of a file that is continued the format gets ready, too. No event is glued to half a line. */
static void begin(struct stream *st)
{
	size_t mark = out_mark(st->out);

	if (st->format->begin)
		st->format->begin(st->out, &st->style);
	if (st->is_continued)
		out_rewind(st->out, mark);
	if (st->is_cut)
		out_char(st->out, '\n');
	st->is_continued = false;
}

/* What was put is the patient's from here on. */
static void hand_over(struct stream *st, bool is_event)
{
	struct sink *sink = &st->sink;

	if (out_error(st->out) ||
	    !patient_put(st->patient, out_data(st->out), out_mark(st->out), is_event))
		sink->unwritten += is_event;
	out_rewind(st->out, 0);
}

/* The other outputs, and who asks for the metrics, do not wait for a reader. */
static void stream_start(struct sink *sink, const struct probe *p)
{
	struct stream *st = stream_of(sink);

	begin(st);
	if (!st->is_live || st->is_regular || sink->all->len == 1)
		return;
	st->patient = patient_new(st->fd, sink->target);
	if (st->patient)
		hand_over(st, false);
	else
		out_fail(st->out, -ENOMEM);
}

static void stream_put(struct sink *sink, const struct record *r, const struct verdict *v)
{
	struct stream *st = stream_of(sink);

	st->format->put(st->out, &st->style, r, v);
	if (st->patient)
		hand_over(st, !r->suppressed);
	if (st->size_max && st->size + out_mark(st->out) >= st->full_at)
		sink->eager = true; /* not the whole batch into a file that is full */
}

/* What follows goes to the file that has the name now. 0 or -errno: all is as it was. */
static int change_file(struct stream *st, int flags)
{
	int fd = file_open(st->sink.target, flags), err = 0;

	if (fd < 0)
		return fd;
	if (!file_is_same(fd, st->fd))
		st->is_cut = false;
	if (dup3(fd, st->fd, O_CLOEXEC) < 0)
		err = -errno;
	else
		st->full_at = st->size_max;
	close(fd);
	return err;
}

/* Better a file that is too large than an event that is lost: it grows by as much before another try. */
static void begin_next_file(struct stream *st)
{
	int err = file_shift(st->sink.target);

	if (!err)
		err = change_file(st, O_TRUNC);
	if (!err) {
		st->size = 0;
		begin(st);
		return;
	}
	st->full_at = st->size + st->size_max;
	log_error("begin a new %s: %s; what follows still goes to the file that had that name",
		  st->sink.target, strerror(-err));
}

static void look_at_size(struct stream *st)
{
	st->sink.eager = false;
	st->size = file_size(st->fd);
	if (st->size >= st->full_at)
		begin_next_file(st);
}

static void write_at_once(struct stream *st)
{
	out_fail(st->out, patient_write(st->patient));
	st->sink.poll_events = patient_waits(st->patient) ? POLLOUT : 0;
}

/* What was handed over is written later, or counted here. */
static int write_patiently(struct stream *st)
{
	struct sink *sink = &st->sink;

	write_at_once(st);
	sink->pending = 0;
	if (out_error(st->out))
		sink->unwritten += patient_drop(st->patient);
	return out_error(st->out);
}

/* What fails does so as a whole: no line is left half written, and nothing is there uncounted. */
static int stream_flush(struct sink *sink)
{
	struct stream *st = stream_of(sink);
	int err = st->patient ? write_patiently(st) : out_flush(st->out);
	size_t written = st->patient ? 0 : out_written(st->out);

	if (!err && written)
		st->is_cut = false;
	if (err && written && st->is_regular && file_take_back(st->fd, written))
		st->is_cut = true;
	sink->may_pass = file_error_may_pass(st->fd, err);
	if (!err && st->size_max)
		look_at_size(st);
	return err;
}

static void stream_resume(struct sink *sink)
{
	struct stream *st = stream_of(sink);

	out_recover(st->out);
	st->is_continued = !st->is_regular || file_size(st->fd);
	begin(st);
}

/* Opened without O_TRUNC: when nobody has renamed the file, it goes on. */
static int stream_reopen(struct sink *sink)
{
	struct stream *st = stream_of(sink);
	int err = out_error(st->out);

	if (!st->is_file || (err && !sink->may_pass))
		return err;
	err = change_file(st, 0);
	if (err)
		log_error("reopen %s: %s; what follows still goes to the file that had that name",
			  sink->target, strerror(-err));
	else if (sink->error)
		stream_resume(sink);
	else if (!file_size(st->fd))
		begin(st);
	return err;
}

static int stream_poll_fd(struct sink *sink)
{
	return stream_of(sink)->fd;
}

/* Who reads is gone: told at once, not by the next event. */
static void stream_ready(struct sink *sink, short revents)
{
	if (revents & (POLLERR | POLLHUP))
		out_fail(stream_of(sink)->out, -EPIPE);
	else if (revents & POLLOUT)
		write_at_once(stream_of(sink));
}

static void stream_finish(struct sink *sink)
{
	struct stream *st = stream_of(sink);

	if (!st->patient)
		return;
	sink->error = patient_finish(st->patient);
	sink->unwritten += patient_drop(st->patient);
}

const struct sink_class stream_class = {
	.open = stream_open,
	.start = stream_start,
	.put = stream_put,
	.flush = stream_flush,
	.resume = stream_resume,
	.reopen = stream_reopen,
	.poll_fd = stream_poll_fd,
	.ready = stream_ready,
	.finish = stream_finish,
	.close = stream_close,
};
