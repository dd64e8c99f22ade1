/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The latest events, in a bounded number of bytes. When there is no room the cause that takes most
 * of it gives up its oldest one: a flood of one cause does not push out the rare ones. Nor does it
 * push out its own past: of a cause only the first KEEP_A_SECOND of each second are kept. Pure.
 */
#ifndef RSTWHY_KEPT_H
#define RSTWHY_KEPT_H

#include "brief.h"

struct kept {
	struct kept *next; /* a later one of the same cause */
	struct brief brief;
	bool wanted; /* by the filter of the screen */
	size_t len;
	char json[]; /* the line of --format=json, with its end and a NUL behind it */
};

#define KEEP_A_SECOND 100

struct keep;

struct keep *keep_new(size_t room); /* bytes; NULL: no memory */
void keep_free(struct keep *k);

/* false: enough of this cause and second are kept; keep_add() is not to be called. */
bool keep_wants(struct keep *k, const struct brief *b);

/* Copies. false: no memory, or more than there is room for at all. */
bool keep_add(struct keep *k, const struct brief *b, bool wanted, const char *json, size_t len);

size_t keep_len(const struct keep *k); /* events */

/* Calls fn for each; of one cause the oldest first. It may change `wanted`, and nothing else. */
typedef void (*keep_fn)(void *context, struct kept *kept);
void keep_each(struct keep *k, keep_fn fn, void *context);

struct kept *kept_copy(const struct kept *kept); /* malloc'd; NULL: no memory */

const struct kept *keep_find(const struct keep *k, const char *id); /* NULL: gone */

#endif
