/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that is kept between two runs of a program. Every map has a fixed size; the ones
 * that remember sockets evict the least recently used.
 */
#ifndef RSTWHY_MAPS_BPF_H
#define RSTWHY_MAPS_BPF_H

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "config.bpf.h"
#include "event.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4 << 20);
} events SEC(".maps");

/* The living: by the address of the struct sock. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct life);
} lives SEC(".maps");

struct listener_key {
	__u8 address[16];
	__u32 netns;
	__u16 port;
	__u16 _pad;
};

struct listener {
	__u64 sk;
	struct task task;
	__u32 _pad;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listener_key);
	__type(value, struct listener);
} listeners SEC(".maps");

/* What became of a sighting. */
enum outcome {
	OUTCOME_NONE, /* filtered out: not counted */
	OUTCOME_SUBMITTED,
	OUTCOME_SUPPRESSED,
	OUTCOME_LOST,
};

/* tcp_reset() ran on this socket; the reset it answers itself with may follow (phantom.bpf.h). */
struct reset_mark {
	__u64 time_ns; /* of its event */
	__u16 local_port;
	__u16 peer_port;
	__u32 outcome; /* of the report of a received reset */
	struct kind kind; /* under which it was counted */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct reset_mark);
} reset_marks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct retraction);
	__type(value, __u8);
} retractions SEC(".maps");

#endif
