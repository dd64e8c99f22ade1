// SPDX-License-Identifier: GPL-2.0
/* Which process holds a socket. */
#include "owner.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* At most 1 / REST of the time is spent on snapshots. */
#define REST 10

struct owners {
	struct probe *probe;
	const struct processes *processes;
	struct owner *owners; /* by inode */
	size_t len;
	uint64_t next_ns; /* no snapshot before this time */
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* Of several holders of one socket the youngest process comes last: a worker, not its master. */
static int by_inode(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->task.pid < y->task.pid ? -1 : x->task.pid > y->task.pid;
}

static void snapshot(struct owners *o)
{
	uint64_t start = now_ns(), end;
	struct owner *owners = NULL;
	size_t len = 0;

	/* On failure nobody is known to hold anything. */
	probe_owners(o->probe, &owners, &len);
	qsort(owners, len, sizeof(*owners), by_inode);
	free(o->owners);
	o->owners = owners;
	o->len = len;
	end = now_ns();
	o->next_ns = end + (end - start) * (REST - 1);
}

struct owners *owners_new(struct probe *p, const struct processes *ps)
{
	struct owners *o = calloc(1, sizeof(*o));

	if (o) {
		o->probe = p;
		o->processes = ps;
		snapshot(o);
	}
	return o;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	free(o->owners);
	free(o);
}

/* NULL: nobody. Until the next snapshot. */
static const struct owner *find(const struct owners *o, uint64_t inode)
{
	size_t low = 0, high = o->len;

	/* The last one with this inode. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (o->owners[middle].inode <= inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low && o->owners[low - 1].inode == inode ? &o->owners[low - 1] : NULL;
}

bool owners_find(struct owners *o, uint64_t inode, struct task *ret)
{
	const struct owner *owner = find(o, inode);
	bool known = owner;

	/* If nobody is found to hold it, the last one did: after a reset a program closes at once. */
	if (owner)
		*ret = owner->task;
	if (owner && process_holds(o->processes, owner->task.pid, owner->fd, inode))
		return true;
	if (now_ns() < o->next_ns)
		return known;
	snapshot(o);
	owner = find(o, inode);
	if (owner)
		*ret = owner->task;
	return known || owner;
}
