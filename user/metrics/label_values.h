/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The values of a label that has no natural bound: so many are told apart, the others are one. When
 * there is no room, a value that has been idle for an hour makes some. Pure.
 */
#ifndef RSTWHY_LABEL_VALUES_H
#define RSTWHY_LABEL_VALUES_H

#include <stdint.h>

#define LABEL_VALUES_MAX 200
#define LABEL_VALUES_OTHER LABEL_VALUES_MAX /* the index of those that found no room */
#define LABEL_VALUE_LEN 128 /* of a longer one the beginning counts */
#define LABEL_VALUE_IDLE_NS 3600000000000ULL

struct label_values {
	unsigned len;
	unsigned short buckets[2 * LABEL_VALUES_MAX]; /* 1 + index; 0: free */
	uint64_t used_ns[LABEL_VALUES_MAX]; /* last */
	uint64_t full_until_ns; /* none is idle before */
	char text[LABEL_VALUES_MAX][LABEL_VALUE_LEN];
};

/* `freed`: the index that was another value's until now, whose count is to be moved to
 * LABEL_VALUES_OTHER; this itself: there was none. Any clock, that of the events. */
unsigned label_values_index(struct label_values *l, const char *value, uint64_t now_ns,
			    unsigned *freed);
const char *label_values_text(const struct label_values *l, unsigned index); /* "other" */

#endif
