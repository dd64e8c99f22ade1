/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Community ID v1: the same short hash of a flow at both ends and in every other tool that
 * follows the specification (github.com/corelight/community-id-spec). Pure. Seed 0. An IPv4 flow
 * of an IPv6 socket hashes as IPv4.
 */
#ifndef RSTWHY_COMMUNITY_ID_H
#define RSTWHY_COMMUNITY_ID_H

#include "record.h"

void community_id(const struct flow *flow, char ret[COMMUNITY_ID_LEN]);

/* The same, remembered for a few flows: one reset has two ends, and one flow several resets. */
struct community_ids;

struct community_ids *community_ids_new(void); /* NULL: no memory */
void community_ids_free(struct community_ids *ids);

/* Valid until the next call. */
const char *community_ids_find(struct community_ids *ids, const struct flow *flow);

#endif
