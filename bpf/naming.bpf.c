// SPDX-License-Identifier: GPL-2.0
/*
 * The name of the kernel function at an address, as the kernel itself prints it. Attached to
 * nothing: user space runs it. An object of its own: a kernel that does not take it (before 5.14)
 * takes the others.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

__u64 address; /* what is asked */
char name[512]; /* the answer: "tcp_close", "nf_send_reset [nf_reject_ipv4]"; a number: not known */

SEC("syscall")
int name_function(void *ctx)
{
	static const char format[] = "%ps";
	__u64 args[] = {address};

	bpf_snprintf(name, sizeof(name), format, args, sizeof(args));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
