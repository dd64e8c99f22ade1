/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What /proc tells of a process, remembered for a while: it may be gone when it is asked about
 * again. Only of processes whose name is the one the event saw: a pid is used again.
 */
#ifndef RSTWHY_PROCESS_H
#define RSTWHY_PROCESS_H

#include "record.h"

struct processes;

struct process {
	char executable[EXECUTABLE_LEN]; /* path; "": not known */
	char cgroup[CGROUP_LEN]; /* path; "": not known */
};

struct processes *processes_new(void); /* NULL: no memory */
void processes_free(struct processes *ps);

/* NULL: /proc does not speak of the initial pid namespace. Valid until the next call. */
const struct process *processes_find(struct processes *ps, const struct task *task);

/* This file of the process is the socket with this inode; true as well if that cannot be told. */
bool process_holds(const struct processes *ps, unsigned pid, unsigned fd, uint64_t inode);

#endif
