/* SPDX-License-Identifier: GPL-2.0 */
/* What a summary adds up; for user/summary/ only. */
#ifndef RSTWHY_SUMMARY_STORE_H
#define RSTWHY_SUMMARY_STORE_H

#include "bins.h"
#include "causes.h"
#include "pairs.h"
#include "sample.h"
#include "severity.h"
#include "summary.h"
#include "timeline.h"
#include "whose.h"

#define SUMMARY_CAUSES (CAUSES_MAX + DIRECTION_MAX - 1) /* rows: "unknown" has up to three */
#define TIMELINE_STEPS 600
#define IDLE_STEPS 120

/* A cause in a direction: "unknown" is of any. */
struct summary_cause {
	const struct cause *cause;
	enum direction direction;
	enum severity severity; /* of the gravest */
	uint64_t shown, suppressed, lost;
	uint64_t first_ns, last_ns; /* wall clock */
	uint64_t example_ns;
	char example[TEXT_LEN]; /* of the latest event that has a text; "": none */
};

struct summary {
	uint64_t shown, suppressed, lost;
	uint64_t by_direction[DIRECTION_MAX]; /* of these three */
	uint64_t first_ns, last_ns; /* wall clock; 0: nothing yet */
	unsigned causes_len;
	struct summary_cause causes[SUMMARY_CAUSES]; /* in the order they came */
	uint64_t hints[HINTS_MAX]; /* as hint_at() */
	struct timeline *timeline; /* a series of each row of causes */
	struct timeline *idle; /* of received resets; a series of each bin of fine_seconds */
	struct bins age, unread;
	struct whose whose;
	struct pairs pairs;
	struct sample *sample; /* NULL: none is wanted */
	struct out *line; /* of the sample, while it is written; keeps an error */
	struct only_counted *only_counted;
};

static inline uint64_t cause_count(const struct summary_cause *c)
{
	return c->shown + c->suppressed + c->lost;
}

/* Pointers to the rows, most frequent first; how many. */
unsigned summary_rows(const struct summary *s, const struct summary_cause *ret[SUMMARY_CAUSES]);

#endif
