/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A file that appears whole or not at all: it is written beside its place and renamed at the end.
 * Until then what stands there, if anything, is as it was. What is no regular file (a terminal, a
 * pipe, /dev/null) cannot be replaced, and is written to.
 */
#ifndef RSTWHY_NEW_FILE_H
#define RSTWHY_NEW_FILE_H

#include <limits.h>
#include <signal.h>
#include <stdbool.h>

/* While it is open the signals that end a program wait. */
struct new_file {
	int fd; /* to be written to; -1: not open */
	char path[PATH_MAX]; /* symbolic links resolved */
	char temporary[PATH_MAX]; /* "": written in place */
	bool blocks; /* signals that were not in `before` */
	sigset_t before;
};

/* `path` NULL: stdout. 0 or -errno, reported. */
int new_file_open(struct new_file *f, const char *path);

/* All was written: it is put in its place. 0 or -errno, reported; then nothing is left of it. */
int new_file_finish(struct new_file *f);
void new_file_drop(struct new_file *f); /* it was not: nothing is left of it */

#endif
