/* SPDX-License-Identifier: GPL-2.0 */
/* The filters that a flow alone decides, before anything is collected. */
#ifndef RSTWHY_FILTER_BPF_H
#define RSTWHY_FILTER_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "event.h"
#include "maps.bpf.h"

static __always_inline bool address_wanted(const __u8 address[16])
{
#pragma unroll
	for (int i = 0; i < 16; i++)
		if ((address[i] & config.address_mask[i]) != config.address[i])
			return false;
	return true;
}

static __always_inline bool flow_wanted(const struct flow *flow)
{
	if (config.netns && config.netns != flow->netns)
		return false;
	if (config.port && config.port != flow->local_port && config.port != flow->peer_port)
		return false;
	if (config.local_port && config.local_port != flow->local_port)
		return false;
	if (config.peer_port && config.peer_port != flow->peer_port)
		return false;
	if (config.has_address && !address_wanted(flow->local) && !address_wanted(flow->peer))
		return false;
	return true;
}

#endif
