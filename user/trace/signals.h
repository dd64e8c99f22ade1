/* SPDX-License-Identifier: GPL-2.0 */
/* The signals of a run: what they ask for. One run a process. */
#ifndef RSTWHY_SIGNALS_H
#define RSTWHY_SIGNALS_H

#include <stdbool.h>

enum request {
	REQUEST_NONE,
	REQUEST_COUNTS, /* SIGUSR1 */
	REQUEST_REOPEN, /* SIGHUP, unless it is the word of a terminal that is gone */
	REQUEST_END, /* SIGINT, SIGTERM, the other SIGHUP */
};

/*
 * From here on the signals wait to be read, and a closed pipe and a full file become errors of
 * write(). to_stdout: the events go there. Returns a descriptor that is readable when a signal
 * waits, and belongs to the caller; or -errno, reported.
 */
int signals_open(bool to_stdout);

enum request signals_read(int fd); /* the next one; does not wait */

void signals_ask_end(void); /* as if SIGINT had come */

/* A signal that ends the run was read, or waits. */
bool signals_must_end(void);

#endif
