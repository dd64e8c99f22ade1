/* SPDX-License-Identifier: GPL-2.0 */
/* What a line of the screen tells of an event. Owns nothing, points only to the catalogue. Pure. */
#ifndef RSTWHY_BRIEF_H
#define RSTWHY_BRIEF_H

#include "verdict.h"

#define PLACE_LEN 96 /* a longer name of a unit is cut */

struct brief {
	char id[EVENT_ID_LEN];
	uint64_t time_ns; /* wall clock */
	enum direction direction;
	const struct cause *cause;
	enum tcp_state state; /* before the reset */
	struct flow flow;
	unsigned pid; /* 0: not known */
	/* Other people's words, printable. "": not known. */
	char process[COMM_LEN + 1];
	char place[PLACE_LEN]; /* the container, by its short id, or the unit */
};

struct brief brief_of(const struct record *r, const struct verdict *v);

#endif
