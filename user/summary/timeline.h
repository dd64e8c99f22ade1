/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Several series of counts over the same time, in steps that double when the time gets longer than
 * there are steps: as fine as its length allows, in a fixed amount of memory. Steps begin at
 * multiples of their length since 1970. Times may come in any order. Pure.
 */
#ifndef RSTWHY_TIMELINE_H
#define RSTWHY_TIMELINE_H

#include <stdint.h>

#define TIMELINE_STEP_NS 125000000ULL /* of a short time: doubled three times it is a second */

struct timeline;

struct timeline *timeline_new(unsigned series, unsigned steps); /* NULL: no memory */
void timeline_free(struct timeline *t);

void timeline_add(struct timeline *t, unsigned series, uint64_t time_ns, uint64_t n);
/* Has a step of this time, too; one that has none stays so. */
void timeline_reach(struct timeline *t, uint64_t time_ns);

unsigned timeline_len(const struct timeline *t); /* steps from the first to the last; 0: nothing */
uint64_t timeline_begin_ns(const struct timeline *t); /* of the first step */
uint64_t timeline_step_ns(const struct timeline *t);
/* timeline_len() counts, valid until the next timeline_add(). */
const uint64_t *timeline_counts(const struct timeline *t, unsigned series);

#endif
