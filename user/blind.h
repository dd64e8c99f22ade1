/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What this kernel hides from us: one row plus its function. The ids are stable: doctor, the
 * metrics and the tests use them.
 */
#ifndef RSTWHY_BLIND_H
#define RSTWHY_BLIND_H

#include "hooks.h"

struct blind {
	const char *id;
	const char *text; /* what will not be seen, and what would show it */
	bool (*is_blind)(const struct hooks *h);
};

extern const struct blind blind_spots[]; /* ends with a row whose id is NULL */

unsigned blind_count(const struct hooks *h);

#endif
