/* SPDX-License-Identifier: GPL-2.0 */
/* What a slow reader has not taken yet: whole events, of bounded size, the oldest first. Pure. */
#ifndef RSTWHY_BACKLOG_H
#define RSTWHY_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct backlog;

struct backlog *backlog_new(size_t size); /* bytes; NULL: no memory */
void backlog_free(struct backlog *b);

/* A text that is taken as a whole. is_event: it is to be counted. false: there is no room. */
bool backlog_put(struct backlog *b, const char *text, size_t len, bool is_event);

/* What is to be written next, *ret_len bytes; NULL: nothing is. */
const char *backlog_next(const struct backlog *b, size_t *ret_len);
void backlog_written(struct backlog *b, size_t len); /* so much of that */

void backlog_clear(struct backlog *b);

uint64_t backlog_events(const struct backlog *b); /* that are in it, one begun among them */

#endif
