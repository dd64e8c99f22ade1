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

struct owners *owners_new(struct probe *p)
{
	struct owners *o = calloc(1, sizeof(*o));

	if (o) {
		o->probe = p;
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

static bool find(const struct owners *o, uint64_t inode, struct task *ret)
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
	if (!low || o->owners[low - 1].inode != inode)
		return false;
	*ret = o->owners[low - 1].task;
	return true;
}

bool owners_find(struct owners *o, uint64_t inode, struct task *ret)
{
	if (find(o, inode, ret))
		return true;
	if (now_ns() < o->next_ns)
		return false;
	snapshot(o);
	return find(o, inode, ret);
}
