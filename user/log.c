// SPDX-License-Identifier: GPL-2.0
/* What rstwhy says on stderr. */
#include "log.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "printable.h"

#define PATIENCE_MS 1000

static int level = LOG_NORMAL;
static bool (*diverted)(const char *line);

void log_set_level(int new_level)
{
	level = new_level;
}

int log_level(void)
{
	return level;
}

void log_divert(bool (*take)(const char *line))
{
	diverted = take;
}

/*
 * A reader that sleeps, as less does, must neither stop the tracing nor its end: a line that waited
 * so long is dropped, and until somebody reads again no other waits at all.
 */
static bool is_read(void)
{
	static int patience_ms = PATIENCE_MS;
	struct pollfd fd = {.fd = STDERR_FILENO, .events = POLLOUT};
	int n;

	do
		n = poll(&fd, 1, patience_ms);
	while (n < 0 && errno == EINTR);
	patience_ms = n ? PATIENCE_MS : 0;
	return n;
}

__attribute__((format(printf, 1, 0))) static void put(const char *format, va_list args)
{
	char line[1024];

	/* One write a line, so that lines of two tracers do not mix. */
	vsnprintf(line, sizeof(line), format, args);
	make_printable(line); /* it may tell a path or a word of somebody else */
	if (diverted && diverted(line))
		return;
	if (is_read())
		fprintf(stderr, "rstwhy: %s\n", line);
}

void log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	put(format, args);
	va_end(args);
}

void log_answer(const char *format, ...)
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

int log_library(const char *format, va_list args)
{
	char line[1024];

	if (!diverted)
		return vfprintf(stderr, format, args);
	vsnprintf(line, sizeof(line), format, args);
	line[strcspn(line, "\n")] = '\0';
	make_printable(line);
	return diverted(line) ? 0 : fprintf(stderr, "%s\n", line);
}
