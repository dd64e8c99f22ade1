/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What BPF counted without showing it: beyond the budget of its kind (--rate) an event is only
 * counted, and one summary a second stands for all of them. The cause of a kind is that of the
 * ones that were shown.
 */
#ifndef RSTWHY_SUPPRESS_H
#define RSTWHY_SUPPRESS_H

#include "probe.h"
#include "verdict.h"

#define SUM_UP_NS 1000000000ULL /* from one summary to the next */

struct suppress;

/* `host` (NULL: not known) outlives it. NULL: no memory. */
struct suppress *suppress_new(const char *host);
void suppress_free(struct suppress *s);

/* This record was judged so: its kind will be called the same. */
void suppress_note(struct suppress *s, const struct record *r, const struct verdict *v);

/*
 * Calls fn for each kind of which more was suppressed since the last call: r->suppressed says how
 * many, and v what they are. Returns the number of kinds.
 */
typedef void (*suppress_fn)(void *context, const struct record *r, const struct verdict *v);
int suppress_collect(struct suppress *s, const struct probe *p, uint64_t time_ns, suppress_fn fn,
		     void *context);

#endif
