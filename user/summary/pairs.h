/* SPDX-License-Identifier: GPL-2.0 */
/* Resets whose both ends are on this host: what each end calls them, and how often. Pure. */
#ifndef RSTWHY_PAIRS_H
#define RSTWHY_PAIRS_H

#include "out.h"
#include "verdict.h"

#define PAIRS_MAX 128

/* All zero: empty. */
struct pairs {
	unsigned len;
	uint64_t others; /* for which there was no room */
	struct pair {
		const char *sent, *received; /* ids of causes */
		uint64_t n;
	} list[PAIRS_MAX];
};

/* Counts the received end of a pair; every other record is passed over. */
void pairs_add(struct pairs *p, const struct record *r, const struct verdict *v);

void pairs_put(const struct pairs *p, struct out *o); /* [{"sent":...,"received":...,"count":1}] */

#endif
