/* SPDX-License-Identifier: GPL-2.0 */
/* The lines of a file or pipe. Whatever it holds, the memory is the same: LINE_BYTES bytes. */
#ifndef RSTWHY_LINES_H
#define RSTWHY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES (256 << 10) /* what rstwhy writes stays below 64 KiB */

enum line {
	LINE_WHOLE,
	LINE_CUT, /* the last one, without the character that ends a line */
	LINE_TOO_LONG, /* of more than LINE_BYTES bytes, which are passed over, and so is its rest */
	LINE_NONE, /* nothing whole is there yet: lines_read() */
	LINE_END,
};

struct lines;

struct lines *lines_new(int fd); /* NULL: no memory. fd stays the caller's. */
void lines_free(struct lines *l);

int lines_read(struct lines *l); /* Once; may wait. 0 or -errno. */

/* *ret: the next line without its end, `*ret_len` bytes, valid until lines_read(). */
enum line lines_next(struct lines *l, const char **ret, size_t *ret_len);

uint64_t lines_number(const struct lines *l); /* of the line returned last; the first is 1 */

#endif
