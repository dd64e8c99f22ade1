/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading the kernel's memory. The programs are compiled twice (Makefile), and user space loads
 * what the kernel takes:
 *
 *   loaded   for kernels with bpf_rdonly_cast() (6.2, commit a35b9af4ec2c "bpf: Add a kfunc for
 *            generic type cast"). TYPED() makes of an address a pointer whose type the verifier
 *            knows, and READ() of a member is one load.
 *   probed   for the others, with -DPROBED. An address stays one, and READ() is a probe read, some
 *            ten times the price. Not one object with both: before 1.3 libbpf looks for a function
 *            that is not there in every module, and that takes CAP_SYS_ADMIN.
 *
 * A pointer must be TYPED() before it is READ(); the verifier of a newer kernel tells if not.
 */
#ifndef RSTWHY_READ_BPF_H
#define RSTWHY_READ_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#ifdef PROBED

#define TYPED(type, p) ((const struct type *)(p))
#define READ(p, member) BPF_CORE_READ(p, member)
#define READ_BIT(p, member) BPF_CORE_READ_BITFIELD_PROBED(p, member)

#else

extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym;

#define TYPED(type, p) \
	((const struct type *)bpf_rdonly_cast(p, bpf_core_type_id_kernel(struct type)))
#define READ(p, member) ((p)->member)
#define READ_BIT(p, member) BPF_CORE_READ_BITFIELD(p, member)

#endif

#endif
