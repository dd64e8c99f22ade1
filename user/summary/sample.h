/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A fair choice of the events of a stream, as lines of text: of each group every event had the same
 * chance to be kept, and while there is no room for all, no group has more than another that lost
 * one, but for one event. The same stream gives the same choice. Pure.
 */
#ifndef RSTWHY_SAMPLE_H
#define RSTWHY_SAMPLE_H

#include "out.h"

struct sample;

struct sample *sample_new(unsigned room, unsigned groups); /* NULL: no memory */
void sample_free(struct sample *s);

/*
 * One more of its group. true: it is kept, and its line must follow by sample_fill(), which copies
 * it; false: no memory, and the line is empty.
 */
bool sample_wants(struct sample *s, unsigned group, uint64_t time_ns);
bool sample_fill(struct sample *s, const char *line, size_t len);

unsigned sample_len(const struct sample *s);
uint64_t sample_seen(const struct sample *s);
unsigned sample_largest(const struct sample *s); /* so many at most are of one group */

/* Ordered by time, of equal times in the order they came; i < sample_len(). */
void sample_sort(struct sample *s);
const char *sample_line(const struct sample *s, unsigned i, size_t *ret_len);

#endif
