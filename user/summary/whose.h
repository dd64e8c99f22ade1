/* SPDX-License-Identifier: GPL-2.0 */
/* Whom events are about: the most frequent units, containers, processes, peers, ports. Pure. */
#ifndef RSTWHY_WHOSE_H
#define RSTWHY_WHOSE_H

#include "out.h"
#include "ranking.h"
#include "verdict.h"

enum whose_key {
	WHOSE_UNIT,
	WHOSE_CONTAINER,
	WHOSE_PROCESS, /* by name */
	WHOSE_PEER, /* its address */
	WHOSE_PORT, /* the local one */
	WHOSE_NETNS,
	WHOSE_MAX,
};

/* All zero: not open. */
struct whose {
	struct ranking *by[WHOSE_MAX];
};

bool whose_open(struct whose *w); /* false: no memory; close it in any case */
void whose_close(struct whose *w);

void whose_add(struct whose *w, const struct record *r, const struct verdict *v);

/* {"unit":{"complete":true,"rows":[...]},...} */
void whose_put(const struct whose *w, struct out *o);

#endif
