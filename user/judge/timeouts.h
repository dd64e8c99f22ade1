/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Documented idle timeouts: those of user/judge/timeouts.tsv, which are compiled in, and those a site
 * adds. A line of a file is
 *
 *   SECONDS <tab> WHO [<tab> SOURCE]
 *
 * Empty lines and lines that begin with # are passed over. Files are read before the first record
 * is judged; nothing changes afterwards.
 */
#ifndef RSTWHY_TIMEOUTS_H
#define RSTWHY_TIMEOUTS_H

#include <stdbool.h>
#include <stddef.h>

struct timeout {
	double seconds;
	const char *who;
	const char *source; /* where it is documented; "": not said */
};

#define TIMEOUTS_ERROR_LEN 256

/*
 * Adds the lines of a file. 0, or -EINVAL with `error` saying which line is wrong, and why. Lines
 * before that one stay added.
 */
int timeouts_read(const char *path, char error[TIMEOUTS_ERROR_LEN]);
void timeouts_forget(void); /* what was added */

/* Those of the site first; NULL: past the end. */
const struct timeout *timeout_at(size_t i);

/* Is a connection that was idle so long one that ran into this timeout? See thresholds.h. */
bool timeout_matches(const struct timeout *t, double idle_s);

#endif
