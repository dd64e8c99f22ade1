/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF side as the rest of user space sees it: loaded, attached, read. With kernel.c and
 * naming.c the only place that knows libbpf, and the only one that knows the skeleton.
 */
#ifndef RSTWHY_PROBE_H
#define RSTWHY_PROBE_H

#include <stddef.h>

#include "event.h"
#include "hooks.h"
#include "kernel.h"

struct probe;

struct owner {
	__u64 inode;
	__u32 fd; /* under which the process holds it */
	struct task task;
};

/*
 * Opens, configures, loads and attaches. Reports its own errors. `wanted` is what the user asked
 * for; what depends on the kernel is filled in here. `buffer`: bytes of the ring buffer. The types
 * of `k` are forgotten before libbpf reads them for itself: they are megabytes. 0 or -errno.
 */
int probe_open(struct probe **ret, struct kernel *k, const struct config *wanted,
	       unsigned long buffer);
/* No further events nor counts; what is in the buffer stays readable. */
void probe_detach(struct probe *p);
void probe_close(struct probe *p);

const struct hooks *probe_hooks(const struct probe *p); /* what was attached */

int probe_fd(const struct probe *p); /* readable when there are events */

/*
 * Takes what is in the ring buffer, at most `limit` events (0: all); `fn` returning false stops.
 * `stack` has e->stack_len addresses. Returns the number taken or -errno.
 */
typedef bool (*probe_event_fn)(void *context, const struct event *e, const __u64 *stack);
int probe_read(struct probe *p, unsigned limit, probe_event_fn fn, void *context);

/*
 * The next event wakes whoever polls probe_fd(); those after it do not, until this is called
 * again. An event whose place in the ring buffer was taken before may not have seen the wish: read
 * again a moment later, and until it is empty.
 */
void probe_wake_me(struct probe *p);

/* Nothing in the ring buffer: neither events to read nor places of events that are not complete. */
bool probe_is_empty(const struct probe *p);

/* Exact, over all kinds: see struct kind_counts. */
enum count {
	COUNT_SENT, /* counted, by direction */
	COUNT_RECEIVED,
	COUNT_SILENT,
	COUNT_PHANTOM,
	COUNT_SUPPRESSED,
	COUNT_LOST, /* also the missed ones */
	/* Runs of programs for resets only that the kernel skipped; in none of the directions. */
	COUNT_MISSED,
	COUNT_SKIPPED, /* runs of other programs that it skipped; in no sum */
	COUNT_MAX,
};

static inline enum count count_of(enum direction d)
{
	return d == DIRECTION_SENT       ? COUNT_SENT
	       : d == DIRECTION_RECEIVED ? COUNT_RECEIVED
					 : COUNT_SILENT;
}

/* shown + filtered + suppressed + lost */
static inline __u64 counts_sum(const __u64 counts[COUNT_MAX])
{
	return counts[COUNT_SENT] + counts[COUNT_RECEIVED] + counts[COUNT_SILENT] -
	       counts[COUNT_PHANTOM] + counts[COUNT_MISSED];
}

/* 0, or -errno: some could not be read, and the others are there. */
int probe_counts(const struct probe *p, __u64 counts[COUNT_MAX]);
__u64 probe_missed_runs(const struct probe *p); /* COUNT_MISSED alone */
__u64 probe_skipped_runs(const struct probe *p); /* COUNT_SKIPPED alone */

/* Whether BPF has taken back a received reset that may be a phantom, but had no room to tell. */
bool probe_is_retracted(const struct probe *p, const struct event *e);

/*
 * Calls fn for every kind of reset seen, with its counts over all CPUs. What found no room is of
 * a kind that has a direction and nothing else. 0, or -errno: some could not be read.
 */
typedef void (*probe_kind_fn)(void *context, const struct kind *kind,
			      const struct kind_counts *counts);
int probe_kinds(const struct probe *p, probe_kind_fn fn, void *context);

/*
 * All open TCP sockets of a process, or (pid 0) of all processes. *ret is malloc'd and belongs to
 * the caller. The first pass also teaches BPF the listeners that were there before. 0 or -errno;
 * -E2BIG: this kernel cannot do it for a single process.
 */
int probe_owners(const struct probe *p, unsigned pid, struct owner **ret, size_t *ret_len);

#endif
