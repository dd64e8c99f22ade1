// SPDX-License-Identifier: GPL-2.0
/*
 * The programs: one function per hook, as thin as possible, one file per path they watch. They
 * collect facts and decide nothing, except what is not a reset at all and what the user filtered
 * out.
 *
 * enum hook in event.h is the list; a program and its row have the same name in lower case.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "context.bpf.h"
#include "dropped.bpf.h"
#include "firewall.bpf.h"
#include "mini.bpf.h"
#include "modules.bpf.h"
#include "owners.bpf.h"
#include "received.bpf.h"
#include "sent.bpf.h"

char LICENSE[] SEC("license") = "GPL";
