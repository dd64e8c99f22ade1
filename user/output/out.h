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
	size_t written; /* by the last out_flush() */
	char *data;
	/* The second written last: many events are of the same. */
	uint64_t second;
	char second_text[24]; /* "": none yet */
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
	/* Not '>': nothing written to an empty one would be copied to NULL. */
	if (o->len + len >= o->size && !out_grow(o, len))
		return;
	memcpy(o->data + o->len, bytes, len);
	o->len += len;
}

/* A short text of ours in an array of this size, whatever its length: that is copied at once. */
#define OUT_SHORT 24

static inline void out_short(struct out *o, const char text[OUT_SHORT], size_t len)
{
	if (o->len + OUT_SHORT > o->size && !out_grow(o, OUT_SHORT))
		return;
	memcpy(o->data + o->len, text, OUT_SHORT);
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
void out_time(struct out *o, uint64_t ns); /* since 1970: 2026-11-20T12:00:00.123456789Z */
void out_format(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What was put since the mark can be taken back, until the next out_flush(). */
static inline size_t out_mark(const struct out *o)
{
	return o->len;
}

static inline void out_rewind(struct out *o, size_t mark)
{
	o->len = mark;
}

/* What was put since the last out_flush(), out_mark() bytes: for those who have no descriptor. */
static inline const char *out_data(const struct out *o)
{
	return o->data;
}

int out_flush(struct out *o); /* 0 or -errno */
size_t out_written(const struct out *o); /* bytes, by the last out_flush(), even if it failed */
void out_recover(struct out *o); /* from an error: empty, and to be written to again */
int out_error(const struct out *o);
void out_fail(struct out *o, int error); /* sticks, as if a write had said so */

#endif
