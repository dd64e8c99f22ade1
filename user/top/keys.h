/* SPDX-License-Identifier: GPL-2.0 */
/* The keys of `top`: a key is one row of keys.c. */
#ifndef RSTWHY_KEYS_H
#define RSTWHY_KEYS_H

#include "screen.h"

struct key {
	const char *name; /* as it stands in the help */
	const char *brief; /* for the footer; NULL: not there */
	const char *help;
	unsigned modes; /* IN() of those where it does something */
	uint32_t codes[8]; /* 0 ends them */
	void (*act)(struct screen *s, uint32_t code);
};

extern const struct key keys[]; /* a row without a name ends them */

#endif
