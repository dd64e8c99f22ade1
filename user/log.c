// SPDX-License-Identifier: GPL-2.0
/* What rstwhy says on stderr. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>

static int level = LOG_NORMAL;

void log_set_level(int new_level)
{
	level = new_level;
}

int log_level(void)
{
	return level;
}

__attribute__((format(printf, 1, 0))) static void put(const char *format, va_list args)
{
	char line[1024];

	/* One write a line, so that lines of two tracers do not mix. */
	vsnprintf(line, sizeof(line), format, args);
	fprintf(stderr, "rstwhy: %s\n", line);
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(format, args);
	va_end(args);
}

void log_info(const char *format, ...)
{
	va_list args;

	if (level < LOG_NORMAL)
		return;
	va_start(args, format);
	put(format, args);
	va_end(args);
}

void log_verbose(const char *format, ...)
{
	va_list args;

	if (level < LOG_VERBOSE)
		return;
	va_start(args, format);
	put(format, args);
	va_end(args);
}
