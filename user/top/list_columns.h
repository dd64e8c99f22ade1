/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The columns of a list of events: which of them there is room for, how wide each is, and what
 * stands in it. Pure.
 */
#ifndef RSTWHY_LIST_COLUMNS_H
#define RSTWHY_LIST_COLUMNS_H

#include <stdbool.h>

#include "brief.h"

enum { LIST_TIME, LIST_RESET, LIST_LOCAL, LIST_PEER, LIST_CAUSE, LIST_STATE, LIST_PROCESS, LISTED };

struct list_columns {
	int width[LISTED]; /* 0: not shown */
};

#define LIST_LINE_LEN 512

/* For these events, those that are seen, in so many columns. */
struct list_columns list_columns(const struct brief list[], size_t len, bool with_cause, int width);

const char *list_head(const struct list_columns *c, char line[LIST_LINE_LEN]);
const char *list_line(const struct list_columns *c, const struct brief *b,
		      char line[LIST_LINE_LEN]);

#endif
