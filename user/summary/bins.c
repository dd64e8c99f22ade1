// SPDX-License-Identifier: GPL-2.0
/* Bounds of histograms, each a little more than the one below. */
#include "bins.h"

/* The preferred numbers of ISO 3: R10, and three a decade. */
#define TEN(n) (n), (n)*1.25, (n)*1.6, (n)*2, (n)*2.5, (n)*3.15, (n)*4, (n)*5, (n)*6.3, (n)*8
#define THREE(n) (n), (n)*2, (n)*5
#define FOUR(n) (n), (n)*2, (n)*4, (n)*8

/* From a millisecond to a day and more. */
const struct bounds fine_seconds = {
	81,
	{TEN(1e-3), TEN(1e-2), TEN(0.1), TEN(1.0), TEN(10.0), TEN(100.0), TEN(1e3), TEN(1e4), 1e5},
};

/* To four months. */
const struct bounds coarse_seconds = {
	31,
	{THREE(1e-3), THREE(1e-2), THREE(0.1), THREE(1.0), THREE(10.0), THREE(100.0), THREE(1e3),
	 THREE(1e4), THREE(1e5), THREE(1e6), 1e7},
};

/* To 512 MiB; 0 has a bin of its own. */
const struct bounds byte_counts = {
	31,
	{0, FOUR(1.0), FOUR(16.0), FOUR(256.0), FOUR(4096.0), FOUR(65536.0), FOUR(1048576.0),
	 FOUR(16777216.0), 268435456.0, 536870912.0},
};

unsigned bounds_place(const struct bounds *b, double value)
{
	unsigned low = 0, high = b->len;

	while (low < high) {
		unsigned middle = (low + high) / 2;

		if (value > b->list[middle])
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void bins_add(struct bins *b, double value)
{
	if (value >= 0)
		b->counts[bounds_place(b->bounds, value)]++;
}

void bounds_put(const struct bounds *b, struct out *o)
{
	for (unsigned i = 0; i < b->len; i++)
		out_format(o, "%c%.9g", i ? ',' : '[', b->list[i]);
	out_char(o, ']');
}

void bins_put(const struct bins *b, struct out *o)
{
	out_string(o, "{\"bounds\":");
	bounds_put(b->bounds, o);
	out_string(o, ",\"counts\":");
	for (unsigned i = 0; i <= b->bounds->len; i++) {
		out_char(o, i ? ',' : '[');
		out_number(o, b->counts[i]);
	}
	out_string(o, "]}");
}
