// SPDX-License-Identifier: GPL-2.0
/* Resets a second over the last minutes. */
#include "rates.h"

#include <string.h>

static double *slot(struct rates *r, uint64_t second)
{
	return r->count[second % RATES_SECONDS];
}

/* A process that was stopped is told of many seconds at once: they share what came. */
void rates_add(struct rates *r, double elapsed, const uint64_t now[DIRECTION_MAX])
{
	unsigned seconds;

	r->carry += elapsed;
	seconds = r->carry < RATES_SECONDS ? (unsigned)(r->carry + 0.5) : RATES_SECONDS;
	seconds = seconds ? seconds : 1;
	r->carry = r->carry < RATES_SECONDS ? r->carry - seconds : 0;
	for (unsigned i = 0; i < seconds; i++)
		memset(slot(r, r->seconds + i), 0, sizeof(r->count[0]));
	for (int d = 0; d < DIRECTION_MAX; d++) {
		double more = now[d] > r->last[d] ? (double)(now[d] - r->last[d]) : 0;

		for (unsigned i = 0; i < seconds; i++)
			slot(r, r->seconds + i)[d] = more / seconds;
		r->last[d] = now[d] > r->last[d] ? now[d] : r->last[d];
	}
	r->seconds += seconds;
}

static double second(const struct rates *r, uint64_t n, enum direction d)
{
	bool is_known = n < r->seconds && r->seconds - n <= RATES_SECONDS;

	return is_known ? r->count[n % RATES_SECONDS][d] : 0;
}

double rates_now(const struct rates *r, enum direction d)
{
	unsigned n = r->seconds < RATES_WINDOW ? r->seconds : RATES_WINDOW;
	double sum = 0;

	for (unsigned i = 1; i <= n; i++)
		sum += second(r, r->seconds - i, d);
	return n ? sum / n : 0;
}

/* The mean of those that are over already. */
static double mean(const struct rates *r, uint64_t from, unsigned step, enum direction d)
{
	unsigned n = 0;
	double sum = 0;

	for (; n < step && from + n < r->seconds; n++)
		sum += second(r, from + n, d);
	return n ? sum / n : 0;
}

double rates_series(const struct rates *r, enum direction d, unsigned step, double ret[],
		    unsigned len)
{
	uint64_t end = (r->seconds + step - 1) / step; /* in steps */
	double max = 0;

	for (unsigned i = 0; i < len; i++) {
		ret[i] = end + i >= len ? mean(r, (end + i - len) * step, step, d) : 0;
		max = ret[i] > max ? ret[i] : max;
	}
	return max;
}

void sparkline(char *text, const double values[], unsigned len, double max, bool utf8)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {" ", ".", ":", "-", "=", "+", "*", "%", "#"};
	const char *const *levels = utf8 ? blocks : ascii;

	for (unsigned i = 0; i < len; i++) {
		unsigned level = max > 0 ? (unsigned)(values[i] / max * 8 + 0.5) : 0;
		const char *shown = levels[values[i] > 0 && !level ? 1 : level];

		memcpy(text, shown, strlen(shown));
		text += strlen(shown);
	}
	*text = '\0';
}
