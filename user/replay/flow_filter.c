// SPDX-License-Identifier: GPL-2.0
/* The filters that a live run decides in BPF, on recorded events. */
#include "flow_filter.h"

bool flow_filter_wants(const struct config *c, const struct record *r)
{
	return flow_wanted(c, &r->e.flow) && !(r->suppressed && c->has_address);
}
