/* SPDX-License-Identifier: GPL-2.0 */
/* What metrics.c counts and metrics_families.c prints: nobody else's. */
#ifndef RSTWHY_METRICS_STORE_H
#define RSTWHY_METRICS_STORE_H

#include "causes.h"
#include "histogram.h"
#include "label_values.h"
#include "metrics.h"
#include "only_counted.h"

#define METRICS_FAMILIES 2 /* of addresses: IPv4, IPv6 */

/* By cause and by what stands beside it in the labels. The state is without synonyms. */
typedef uint64_t metrics_causes[CAUSES_MAX][STATE_MAX][METRICS_FAMILIES];

/* By a value's index; LABEL_VALUES_OTHER is the last. */
struct metrics_by_label {
	struct label_values values;
	uint64_t n[LABEL_VALUES_MAX + 1][DIRECTION_MAX][CAUSES_MAX];
};

struct metrics {
	enum label label;
	bool silent;
	unsigned causes_len, hints_len;
	const struct cause *causes[CAUSES_MAX];
	const struct hint *hints[HINTS_MAX];
	metrics_causes resets[DIRECTION_MAX];
	uint64_t by_hint[HINTS_MAX];
	uint64_t shown[DIRECTION_MAX];
	uint64_t filtered[DIRECTION_MAX];
	uint64_t suppressed[DIRECTION_MAX];
	uint64_t lost[DIRECTION_MAX];
	struct histogram received_idle;
	struct histogram age[DIRECTION_MAX];
	struct metrics_by_label *by_label; /* NULL: not asked for */
	struct only_counted *only_counted;
};

#endif
