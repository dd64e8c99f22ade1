/* SPDX-License-Identifier: GPL-2.0 */
/* What rstwhy says on stderr: every line begins with "rstwhy: ". stdout is data, stderr is talk. */
#ifndef RSTWHY_LOG_H
#define RSTWHY_LOG_H

enum log_level { LOG_QUIET = -1, LOG_NORMAL = 0, LOG_VERBOSE = 1, LOG_LIBRARY = 2 };

void log_set_level(int level);
int log_level(void);

/* An error: always shown. Says what was tried, what the kernel said, what to do. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* News for the user: not with -q. */
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Details: with -v. */
void log_verbose(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
