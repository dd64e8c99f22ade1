/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this kernel hides from us: one row plus its function. The ids are stable: doctor, the
 * metrics and the tests use them.
 */
#ifndef RSTWHY_BLIND_H
#define RSTWHY_BLIND_H

#include <stddef.h>

#include "hooks.h"

struct blind {
	const char *id;
	const char *text; /* what will not be seen */
	enum path path; /* whose hooks would show it; PATH_MAX: no single one */
	bool (*is_blind)(const struct hooks *h);
};

extern const struct blind blind_spots[]; /* ends with a row whose id is NULL */

/* Why: what the kernel said to each hook of the path. "" where no single path is to blame. */
void blind_why(const struct blind *b, const struct hooks *h, char *why, size_t len);

unsigned blind_count(const struct hooks *h);

#endif
