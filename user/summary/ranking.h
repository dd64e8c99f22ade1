/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The most frequent keys of a stream, in a fixed amount of memory: Space-Saving (Metwally, Agrawal,
 * El Abbadi: Efficient Computation of Frequent and Top-k Elements in Data Streams, 2005). A key
 * that finds no room takes that of the rarest one, and its count: what is told of a key is too high
 * by `error` at most, and one that is more frequent than the rarest told is never missing. Pure.
 */
#ifndef RSTWHY_RANKING_H
#define RSTWHY_RANKING_H

#include <stdbool.h>
#include <stdint.h>

#include "event.h"

#define RANKING_KEY_LEN 128 /* of a longer key the beginning counts */

struct ranking;

struct ranked {
	char key[RANKING_KEY_LEN];
	uint64_t count[DIRECTION_MAX]; /* of this key alone */
	uint64_t error; /* inherited: this key came between total - error and total times */
	uint64_t total;
	uint64_t first_ns, last_ns; /* of this key, wall clock */
};

struct ranking *ranking_new(unsigned room); /* for so many keys; NULL: no memory */
void ranking_free(struct ranking *r);

/* `n` more of `key`, which is copied. What is returned is valid until the next call. */
struct ranked *ranking_add(struct ranking *r, const char *key, enum direction d, uint64_t n,
			   uint64_t time_ns);

void ranking_clear(struct ranking *r);

unsigned ranking_len(const struct ranking *r);
const struct ranked *ranking_at(const struct ranking *r, unsigned i); /* in no order */
/* Writes pointers to the `max` most frequent, most frequent first, of equal ones the later seen
 * first; how many. They are valid until the next ranking_add(). */
unsigned ranking_top(const struct ranking *r, const struct ranked *ret[], unsigned max);
/* false: keys had to give up their room, so there are more than are told. */
bool ranking_is_complete(const struct ranking *r);

#endif
