/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Kernel addresses to function names, from /proc/kallsyms, read once when first needed: where the
 * kernel cannot be asked for single ones.
 */
#ifndef RSTWHY_KALLSYMS_H
#define RSTWHY_KALLSYMS_H

#include <stdint.h>

struct kallsyms;

/* NULL: no memory. Nothing is read yet. */
struct kallsyms *kallsyms_new(void);
void kallsyms_free(struct kallsyms *s);

/* The function at or before the address; NULL: none, or kptr_restrict hides addresses. */
const char *kallsyms_find(struct kallsyms *s, uint64_t address);

#endif
