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
#include "read.bpf.h"

#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000
#define SIGNAL_GROUP_EXIT 0x00000004

/* The signal that kills the task: the low 7 bits of an exit code, 0 for a plain exit(). */
static __always_inline __u8 exit_signal(const struct task_struct *task)
{
	const struct signal_struct *signal = READ(task, signal);

	if (READ(signal, flags) & SIGNAL_GROUP_EXIT)
		return READ(signal, group_exit_code) & 0x7f;
	return READ(task, exit_code) & 0x7f;
}

#ifdef PROBED

static __always_inline void read_name(struct task *to, const struct task_struct *task)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();

	to->pid = pid_tgid >> 32;
	if ((__u32)pid_tgid == to->pid)
		bpf_get_current_comm(to->comm, sizeof(to->comm));
	else
		BPF_CORE_READ_STR_INTO(&to->comm, task, group_leader, comm);
}

#else

/*
 * Loads cost a tenth of the helpers' calls. The kernel pads names with zeros, from 5.17 on
 * (fs/exec.c, __set_task_comm()).
 */
static __always_inline void read_name(struct task *to, const struct task_struct *task)
{
	const __u64 *from = (const __u64 *)task->group_leader->comm;
	__u64 *comm = (__u64 *)to->comm;

	to->pid = task->tgid;
	comm[0] = from[0];
	comm[1] = from[1];
}

#endif

/* Runs for every connect() and close(). The name of a process is that of its first thread. */
static __always_inline void read_task(struct task *to)
{
	const struct task_struct *task = TYPED(task_struct, (void *)bpf_get_current_task());
	unsigned int flags = READ(task, flags);

	to->flags = 0;
	to->exit_signal = 0;
	to->_pad = 0;
	if (flags & PF_KTHREAD)
		to->flags |= TASK_KERNEL;
	if (flags & PF_EXITING) {
		to->flags |= TASK_EXITING;
		to->exit_signal = exit_signal(task);
	}
	read_name(to, task);
}

#endif
