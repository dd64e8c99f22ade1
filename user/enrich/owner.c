// SPDX-License-Identifier: GPL-2.0
/* Which process holds a socket. */
#include "owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "log.h"

/* At most 1 / REST of the time is spent on snapshots of one kind. */
#define REST 10
/* One of all processes that takes so long lets events come late: then a second is between two. */
#define LONG_NS 50000000ULL
#define SECOND_NS 1000000000ULL
#define FOUND_MAX 8 /* processes of which a snapshot of their own is kept */

struct snapshot {
	unsigned pid; /* 0: of all */
	struct owner *owners; /* by inode */
	size_t len;
};

struct owners {
	struct probe *probe;
	const struct processes *processes;
	/* Of single processes that were found, the last one first: newer than that of all. */
	struct snapshot found[FOUND_MAX];
	unsigned found_len;
	struct snapshot all;
	bool only_all; /* the kernel has none of single processes */
	uint64_t next_found_ns, next_all_ns; /* none before these times */
	bool complained;
};

/* Of several holders of one socket the youngest process comes last: a worker, not its master. */
static int by_inode(const void *a, const void *b)
{
	const struct owner *x = a, *y = b;

	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	return x->task.pid < y->task.pid ? -1 : x->task.pid > y->task.pid;
}

/* Once: where one snapshot fails, many do. */
static void complain(struct owners *o, int err)
{
	if (!o->complained)
		log_error("find which process holds which socket: %s; events may lack theirs",
			  strerror(-err));
	o->complained = true;
}

/* 0 or -errno; what was known stays known then. */
static int take(struct owners *o, struct snapshot *s)
{
	struct owner *owners = NULL;
	size_t len = 0;
	int err = o->probe ? probe_owners(o->probe, s->pid, &owners, &len) : 0;

	if (err)
		return err;
	if (len)
		qsort(owners, len, sizeof(*owners), by_inode);
	free(s->owners);
	s->owners = owners;
	s->len = len;
	return 0;
}

/* The processes stay, for they may hold the next one, too. */
static void forget_sockets(struct owners *o)
{
	for (unsigned i = 0; i < o->found_len; i++) {
		free(o->found[i].owners);
		o->found[i].owners = NULL;
		o->found[i].len = 0;
	}
}

static void take_all(struct owners *o)
{
	uint64_t start = now_ns(), end, rest;
	int err = take(o, &o->all);

	if (err)
		complain(o, err);
	else
		forget_sockets(o);
	end = now_ns();
	rest = (end - start) * (REST - 1);
	if (end - start > LONG_NS && rest < SECOND_NS)
		rest = SECOND_NS;
	o->next_all_ns = end + rest;
}

struct owners *owners_new(struct probe *p, const struct processes *ps)
{
	struct owners *o = calloc(1, sizeof(*o));

	if (o) {
		o->probe = p;
		o->processes = ps;
		take_all(o);
	}
	return o;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	forget_sockets(o);
	free(o->all.owners);
	free(o);
}

/* NULL: nobody. Until the next snapshot. */
static const struct owner *find_in(const struct snapshot *s, uint64_t inode)
{
	size_t low = 0, high = s->len;

	/* The last one with this inode. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->owners[middle].inode <= inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low && s->owners[low - 1].inode == inode ? &s->owners[low - 1] : NULL;
}

static const struct owner *find(const struct owners *o, uint64_t inode)
{
	for (unsigned i = 0; i < o->found_len; i++) {
		const struct owner *owner = find_in(&o->found[i], inode);

		if (owner)
			return owner;
	}
	return find_in(&o->all, inode);
}

/* The place of the process, or, if it has none, the one behind the last or the last. */
static unsigned place_of(const struct owners *o, unsigned pid)
{
	unsigned i = 0;

	while (i < o->found_len && o->found[i].pid != pid)
		i++;
	return i < FOUND_MAX ? i : FOUND_MAX - 1;
}

static void put_first(struct owners *o, unsigned place, const struct snapshot *s)
{
	if (place == o->found_len)
		o->found_len++;
	else
		free(o->found[place].owners);
	memmove(&o->found[1], &o->found[0], place * sizeof(o->found[0]));
	o->found[0] = *s;
}

/* Kept if it holds the socket. NULL: it does not, or it cannot be told. */
static const struct owner *ask(struct owners *o, unsigned pid, uint64_t inode)
{
	struct snapshot s = {.pid = pid};
	int err = take(o, &s);

	if (!err && find_in(&s, inode)) {
		put_first(o, place_of(o, pid), &s);
		return find_in(&o->found[0], inode);
	}
	free(s.owners);
	if (err == -E2BIG) /* it knows of nothing that could be asked for: before 6.1 */
		o->only_all = true;
	else if (err)
		complain(o, err);
	return NULL;
}

static bool among(const unsigned *pids, unsigned len, unsigned pid)
{
	while (len && pids[len - 1] != pid)
		len--;
	return len;
}

/* Those guessed, and those that held the last ones: where workers accept, it is often one of them. */
static const struct owner *ask_likely(struct owners *o, uint64_t inode, const struct guesses *g)
{
	unsigned pids[GUESSES_MAX + FOUND_MAX], len = 0;
	const struct owner *owner = NULL;

	for (unsigned i = 0; i < g->len; i++)
		if (g->pids[i] && !among(pids, len, g->pids[i]))
			pids[len++] = g->pids[i];
	for (unsigned i = 0; i < o->found_len; i++)
		if (!among(pids, len, o->found[i].pid))
			pids[len++] = o->found[i].pid;
	for (unsigned i = 0; i < len && !owner && !o->only_all; i++)
		owner = ask(o, pids[i], inode);
	return owner;
}

/* By new snapshots, if it is time for them. */
static const struct owner *look(struct owners *o, uint64_t inode, const struct guesses *guesses)
{
	uint64_t start = now_ns(), end;
	const struct owner *owner = NULL;

	if (!o->only_all && start >= o->next_found_ns) {
		owner = ask_likely(o, inode, guesses);
		end = now_ns();
		o->next_found_ns = end + (end - start) * (REST - 1);
	}
	if (owner || start < o->next_all_ns)
		return owner;
	take_all(o);
	return find_in(&o->all, inode);
}

bool owners_find(struct owners *o, uint64_t inode, const struct guesses *guesses, struct task *ret)
{
	const struct owner *owner = find(o, inode);
	bool known = owner;

	/* If nobody is found to hold it, the last one did: after a reset a program closes at once. */
	if (owner)
		*ret = owner->task;
	if (owner && process_holds(o->processes, owner->task.pid, owner->fd, inode))
		return true;
	owner = look(o, inode, guesses);
	if (owner)
		*ret = owner->task;
	return known || owner;
}
