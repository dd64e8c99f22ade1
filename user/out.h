/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The data stream: a large buffer before one file descriptor. An error sticks: nothing is
 * written any more, and out_error() tells it.
 */
#ifndef RSTWHY_OUT_H
#define RSTWHY_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct out;

struct out *out_new(int fd); /* NULL: no memory. fd stays the caller's. */

/*
 * While nobody reads what is written, `give_up` is asked now and then; true ends the attempt with
 * -ECANCELED. Without it a write waits for ever.
 */
void out_set_give_up(struct out *o, bool (*give_up)(void));
void out_free(struct out *o); /* does not flush */

void out_char(struct out *o, char c);
void out_bytes(struct out *o, const char *bytes, size_t len);
void out_string(struct out *o, const char *s);
void out_number(struct out *o, uint64_t n);
void out_format(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was put since the mark can be taken back, until the next out_flush(). */
size_t out_mark(const struct out *o);
void out_rewind(struct out *o, size_t mark);

int out_flush(struct out *o); /* 0 or -errno */
int out_error(const struct out *o);
void out_fail(struct out *o, int error); /* sticks, as if a write had said so */

#endif
