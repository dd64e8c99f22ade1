/* SPDX-License-Identifier: GPL-2.0 */
/* The filters that a live run decides in BPF, on recorded events. Pure. */
#ifndef RSTWHY_FLOW_FILTER_H
#define RSTWHY_FLOW_FILTER_H

#include <stdbool.h>

#include "record.h"

/* A summary of suppressed events is of no flow: it passes only if none is asked for. */
bool flow_filter_wants(const struct config *c, const struct record *r);

#endif
