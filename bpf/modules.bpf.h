/* SPDX-License-Identifier: GPL-2.0 */
/* A module may bring a function to hook: user space attaches what was missing. */
#ifndef RSTWHY_MODULES_BPF_H
#define RSTWHY_MODULES_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "maps.bpf.h"

SEC("raw_tp/module_load")
int module_load_tp(struct bpf_raw_tracepoint_args *ctx)
{
	const struct module *module = (const struct module *)ctx->args[0];
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);

	if (!e)
		return 0;
	__builtin_memset(e, 0, sizeof(*e));
	e->hook = HOOK_MODULE_LOAD_TP;
	bpf_probe_read_kernel_str(e->task.comm, sizeof(e->task.comm), &module->name);
	bpf_ringbuf_submit(e, BPF_RB_FORCE_WAKEUP);
	return 0;
}

#endif
