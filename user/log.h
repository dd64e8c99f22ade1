/* SPDX-License-Identifier: GPL-2.0 */
/* What rstwhy says on stderr: every line begins with "rstwhy: ". stdout is data, stderr is talk. */
#ifndef RSTWHY_LOG_H
#define RSTWHY_LOG_H

#include <stdarg.h>
#include <stdbool.h>

enum log_level { LOG_QUIET = -1, LOG_NORMAL = 0, LOG_VERBOSE = 1, LOG_LIBRARY = 2 };

void log_set_level(int level);
int log_level(void);

/*
 * While a screen is up, each line, printable and without its end, is offered to `take` first; true:
 * it took it, and stderr, which would garble the screen, gets nothing. NULL: all to stderr again.
 */
void log_divert(bool (*take)(const char *line));

/* An error: always shown. Says what was tried, what the kernel said, what to do. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What the user asked for: always shown. */
void log_answer(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* News for the user: not with -q. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Details: with -v. */
void log_verbose(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A message of libbpf's, which ends with its newline: as it is, without "rstwhy: ". */
int log_library(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

#endif
