// SPDX-License-Identifier: GPL-2.0
/* Numbers in few columns. */
#include "numbers.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const char *count_text(uint64_t n, int width, char text[NUMBER_LEN])
{
	static const char units[] = "KMGTPE";

	snprintf(text, NUMBER_LEN, "%llu", (unsigned long long)n);
	for (const char *unit = units; (int)strlen(text) > width && *unit; unit++) {
		n /= 1000;
		snprintf(text, NUMBER_LEN, "%llu%c", (unsigned long long)n, *unit);
	}
	return text;
}

const char *rate_text(double rate, char text[NUMBER_LEN])
{
	if (rate <= 0)
		snprintf(text, NUMBER_LEN, "0");
	else if (rate < 0.1)
		snprintf(text, NUMBER_LEN, "<0.1");
	else if (rate < 99.95)
		snprintf(text, NUMBER_LEN, "%.1f", rate);
	else
		count_text((uint64_t)(rate + 0.5), 6, text);
	return text;
}

const char *clock_text(uint64_t time_ns, char text[NUMBER_LEN])
{
	time_t second = time_ns / 1000000000;
	struct tm tm;

	localtime_r(&second, &tm);
	strftime(text, NUMBER_LEN, "%H:%M:%S", &tm);
	return text;
}
