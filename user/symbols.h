/* SPDX-License-Identifier: GPL-2.0 */
/* Kernel addresses to function names, from /proc/kallsyms, read once when first needed. */
#ifndef RSTWHY_SYMBOLS_H
#define RSTWHY_SYMBOLS_H

#include <stdint.h>

struct symbols;

/* NULL: no memory. Nothing is read yet. */
struct symbols *symbols_new(void);
void symbols_free(struct symbols *s);

/* The function that holds `address`; NULL: not known, or kptr_restrict hides addresses. */
const char *symbols_name(struct symbols *s, uint64_t address);

#endif
