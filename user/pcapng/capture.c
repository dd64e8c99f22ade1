// SPDX-License-Identifier: GPL-2.0
/*
 * A sink: the file of --pcapng. It is valid whenever somebody looks: whole blocks are written, and
 * what a full disk has cut is taken back.
 */
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "options.h"
#include "output_file.h"
#include "pcapng.h"
#include "probe.h"
#include "whole.h"

struct capture {
	struct sink sink; /* first: it is what others know of the capture */
	const struct probe *probe;
	const char *host; /* NULL: not known */
	struct utsname machine;
	struct out *out; /* NULL: no file is open */
	int fd;
	bool is_regular; /* else a pipe or a device, which has no size and no other name */
	uint64_t size; /* of the file: whole blocks */
	uint64_t size_max; /* 0: none */
	uint64_t full_at; /* the size when the next file is tried */
	struct pcapng section;
	uint64_t begin_ns; /* of the section, and what was counted before it */
	__u64 begin_counts[COUNT_MAX];
};

static struct capture *capture_of(struct sink *sink)
{
	return (struct capture *)sink;
}

/* Of a reader that is too slow: the run does not wait for it. */
static bool at_once(void)
{
	return true;
}

/* O_NONBLOCK: neither a pipe that nobody reads nor one that nobody has opened may hold us up. */
static int open_fd(const char *path, int flags)
{
	return file_open(path, O_NONBLOCK | flags);
}

static void let_go(struct capture *c)
{
	if (!c->out)
		return;
	out_free(c->out);
	c->out = NULL;
	close(c->fd);
}

/*
 * Half a block, which a run that was killed has left behind, would hide all that follows it. 0 or
 * -errno, maybe with sink.why.
 */
static int continue_file(struct capture *c, int fd)
{
	uint64_t size = file_size(fd), whole = 0;
	int reader = file_open_to_read(fd, c->sink.target), err;

	if (reader < 0)
		return reader;
	err = pcapng_whole(reader, size, &whole);
	close(reader);
	if (err == -EINVAL)
		snprintf(c->sink.why, sizeof(c->sink.why),
			 "what is in it is no pcapng of this host's byte order");
	if (!err && whole < size && ftruncate(fd, whole))
		err = -errno;
	return err;
}

/* fd becomes the capture's; after an error it is closed, and the old one goes on. 0 or -errno. */
static int take_over(struct capture *c, int fd)
{
	struct out *out = out_new(fd);
	int err = out ? 0 : -ENOMEM;

	if (!err && file_is_regular(fd) && file_size(fd))
		err = continue_file(c, fd);
	if (err) {
		out_free(out);
		close(fd);
		return err;
	}
	let_go(c);
	c->out = out;
	c->fd = fd;
	c->is_regular = file_is_regular(fd);
	c->size = file_size(fd);
	c->full_at = c->size_max;
	if (!c->is_regular)
		out_set_give_up(out, at_once);
	return 0;
}

static int open_file(struct capture *c, int flags)
{
	int fd = open_fd(c->sink.target, flags);

	return fd < 0 ? fd : take_over(c, fd);
}

static int open_first(struct capture *c, const struct options *o)
{
	int fd = file_open_for(o->pcapng, O_NONBLOCK | (o->append ? 0 : O_TRUNC), &o->user);

	return fd < 0 ? fd : take_over(c, fd);
}

static const char *why(const struct capture *c, int err)
{
	return c->sink.why[0] ? c->sink.why : strerror(-err);
}

static int capture_open(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	struct capture *c;

	if (!o->pcapng)
		return 0;
	c = calloc(1, sizeof(*c));
	if (!c) {
		log_error("prepare to write %s: %s", o->pcapng, strerror(ENOMEM));
		return -ENOMEM;
	}
	*ret = &c->sink;
	c->sink.class = &capture_class;
	c->sink.name = "pcapng";
	c->sink.target = o->pcapng;
	c->size_max = o->pcapng_size;
	c->host = o->host;
	uname(&c->machine);
	c->sink.error = open_first(c, o);
	if (c->sink.error)
		log_error("open %s for writing: %s; the run goes on without it", o->pcapng,
			  why(c, c->sink.error));
	return 0;
}

/* What was counted until now belongs to no section. */
static void begin_sums(struct capture *c)
{
	c->begin_ns = clock_ns(CLOCK_REALTIME);
	if (c->probe)
		probe_counts(c->probe, c->begin_counts);
}

static void begin_section(struct capture *c)
{
	pcapng_begin(&c->section, c->out, c->host, &c->machine);
}

/* Where phantoms are taken back a count can be lower than before. */
static uint64_t since(uint64_t n, uint64_t before)
{
	return n > before ? n - before : 0;
}

/* The next one's sums begin where these end: what is counted while files change is in one of them. */
static void end_section(struct capture *c)
{
	struct pcapng_statistics s = {
		.begin_ns = c->begin_ns,
		.end_ns = clock_ns(CLOCK_REALTIME),
	};
	__u64 counts[COUNT_MAX];

	if (!c->probe)
		return; /* a replay: what was counted beside the recorded events is not known */
	probe_counts(c->probe, counts);
	s.counted = since(counts_sum(counts), counts_sum(c->begin_counts));
	s.suppressed = since(counts[COUNT_SUPPRESSED], c->begin_counts[COUNT_SUPPRESSED]);
	s.lost = since(counts[COUNT_LOST], c->begin_counts[COUNT_LOST]);
	pcapng_statistics(&c->section, c->out, &s);
	c->begin_ns = s.end_ns;
	memcpy(c->begin_counts, counts, sizeof(counts));
}

static void capture_start(struct sink *sink, const struct probe *p)
{
	struct capture *c = capture_of(sink);

	c->probe = p;
	begin_sums(c);
	if (c->out)
		begin_section(c);
}

/* Half a block would hide all that follows it. */
static void cut_off_half_block(struct capture *c)
{
	if (c->is_regular && file_size(c->fd) > c->size && ftruncate(c->fd, c->size))
		log_error("cut off what %s has of an unfinished block: %s; tshark will complain",
			  c->sink.target, strerror(errno));
}

static int capture_flush(struct sink *sink)
{
	struct capture *c = capture_of(sink);
	size_t len = out_mark(c->out);
	int err = out_flush(c->out);

	if (err)
		cut_off_half_block(c);
	else
		c->size += len;
	sink->may_pass =
		c->is_regular && file_error_may_pass(c->fd, err) && file_size(c->fd) <= c->size;
	return err;
}

/* In a section of its own: the blocks that were lost may have introduced interfaces. */
static void capture_resume(struct sink *sink)
{
	struct capture *c = capture_of(sink);

	out_recover(c->out);
	c->size = file_size(c->fd);
	begin_sums(c);
	begin_section(c);
}

/* Better a file that is too large than a packet that is lost. 0, or -errno: what was put is lost. */
static int rotate(struct capture *c)
{
	int err;

	end_section(c);
	err = capture_flush(&c->sink);
	if (err)
		return err;
	c->sink.pending = 0; /* they are written, whatever becomes of those that follow */
	err = file_shift(c->sink.target);
	if (!err)
		err = open_file(c, O_TRUNC);
	if (err) {
		c->full_at = c->size + c->size_max;
		log_error("begin a new %s: %s; what follows still goes to the file that had that "
			  "name",
			  c->sink.target, strerror(-err));
	}
	begin_section(c);
	return 0;
}

static bool is_full(const struct capture *c)
{
	return c->size_max && c->is_regular && c->size + out_mark(c->out) >= c->full_at;
}

/* Somebody has emptied the file (copytruncate). Looked at once a batch. */
static bool was_emptied(const struct capture *c)
{
	return c->is_regular && !out_mark(c->out) && c->size && !file_size(c->fd);
}

static void capture_put(struct sink *sink, const struct record *r, const struct verdict *v)
{
	struct capture *c = capture_of(sink);
	int err = 0;

	if (was_emptied(c)) {
		c->size = 0;
		begin_sums(c);
		begin_section(c);
	}
	if (is_full(c))
		err = rotate(c);
	if (err)
		out_fail(c->out, err);
	pcapng_put(&c->section, c->out, r, v);
}

/*
 * After an error even the same file gets a new section: the blocks that were lost may have
 * introduced interfaces.
 */
static int change_file(struct capture *c, int fd)
{
	int err;

	if (!c->sink.error) {
		end_section(c);
		capture_flush(&c->sink); /* what fails has no place in the new file either */
	} else {
		begin_sums(c);
	}
	err = take_over(c, fd);
	if (!err)
		begin_section(c);
	return err;
}

static int capture_reopen(struct sink *sink)
{
	struct capture *c = capture_of(sink);
	int fd, err;

	if (!sink->error && !c->is_regular)
		return 0;
	fd = open_fd(sink->target, 0);
	if (fd >= 0 && !sink->error && c->out && file_is_same(c->fd, fd)) {
		close(fd);
		return 0;
	}
	sink->why[0] = '\0';
	err = fd < 0 ? fd : change_file(c, fd);
	if (err)
		log_error("reopen %s: %s; %s", sink->target, why(c, err),
			  sink->error ? "the run goes on without it"
				      : "what follows still goes to the file that had that name");
	return err;
}

static void capture_finish(struct sink *sink)
{
	end_section(capture_of(sink));
	sink->error = capture_flush(sink);
}

static void capture_close(struct sink *sink)
{
	let_go(capture_of(sink));
	free(sink);
}

const struct sink_class capture_class = {
	.open = capture_open,
	.start = capture_start,
	.put = capture_put,
	.flush = capture_flush,
	.resume = capture_resume,
	.reopen = capture_reopen,
	.finish = capture_finish,
	.close = capture_close,
};
