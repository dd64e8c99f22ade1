/* SPDX-License-Identifier: GPL-2.0 */
/*
 * snprintf() for the words about an event: the same result, in a fraction of the time where only
 * %s, %.*s, %u, %d, %llu and %% occur. With anything else in the format it is snprintf().
 */
#ifndef RSTWHY_PRINT_H
#define RSTWHY_PRINT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The length of what was written, without its NUL: what has no room in `size` (> 0) is cut. */
size_t print_text(char *text, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
size_t print_args(char *text, size_t size, const char *format, va_list args)
	__attribute__((format(printf, 3, 0)));

/* What a noun ends with: "%u byte%s". */
static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

#define DIGITS_MAX 20

/* The decimal digits of n, written to end at `end`; returns where they begin. */
static inline char *print_digits(char *end, uint64_t n)
{
	do
		*--end = '0' + n % 10;
	while (n /= 10);
	return end;
}

#endif
