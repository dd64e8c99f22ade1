/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel differences, asked of BTF. A flavour (___suffix) is the older shape of a type; each
 * branch says which version changed what.
 */
#ifndef RSTWHY_COMPAT_BPF_H
#define RSTWHY_COMPAT_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "read.bpf.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Before 5.13: an atomic64_t. */
struct net___atomic_cookie {
	atomic64_t net_cookie;
};

typedef struct {
	atomic_t refs;
} refcount_t;

/* Before 5.11 the count stood in struct net. */
struct net___own_count {
	refcount_t count;
};

struct ns_common___count {
	refcount_t count;
};

/* Before 5.15, commit 8520e224f547 "bpf, cgroups: Fix cgroup v2 fallback on v1/v2 mixed mode". */
struct sock_cgroup_data___val {
	u64 val;
};

/* From 6.18 on. */
struct ns_common___ref {
	refcount_t __ns_ref;
};

#pragma clang attribute pop

/* The low half of the namespace's cookie, which unlike its inode is never used again; 0: none. */
static __always_inline __u32 netns_cookie(const struct net *net)
{
	const struct net___atomic_cookie *old = (const void *)net;

	if (bpf_core_field_exists(net->net_cookie))
		return READ(net, net_cookie);
	if (bpf_core_field_exists(old->net_cookie))
		return READ(old, net_cookie.counter);
	return 0;
}

static __always_inline __u64 cgroup_id(const struct cgroup *cgroup)
{
	const struct kernfs_node *kn = READ(cgroup, kn);

	return READ(kn, id);
}

/* The id of the socket's cgroup v2; 0: not known. */
static __always_inline __u64 sock_cgroup(const struct sock *sk)
{
	const struct sock_cgroup_data *data = &sk->sk_cgrp_data;
	const struct sock_cgroup_data___val *old = (const void *)data;
	const struct cgroup *cgroup;

	if (bpf_core_field_exists(data->cgroup))
		return cgroup_id(READ(data, cgroup));
	if (!bpf_core_field_exists(old->val))
		return 0;
	/* The low bits say that it holds something of cgroup v1 instead. */
	cgroup = (const struct cgroup *)READ(old, val);
	return (unsigned long)cgroup & 3 ? 0 : cgroup_id(cgroup);
}

/* Nobody is left in the namespace: it is being taken down (the kernel's check_net()). */
static __always_inline bool netns_is_dying(const struct net *net)
{
	const struct net___own_count *old = (const void *)net;
	const struct ns_common *ns = &net->ns;
	const struct ns_common___count *counted = (const void *)ns;
	const struct ns_common___ref *referenced = (const void *)ns;

	if (bpf_core_field_exists(old->count))
		return !READ(old, count.refs.counter);
	if (bpf_core_field_exists(counted->count))
		return !READ(counted, count.refs.counter);
	if (bpf_core_field_exists(referenced->__ns_ref))
		return !READ(referenced, __ns_ref.refs.counter);
	return false;
}

#endif
