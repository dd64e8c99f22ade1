/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The BPF programs as kernels before 6.2 take them (bpf/read.bpf.h): the bytes of the object that
 * replace those of the skeleton. Maps, programs and variables are the same.
 */
#ifndef RSTWHY_PROBED_H
#define RSTWHY_PROBED_H

#include <stddef.h>

const void *probed_object(size_t *ret_size);

#endif
