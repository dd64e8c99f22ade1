/* SPDX-License-Identifier: GPL-2.0 */
/*
 * By what the table counts. A view is one row of views.c: its title and the function that says
 * under which key an event counts there. Pure.
 */
#ifndef RSTWHY_VIEWS_H
#define RSTWHY_VIEWS_H

#include "brief.h"
#include "ranking.h"

enum { VIEW_CAUSE, VIEW_PLACE, VIEW_PROCESS, VIEW_PEER, VIEW_PORT, VIEW_NETNS, VIEWS };

struct view {
	const char *name; /* for the line of tabs */
	const char *title; /* of the column */
	/* Writes "" when it is not known. */
	void (*key)(const struct brief *b, char key[RANKING_KEY_LEN]);
};

extern const struct view views[VIEWS];

#define NOT_KNOWN "-" /* the key of those without one */
void view_key(unsigned view, const struct brief *b, char key[RANKING_KEY_LEN]);

#endif
