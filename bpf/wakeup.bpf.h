/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When the reader is woken. A wake-up costs some forty times what an event does, so there is one
 * only when the reader sleeps with nothing to do and asked for it. Under load it comes by itself,
 * every few milliseconds (user/trace/trace.c).
 */
#ifndef RSTWHY_WAKEUP_BPF_H
#define RSTWHY_WAKEUP_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

/* Written by the reader; taken here. */
__u32 reader_sleeps = 1;

static __always_inline __u64 wakeup_flags(void)
{
	if (!reader_sleeps)
		return BPF_RB_NO_WAKEUP;
	/* Two CPUs may both see it: one wake-up too many does no harm. */
	reader_sleeps = 0;
	return BPF_RB_FORCE_WAKEUP;
}

#endif
