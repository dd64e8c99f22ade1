// SPDX-License-Identifier: GPL-2.0
/* The texts of a verdict. */
#include "verdict.h"

#include <stdarg.h>

#include "print.h"

__attribute__((format(printf, 2, 0))) static void put(char text[TEXT_LEN], const char *format,
						      va_list args)
{
	print_args(text, TEXT_LEN, format, args);
}

void verdict_summary(struct verdict *v, const char *format, ...)
{
	va_list args;

	if (v->without_texts)
		return;
	va_start(args, format);
	put(v->summary, format, args);
	va_end(args);
}

void verdict_evidence(struct verdict *v, const char *format, ...)
{
	va_list args;

	if (v->without_texts || v->evidence_len == EVIDENCE_MAX)
		return;
	va_start(args, format);
	put(v->evidence[v->evidence_len++], format, args);
	va_end(args);
}

void verdict_hint(struct verdict *v, const struct hint *hint, const char *format, ...)
{
	va_list args;

	if (v->hints_len == HINTS_MAX)
		return;
	v->hints[v->hints_len].hint = hint;
	va_start(args, format);
	put(v->hints[v->hints_len++].text, format, args);
	va_end(args);
}
