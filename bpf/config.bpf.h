/* SPDX-License-Identifier: GPL-2.0 */
/* What user space told before loading: a constant for the verifier. */
#ifndef RSTWHY_CONFIG_BPF_H
#define RSTWHY_CONFIG_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "event.h"

const volatile struct config config = {};

#endif
