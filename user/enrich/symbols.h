/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel addresses to function names, remembered: the kernel is asked for each once. A kernel that
 * cannot be asked (before 5.14) has them in /proc/kallsyms.
 */
#ifndef RSTWHY_SYMBOLS_H
#define RSTWHY_SYMBOLS_H

#include <stdint.h>

struct symbols;

/* NULL: no memory. Nothing is read yet. */
struct symbols *symbols_new(void);
void symbols_free(struct symbols *s);

/*
 * The function that a return address leads back to; NULL: not known. Valid until symbols_free().
 * After a call that never returns the address itself is already the next function's.
 */
const char *symbols_caller(struct symbols *s, uint64_t return_address);

#endif
