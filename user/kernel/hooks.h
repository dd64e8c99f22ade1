/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ladder: which of the programs this kernel takes, and why not the others. Asked of BTF and
 * by trial, never of a version.
 *
 * Hooks that show the same thing are one path; the first of a path that the kernel takes is used.
 */
#ifndef RSTWHY_HOOKS_H
#define RSTWHY_HOOKS_H

#include "event.h"
#include "kernel.h"

enum path {
	PATH_SENT,
	PATH_SENT_V4, /* without a full socket, before 6.10 */
	PATH_SENT_V6,
	PATH_REPLY_V4, /* that it really left */
	PATH_REPLY_V6,
	PATH_FIREWALL_V4,
	PATH_FIREWALL_V6,
	PATH_RECEIVED,
	PATH_REQUEST, /* resets at request sockets ... */
	PATH_REQUEST_DROP, /* ... that were obeyed */
	PATH_TIMEWAIT,
	PATH_TIMEWAIT_KILL,
	PATH_DROPPED,
	PATH_MODULES,
	PATH_CONTEXT,
	PATH_MAX,
};

enum hook_kind { HOOK_RAW_TP, HOOK_FENTRY, HOOK_KPROBE };

/* One program: constant. */
struct hook_row {
	const char *name; /* "raw_tp/tcp_send_reset" */
	const char *program; /* in the BPF object */
	const char *sees; /* what it is for, in words */
	const char *symbol; /* tracepoint or function */
	enum path path;
	enum hook_kind kind;
	const char *module; /* the function may come and go with this module; NULL: it stays */
	bool resets_only; /* a run that the kernel skips is a reset that nobody sees */
};

struct hook_status {
	bool attached;
	bool waits; /* for a module to bring the function; attached then */
	char why[128]; /* why not; "" when attached */
};

struct hooks {
	struct hook_status status[HOOK_MAX];
	bool shown[PATH_MAX]; /* something shows this path */
	bool needless[PATH_MAX]; /* another path shows it all on this kernel */
};

extern const struct hook_row hook_rows[HOOK_MAX];

/*
 * Decides for every hook, by what is wanted: received and ignored resets. 0, or -errno: no file or no
 * memory to try with, so nothing was learned of the kernel.
 */
int hooks_choose(struct hooks *h, const struct kernel *k, const struct config *wanted);

#endif
