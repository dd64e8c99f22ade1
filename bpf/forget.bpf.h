/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verifier follows every path to the end, unless it meets a state it has seen. Two paths that
 * differ in what it knows of some bytes (this one a zero, that one a number) are two states, and a
 * few such differences multiply: half of the time of a start. forget() writes the bytes anew as
 * numbers it knows nothing of.
 */
#ifndef RSTWHY_FORGET_BPF_H
#define RSTWHY_FORGET_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 nothing; /* zero for ever, and only the verifier does not know */

static __always_inline void forget(__u64 *words, __u32 len)
{
#pragma unroll
	for (__u32 i = 0; i < len; i++) {
		__u64 word = words[i] | nothing;

		barrier_var(word);
		words[i] = word;
	}
}

#define FORGET(object) forget((__u64 *)&(object), sizeof(object) / sizeof(__u64))

#endif
