/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last events of a run as text, for readers that come and go. Bounded in bytes and in number;
 * the oldest make room. Each event of the run has an id, kept or not: 1, 2, 3 ... A reader holds
 * the id that it wants next, and learns how many it has missed. Pure.
 */
#ifndef RSTWHY_EVENTS_H
#define RSTWHY_EVENTS_H

#include <stddef.h>
#include <stdint.h>

struct events;

struct events *events_new(size_t bytes, unsigned max); /* keeps at most; NULL: no memory */
void events_free(struct events *e);

/* The next event. One that cannot be kept, too long or no memory, counts as skipped. */
void events_put(struct events *e, const char *text, size_t len);

/* The next `n` events, of which nobody wants the text. What was kept before them goes. */
void events_skip(struct events *e, uint64_t n);

uint64_t events_first(const struct events *e); /* the oldest kept; events_next(): none is */
uint64_t events_next(const struct events *e); /* the id that the next event will have */

/*
 * Moves a cursor that has fallen behind to the oldest event kept. Returns how many it has missed.
 * One that is ahead of the run, which no reader of ours can be, waits for the next event.
 */
uint64_t events_catch_up(const struct events *e, uint64_t *cursor);

/* The text of a kept event, until the next call that changes something. NULL: not kept. */
const char *events_text(const struct events *e, uint64_t id, size_t *len);

#endif
