/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes metrics as OpenMetrics 1.0 or in the text format 0.0.4 of Prometheus. Pure. A family is
 * begun, then each of its samples: the suffix, the labels, the value.
 */
#ifndef RSTWHY_EXPOSITION_H
#define RSTWHY_EXPOSITION_H

#include "out.h"

enum metric_type { METRIC_COUNTER, METRIC_GAUGE, METRIC_HISTOGRAM, METRIC_INFO };

struct exposition {
	struct out *out;
	bool openmetrics;
	/* Of what is being written. */
	const char *family;
	unsigned labels;
};

/* The name is that of the samples: "..._total" of a counter, "..._info" of an info. The help is
 * ours, without a line break, a quote or a backslash. */
void exposition_family(struct exposition *x, const char *name, enum metric_type type,
		       const char *help);
void exposition_end(struct exposition *x);

void sample_begin(struct exposition *x, const char *suffix); /* "": none */
/* The value is anybody's: what is not UTF-8, or commands a terminal, becomes U+FFFD. */
void sample_label(struct exposition *x, const char *name, const char *value);
void sample_number(struct exposition *x, uint64_t value); /* ends it */
void sample_real(struct exposition *x, double value); /* ends it */

#endif
