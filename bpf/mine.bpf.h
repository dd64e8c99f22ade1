/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a reset may be one that --pid or --comm ask for: by those who could be named for it. User
 * space decides, and knows more (who holds the socket); but what is one for sure is of a kind of its
 * own, so that nobody else's flood uses up its budget.
 */
#ifndef RSTWHY_MINE_BPF_H
#define RSTWHY_MINE_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "config.bpf.h"
#include "ended.bpf.h"
#include "event.h"
#include "life.bpf.h"

/* Names are padded with zeros. */
static __always_inline bool is_wanted_task(const struct task *task)
{
	const __u64 *name = (const __u64 *)task->comm;
	const volatile __u64 *wanted = (const volatile __u64 *)config.comm;

	if (!task->pid || (config.pid && config.pid != task->pid))
		return false;
	return !config.comm[0] || (name[0] == wanted[0] && name[1] == wanted[1]);
}

static __always_inline bool is_wanted_life(const struct life *life)
{
	return life && (is_wanted_task(&life->opener) || is_wanted_task(&life->closer));
}

/* sk: a full socket that is no listener, or NULL. Who closes or aborts it is its closer by then. */
static __always_inline bool is_mine(const struct sock *sk, const struct flow *flow)
{
	const struct listener *listener;

	if (!config.pid && !config.comm[0])
		return false;
	if ((sk && is_wanted_life(life_of(sk))) || is_wanted_life(ended_of(flow)))
		return true;
	listener = listener_of(flow);
	return listener && is_wanted_task(&listener->task);
}

#endif
