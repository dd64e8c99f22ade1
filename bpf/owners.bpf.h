/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who holds which TCP socket: run once at the start and when an unknown inode turns up. It also
 * finds the listeners that were there before the tracer.
 */
#ifndef RSTWHY_OWNERS_BPF_H
#define RSTWHY_OWNERS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "event.h"
#include "life.bpf.h"

#define S_IFMT 00170000
#define S_IFSOCK 0140000

SEC("iter/task_file")
int owners(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct owner_fact fact = {};
	const struct socket *socket;
	const struct sock *sk;

	if (!task || !file)
		return 0;
	/* Of a socket's file private_data is the struct socket, embedded before its inode. */
	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	sk = TYPED(sock, BPF_CORE_READ(socket, sk));
	if (!sk)
		return 0;
	if (is_mptcp(sk))
		sk = mptcp_first(sk);
	if (!sk || !is_tcp(sk))
		return 0;
	fact.inode = BPF_CORE_READ((struct socket_alloc *)socket, vfs_inode.i_ino);
	fact.fd = ctx->fd;
	fact.task.pid = BPF_CORE_READ(task, tgid);
	BPF_CORE_READ_STR_INTO(&fact.task.comm, task, group_leader, comm);
	if (sock_state(sk) == STATE_LISTEN)
		listener_add(sk, &fact.task);
	bpf_seq_write(ctx->meta->seq, &fact, sizeof(fact));
	return 0;
}

#endif
