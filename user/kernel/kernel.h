/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the running kernel offers, asked of its BTF and by trial, never of its version. With
 * probe.c and naming.c the only place that knows libbpf.
 */
#ifndef RSTWHY_KERNEL_H
#define RSTWHY_KERNEL_H

#include <stdbool.h>

#include "record.h"

struct btf;

#define KERNEL_REASONS 64

struct kernel {
	struct btf *btf; /* NULL after kernel_forget_types() */
	/* By number, without SK_RST_REASON_ and SKB_DROP_REASON_; NULL: no such number. */
	char *reasons[KERNEL_REASONS];
	enum reason reason_of[KERNEL_REASONS];
	char *drop_reasons[DROP_REASONS];
};

/* 0 or -errno; -ENOENT: the kernel has no BTF. */
int kernel_open(struct kernel *k);
void kernel_close(struct kernel *k);

/* Frees the types (megabytes); the names stay. Nothing below may be called any more. */
void kernel_forget_types(struct kernel *k);

/* Arguments of a tracepoint, or parameters of a function; -ENOENT: there is none in BTF. */
int kernel_tracepoint_args(const struct kernel *k, const char *tracepoint);
int kernel_function_args(const struct kernel *k, const char *function);

/* Loads an empty program for raw tracepoints: 0, or the kernel's answer as -errno. */
int kernel_try_raw_tp(void);

/* Loads and attaches an empty fentry program: 0, or the kernel's answer as -errno. */
int kernel_try_fentry(const struct kernel *k, const char *function);

/* Tracing programs may ask for the cookie of a socket, which makes it. By trial. */
bool kernel_can_make_cookies(const struct kernel *k);

/* Opens and closes a kprobe: 0, or the kernel's answer as -errno (-ENOENT: no such function). */
int kernel_try_kprobe(const char *function);

#endif
