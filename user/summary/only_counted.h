/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What BPF counted without showing it, by cause: that of a kind is what its last one was called.
 * Only ever adds: a series must not shrink. Pure.
 */
#ifndef RSTWHY_ONLY_COUNTED_H
#define RSTWHY_ONLY_COUNTED_H

#include <stdint.h>

#include "event.h"

struct cause;
struct only_counted;

struct only_counted *only_counted_new(void); /* NULL: no memory */
struct only_counted *only_counted_copy(const struct only_counted *o); /* the same */
void only_counted_free(struct only_counted *o);

/* An event of this kind came out of the ring buffer; cause NULL: it was filtered out. */
void only_counted_note(struct only_counted *o, const struct kind *kind, const struct cause *cause);

/* What has come since the last call. */
struct counted_only {
	const struct cause *cause; /* NULL: none of its kind was shown */
	uint64_t suppressed;
	uint64_t lost;
};

/*
 * Takes the counts of a kind as BPF has them now. While its first event is still on its way there
 * is no cause yet, and nothing has come: it is in the next call's.
 */
struct counted_only only_counted_take(struct only_counted *o, const struct kind *kind,
				      const struct kind_counts *counts);

#endif
