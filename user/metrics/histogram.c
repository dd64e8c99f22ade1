// SPDX-License-Identifier: GPL-2.0
/* How long connections lived, or were silent. */
#include "histogram.h"

/* The usual idle timeouts are bounds: 60, 75, 300, 350 s ... See judge/timeouts.tsv. */
static const struct {
	double seconds;
	const char *text; /* a float in both formats, or it would be two series */
} bounds[HISTOGRAM_BUCKETS - 1] = {
	{0.01, "0.01"}, {0.1, "0.1"},     {1, "1.0"},       {5, "5.0"},
	{10, "10.0"},   {30, "30.0"},     {60, "60.0"},     {75, "75.0"},
	{120, "120.0"}, {300, "300.0"},   {350, "350.0"},   {600, "600.0"},
	{900, "900.0"}, {1800, "1800.0"}, {3600, "3600.0"}, {7200, "7200.0"},
};

void histogram_add(struct histogram *h, double seconds)
{
	unsigned i = 0;

	if (!(seconds >= 0))
		return;
	while (i < HISTOGRAM_BUCKETS - 1 && seconds > bounds[i].seconds)
		i++;
	h->buckets[i]++;
	h->sum += seconds;
}

static void begin(struct exposition *x, const char *suffix, const char *label, const char *value)
{
	sample_begin(x, suffix);
	if (label)
		sample_label(x, label, value);
}

void histogram_print(const struct histogram *h, struct exposition *x, const char *label,
		     const char *value)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		n += h->buckets[i];
		begin(x, "_bucket", label, value);
		sample_label(x, "le", i < HISTOGRAM_BUCKETS - 1 ? bounds[i].text : "+Inf");
		sample_number(x, n);
	}
	begin(x, "_sum", label, value);
	sample_real(x, h->sum);
	begin(x, "_count", label, value);
	sample_number(x, n);
}
