/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF side as the rest of user space sees it: loaded, attached, read. With kernel.c the only
 * place that knows libbpf, and the only one that knows the skeleton.
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
 * Opens, configures, loads and attaches. Reports its own errors. `config` says what is wanted;
 * what depends on the kernel is filled in here. `buffer`: bytes of the ring buffer.
 * 0 or -errno.
 */
int probe_open(struct probe **ret, const struct kernel *k, const struct config *config,
	       unsigned long buffer);
void probe_detach(struct probe *p); /* no further events; those in the buffer stay readable */
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
 * again. An event that came just before may not have seen the wish: read once more a moment later.
 */
void probe_wake_me(struct probe *p);

void probe_counts(const struct probe *p, __u64 counts[COUNT_MAX]);

/* Calls fn for every kind of reset seen, with its counts over all CPUs. 0 or -errno. */
typedef void (*probe_kind_fn)(void *context, const struct kind *kind,
			      const struct kind_counts *counts);
int probe_kinds(const struct probe *p, probe_kind_fn fn, void *context);

/*
 * All open TCP sockets of all processes, by inode. *ret is malloc'd and belongs to the caller.
 * The first pass also teaches BPF the listeners that were there before. 0 or -errno.
 */
int probe_owners(const struct probe *p, struct owner **ret, size_t *ret_len);

#endif
