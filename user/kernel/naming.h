/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of kernel functions, asked of the kernel one by one by a program of bpf/naming.bpf.c:
 * microseconds each, where /proc/kallsyms, whole, is a sixth of a second and megabytes.
 */
#ifndef RSTWHY_NAMING_H
#define RSTWHY_NAMING_H

#include <stdbool.h>
#include <stdint.h>

#define FUNCTION_LEN 512 /* KSYM_NAME_LEN, include/linux/kallsyms.h */

struct naming;

/* Loads the program and tries it. NULL: this kernel cannot, or there is no memory. */
struct naming *naming_open(void);
void naming_close(struct naming *n);

/*
 * The function that the address is in, without its module; "": in none that the kernel knows.
 * 0 or -errno.
 */
int naming_ask(struct naming *n, uint64_t address, char ret[FUNCTION_LEN]);

#endif
