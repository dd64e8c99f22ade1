/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records wait here for what the next ones say about them, at most HOLD_NS, and leave in order of
 * time: the ring buffer of several CPUs is only nearly in order.
 *
 * - A received reset that may be a phantom is taken back when a reset is sent from the same socket
 *   for the same segment (bpf/phantom.bpf.h tells why).
 * - When both ends are on this host, the reset sent and the reset received name each other.
 */
#ifndef RSTWHY_HOLD_H
#define RSTWHY_HOLD_H

#include "record.h"

#define HOLD_NS 10000000ULL

struct hold;

struct hold *hold_new(void); /* NULL: no memory */
void hold_free(struct hold *h);

bool hold_is_full(const struct hold *h);

/*
 * Where to write the next record; hold_push() then makes it wait. It arrived at `now_ns`
 * (CLOCK_MONOTONIC). There must be room: see hold_is_full().
 */
struct record *hold_slot(struct hold *h);
void hold_push(struct hold *h, uint64_t now_ns);

/* The next record that has waited, or must leave because all is full; NULL: none. Valid until the
 * next call, hold_slot() included. */
struct record *hold_pop(struct hold *h, uint64_t now_ns);

/* As hold_pop(), waiting or not: the end. */
struct record *hold_drain(struct hold *h);

/* Nanoseconds until hold_pop() has one; 0: now; UINT64_MAX: nothing waits. */
uint64_t hold_wait(const struct hold *h, uint64_t now_ns);

#endif
