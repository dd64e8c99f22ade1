// SPDX-License-Identifier: GPL-2.0
/* The BPF programs for kernels before 6.2. Apart: both skeletons have the same names. */
#include "probed.h"

#include "event.h"
#include "probed.skel.h"

const void *probed_object(size_t *ret_size)
{
	return rstwhy_bpf__elf_bytes(ret_size);
}
