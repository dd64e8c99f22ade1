// SPDX-License-Identifier: GPL-2.0
/*
 * The events in the systemd journal. sd_journal_sendv() waits as long as journald does not read,
 * and the run must not: a thread calls it, and a bounded queue lies in between.
 */
#define _GNU_SOURCE /* pthread_cond_clockwait() */
#include "journal.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "journal_fields.h"
#include "log.h"
#include "options.h"
#include "systemd_library.h"

#define SOCKET "/run/systemd/journal/socket"
#define QUEUE_MAX (4ul << 20) /* bytes: some thousand entries */
#define FINISH_SECONDS 2

struct entry {
	struct entry *next;
	size_t size;
	bool is_event;
	unsigned len;
	struct iovec fields[]; /* behind them their bytes */
};

struct journal {
	struct sink sink; /* first: it is what others know of it */
	int (*send)(const struct iovec *fields, int len);
	struct out *out; /* without a descriptor: an entry is made in it */
	bool told; /* that something did not get out */
	int wake_fd; /* readable: something has failed */
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct entry *first, **last;
	size_t bytes; /* of the entries that wait */
	struct entry *under_way; /* what the thread sends; NULL: it waits for work */
	bool ending;
	uint64_t failed; /* events, since the loop has looked */
	int error; /* -errno, of the last that failed; 0: none has since then */
};

static struct journal *journal_of(struct sink *sink)
{
	return (struct journal *)sink;
}

static struct entry *entry_new(struct out *o, const struct record *r, const struct verdict *v)
{
	size_t ends[JOURNAL_FIELDS_MAX], begin = 0, size;
	unsigned len = journal_fields(o, r, v, ends);
	struct entry *e;
	char *bytes;

	size = sizeof(*e) + len * sizeof(e->fields[0]) + out_mark(o);
	e = out_error(o) ? NULL : malloc(size);
	if (e) {
		*e = (struct entry){.size = size, .is_event = !r->suppressed, .len = len};
		bytes = memcpy(e->fields + len, o->data, out_mark(o));
		for (unsigned i = 0; i < len; begin = ends[i++])
			e->fields[i] = (struct iovec){bytes + begin, ends[i] - begin};
	}
	out_rewind(o, 0);
	return e;
}

static void tell(struct journal *j, const char *why)
{
	if (!j->told)
		log_error("write to %s: %s; tracing goes on, what does not get out is counted",
			  j->sink.target, why);
	j->told = true;
}

/* sd_journal_sendv() takes a journald that is not there for success. */
static int send_entry(struct journal *j, const struct entry *e)
{
	if (access(SOCKET, F_OK))
		return -errno;
	return j->send(e->fields, e->len);
}

static void note_failure(struct journal *j, int error, bool is_event)
{
	if (!j->error)
		eventfd_write(j->wake_fd, 1);
	j->error = error;
	j->failed += is_event;
}

/* With the lock held. NULL: the end. */
static struct entry *next_entry(struct journal *j)
{
	struct entry *e;

	while (!j->first && !j->ending)
		pthread_cond_wait(&j->changed, &j->lock);
	e = j->ending ? NULL : j->first;
	if (!e)
		return NULL;
	j->first = e->next;
	if (!j->first)
		j->last = &j->first;
	j->bytes -= e->size;
	return e;
}

static void *send_entries(void *argument)
{
	struct journal *j = argument;

	pthread_mutex_lock(&j->lock);
	while ((j->under_way = next_entry(j))) {
		int err;

		pthread_mutex_unlock(&j->lock);
		err = send_entry(j, j->under_way);
		pthread_mutex_lock(&j->lock);
		if (err)
			note_failure(j, err, j->under_way->is_event);
		free(j->under_way);
		j->under_way = NULL;
		pthread_cond_broadcast(&j->changed);
	}
	pthread_mutex_unlock(&j->lock);
	return NULL;
}

/* Signals are for the loop. */
static int start_thread(struct journal *j)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = pthread_create(&j->thread, NULL, send_entries, j);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	j->has_thread = !err;
	return -err;
}

static void journal_free(struct journal *j)
{
	while (j->first) {
		struct entry *e = j->first;

		j->first = e->next;
		free(e);
	}
	if (j->wake_fd >= 0)
		close(j->wake_fd);
	out_free(j->out);
	free(j);
}

/* A thread that journald keeps waiting goes with the process, and what it uses with it. */
static void journal_close(struct sink *sink)
{
	struct journal *j = journal_of(sink);
	bool stuck;

	if (!j->has_thread) {
		journal_free(j);
		return;
	}
	pthread_mutex_lock(&j->lock);
	j->ending = true;
	stuck = j->under_way;
	pthread_cond_broadcast(&j->changed);
	pthread_mutex_unlock(&j->lock);
	if (stuck)
		return;
	pthread_join(j->thread, NULL);
	journal_free(j);
}

static struct journal *journal_new(const struct systemd_library *library)
{
	struct journal *j = calloc(1, sizeof(*j));

	if (!j)
		return NULL;
	j->sink.class = &journal_class;
	j->sink.name = "journal";
	j->sink.target = "the systemd journal";
	j->send = library->sd_journal_sendv;
	j->last = &j->first;
	j->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	j->out = out_new(-1);
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->changed, NULL);
	return j;
}

static int journal_open(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	const struct systemd_library *library;
	struct journal *j;
	int err;

	if (!o->journal)
		return 0;
	library = systemd_library();
	if (!library) {
		log_error("load libsystemd for --journal: %s; install libsystemd0", dlerror());
		return -ENOENT;
	}
	j = journal_new(library);
	if (!j) {
		log_error("prepare to write to the journal: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	*ret = &j->sink;
	err = j->wake_fd < 0 ? -errno : !j->out ? -ENOMEM : 0;
	if (err)
		log_error("prepare to write to the journal: %s", strerror(-err));
	return err;
}

static int journal_launch(struct sink *sink, const struct options *o)
{
	int err = start_thread(journal_of(sink));

	if (err)
		log_error("prepare to write to the journal: %s", strerror(-err));
	return err;
}

/* Who wants to read the journal is told at once when there is none. */
static void journal_start(struct sink *sink, const struct probe *p)
{
	if (access(SOCKET, F_OK))
		tell(journal_of(sink), "there is no " SOCKET "; is systemd-journald running?");
}

/* false: it is full. */
static bool enqueue(struct journal *j, struct entry *e)
{
	bool fits;

	pthread_mutex_lock(&j->lock);
	fits = j->bytes + e->size <= QUEUE_MAX;
	if (fits) {
		*j->last = e;
		j->last = &e->next;
		j->bytes += e->size;
		pthread_cond_broadcast(&j->changed);
	}
	pthread_mutex_unlock(&j->lock);
	return fits;
}

static void journal_put(struct sink *sink, const struct record *r, const struct verdict *v)
{
	struct journal *j = journal_of(sink);
	struct entry *e = entry_new(j->out, r, v);

	if (e && enqueue(j, e))
		return;
	sink->unwritten += !r->suppressed;
	tell(j, e ? "systemd-journald does not read" : strerror(ENOMEM));
	free(e);
}

/* What the thread has to say. */
static void collect(struct journal *j)
{
	int error;

	pthread_mutex_lock(&j->lock);
	error = j->error;
	j->sink.unwritten += j->failed;
	j->failed = 0;
	j->error = 0;
	pthread_mutex_unlock(&j->lock);
	if (error)
		tell(j, strerror(-error));
}

/* The journal is no reason to end: a journald that comes back is written to again. */
static int journal_flush(struct sink *sink)
{
	collect(journal_of(sink));
	return 0;
}

static int journal_poll_fd(struct sink *sink)
{
	return journal_of(sink)->wake_fd;
}

static void journal_ready(struct sink *sink, short revents)
{
	eventfd_t n;

	eventfd_read(journal_of(sink)->wake_fd, &n);
	collect(journal_of(sink));
}

/* With the lock held. Events that wait, also that one under way. */
static uint64_t waiting(const struct journal *j)
{
	uint64_t n = j->under_way && j->under_way->is_event;

	for (const struct entry *e = j->first; e; e = e->next)
		n += e->is_event;
	return n;
}

static void journal_finish(struct sink *sink)
{
	struct journal *j = journal_of(sink);
	struct timespec until;
	uint64_t left;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += FINISH_SECONDS;
	pthread_mutex_lock(&j->lock);
	while (!err && (j->first || j->under_way))
		err = pthread_cond_clockwait(&j->changed, &j->lock, CLOCK_MONOTONIC, &until);
	left = waiting(j);
	j->ending = true;
	pthread_mutex_unlock(&j->lock);
	collect(j);
	sink->unwritten += left;
	if (left)
		tell(j, "systemd-journald does not read");
}

const struct sink_class journal_class = {
	.open = journal_open,
	.launch = journal_launch,
	.start = journal_start,
	.put = journal_put,
	.flush = journal_flush,
	.poll_fd = journal_poll_fd,
	.poll_events = POLLIN,
	.ready = journal_ready,
	.finish = journal_finish,
	.close = journal_close,
};
