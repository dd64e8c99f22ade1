// SPDX-License-Identifier: GPL-2.0
/* A descriptor whose reader may sleep. */
#include "patient.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "backlog.h"
#include "clock.h"
#include "log.h"

#define WAITING_MAX (1 << 20) /* bytes */
#define TELL_NS 60000000000ULL
#define FINISH_NS 2000000000ULL

struct patient {
	int fd;
	const char *name;
	struct backlog *backlog;
	uint64_t refused; /* events there was no room for */
	uint64_t told_ns; /* when that was told; 0: never */
};

struct patient *patient_new(int fd, const char *name)
{
	struct patient *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->fd = fd;
	p->name = name;
	p->backlog = backlog_new(WAITING_MAX);
	if (p->backlog)
		return p;
	free(p);
	return NULL;
}

void patient_free(struct patient *p)
{
	if (!p)
		return;
	backlog_free(p->backlog);
	free(p);
}

static void tell_refused(struct patient *p)
{
	uint64_t now = now_ns();

	if (p->told_ns && now < p->told_ns + TELL_NS)
		return;
	p->told_ns = now;
	log_error("write to %s: nobody reads it, and 1 MiB waits; the run goes on, and what has no "
		  "room there is not written: %llu events so far",
		  p->name, (unsigned long long)p->refused);
}

static bool is_taken(const struct patient *p, int patience_ms)
{
	struct pollfd fd = {.fd = p->fd, .events = POLLOUT};

	return poll(&fd, 1, patience_ms) > 0;
}

/* PIPE_BUF: a pipe that says POLLOUT takes as much without blocking. 0: it did not. */
static ssize_t write_some(struct patient *p)
{
	size_t len;
	const char *next = backlog_next(p->backlog, &len);
	ssize_t n = write(p->fd, next, len < PIPE_BUF ? len : PIPE_BUF);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? 0 : -errno;
	backlog_written(p->backlog, n);
	return n;
}

int patient_write(struct patient *p)
{
	ssize_t n = 1;

	while (n > 0 && patient_waits(p) && is_taken(p, 0))
		n = write_some(p);
	return n < 0 ? n : 0;
}

/* A reader that is awake may only have had no chance yet: a batch can be more than there is room for. */
static bool make_room(struct patient *p)
{
	return !patient_write(p);
}

bool patient_put(struct patient *p, const char *text, size_t len, bool is_event)
{
	if (backlog_put(p->backlog, text, len, is_event) ||
	    (make_room(p) && backlog_put(p->backlog, text, len, is_event)))
		return true;
	p->refused += is_event;
	tell_refused(p);
	return false;
}

bool patient_waits(const struct patient *p)
{
	size_t len;

	return backlog_next(p->backlog, &len);
}

int patient_finish(struct patient *p)
{
	uint64_t end = now_ns() + FINISH_NS;
	ssize_t n = 0;

	while (n >= 0 && patient_waits(p) && now_ns() < end)
		if (is_taken(p, FINISH_NS / 1000000))
			n = write_some(p);
	return n < 0 ? n : 0;
}

uint64_t patient_drop(struct patient *p)
{
	uint64_t events = backlog_events(p->backlog);

	backlog_clear(p->backlog);
	return events;
}
