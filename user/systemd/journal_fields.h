/* SPDX-License-Identifier: GPL-2.0 */
/* An event in the fields of the systemd journal. Pure. */
#ifndef RSTWHY_JOURNAL_FIELDS_H
#define RSTWHY_JOURNAL_FIELDS_H

#include "out.h"
#include "verdict.h"

/* One event that rstwhy tells: deploy/journal/rstwhy.catalog explains it. Never to be changed. */
#define JOURNAL_MESSAGE_ID "88e053f31d98452ea8b0ec6cf823960d"

#define JOURNAL_FIELDS_MAX 64

/*
 * Writes one KEY=value after the other to `o`, without anything in between; values are as they
 * came, with any bytes but NUL. ends[i] is what out_mark() told behind the i-th. Returns how many.
 */
unsigned journal_fields(struct out *o, const struct record *r, const struct verdict *v,
			size_t ends[JOURNAL_FIELDS_MAX]);

#endif
