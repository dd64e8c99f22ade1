/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The running task. It means something only where a process acts on its own socket (SOCK_OWNED,
 * a state change by close() or connect()); in a softirq it is whoever was interrupted.
 */
#ifndef RSTWHY_TASK_BPF_H
#define RSTWHY_TASK_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "event.h"

#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000
#define SIGNAL_GROUP_EXIT 0x00000004

static __always_inline void read_task(struct task *to)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	unsigned int flags = BPF_CORE_READ(task, flags);
	unsigned int signal_flags = BPF_CORE_READ(task, signal, flags);

	to->pid = bpf_get_current_pid_tgid() >> 32;
	to->flags = 0;
	if (flags & PF_KTHREAD)
		to->flags |= TASK_KERNEL;
	to->exit_signal = 0;
	if (flags & PF_EXITING)
		to->flags |= TASK_EXITING;
	/* The low 7 bits of an exit code are the signal; a plain exit() leaves them 0. */
	if (signal_flags & SIGNAL_GROUP_EXIT)
		to->exit_signal = BPF_CORE_READ(task, signal, group_exit_code) & 0x7f;
	else if (flags & PF_EXITING)
		to->exit_signal = BPF_CORE_READ(task, exit_code) & 0x7f;
	to->_pad = 0;
	BPF_CORE_READ_STR_INTO(&to->comm, task, group_leader, comm);
}

#endif
