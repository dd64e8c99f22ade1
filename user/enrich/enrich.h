/* SPDX-License-Identifier: GPL-2.0 */
/* From an event to a record: what this host knows beside the facts. */
#ifndef RSTWHY_ENRICH_H
#define RSTWHY_ENRICH_H

#include "kernel.h"
#include "probe.h"
#include "record.h"

struct enricher;

/*
 * k, p and the name of this host (NULL: not known) must outlive it. Without p (NULL) nobody is known
 * to hold a socket. NULL: no memory.
 */
struct enricher *enricher_new(const struct kernel *k, struct probe *p, const char *host);
void enricher_free(struct enricher *en);

/* `stack` has e->stack_len addresses. */
void enrich(struct enricher *en, const struct event *e, const __u64 *stack, struct record *ret);

#endif
