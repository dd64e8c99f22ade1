/* SPDX-License-Identifier: GPL-2.0 */
/* The file of an output: opened by its name, known by its inode, numbered when it is full. */
#ifndef RSTWHY_OUTPUT_FILE_H
#define RSTWHY_OUTPUT_FILE_H

#include <stdbool.h>
#include <stdint.h>

struct identity;

#define FILE_OLD_MAX 9 /* files kept beside the one being written: FILE.1, the last, to FILE.9 */

/* To be written at its end, and made if it is not there. The descriptor or -errno. */
int file_open(const char *path, int flags);

/* The same; what is made belongs to `owner`, if that is one, who shall be able to open it again. */
int file_open_for(const char *path, int flags, const struct identity *owner);

/* Of these alone: a size, another name, and no write that waits for a reader. */
bool file_is_regular(int fd);
uint64_t file_size(int fd); /* 0 also when the kernel does not say */
bool file_is_same(int fd, int other);

/* Takes back the last `len` bytes, which were just written through fd. 0 or -errno. */
int file_take_back(int fd, uint64_t len);

int file_open_to_read(int fd,
		      const char *path); /* the file of fd, if it has that name; or -errno */
bool file_ends_line(int fd, const char *path); /* false also when it cannot be read */

/* A full disk may have room again; a reader that is gone does not come back, a terminal's EIO is one. */
bool file_error_may_pass(int fd, int err);

/* FILE.8 becomes FILE.9, ..., FILE becomes FILE.1; without FILE all stays. 0 or -errno. */
int file_shift(const char *path);

#endif
