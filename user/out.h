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
#include <string.h>

/* The members are out.c's own; they stand here because a field is written in a few bytes. */
struct out {
	int fd;
	int error;
	bool (*give_up)(void); /* NULL: writes may block */
	size_t len, size;
	char *data;
};

struct out *out_new(int fd); /* NULL: no memory. fd stays the caller's. */

/*
 * While nobody reads what is written, `give_up` is asked now and then; true ends the attempt with
 * -ECANCELED. Without it a write waits for ever.
 */
void out_set_give_up(struct out *o, bool (*give_up)(void));
void out_free(struct out *o); /* does not flush */

bool out_grow(struct out *o, size_t len); /* false: an error sticks */

static inline void out_bytes(struct out *o, const char *bytes, size_t len)
{
	if (o->len + len > o->size && !out_grow(o, len))
		return;
	memcpy(o->data + o->len, bytes, len);
	o->len += len;
}

static inline void out_char(struct out *o, char c)
{
	out_bytes(o, &c, 1);
}

static inline void out_string(struct out *o, const char *s)
{
	out_bytes(o, s, strlen(s));
}

void out_number(struct out *o, uint64_t n);
void out_format(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was put since the mark can be taken back, until the next out_flush(). */
size_t out_mark(const struct out *o);
void out_rewind(struct out *o, size_t mark);

int out_flush(struct out *o); /* 0 or -errno */
int out_error(const struct out *o);
void out_fail(struct out *o, int error); /* sticks, as if a write had said so */

#endif
