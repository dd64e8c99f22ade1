/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a service manager is told of the run, sd_notify(3): that it traces, that it is alive, how
 * much it has shown. Without one (NOTIFY_SOCKET not set), or built without libsystemd: nothing.
 */
#ifndef RSTWHY_NOTIFY_H
#define RSTWHY_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* All zero: nobody is to be told. */
struct notify {
	bool watchdog; /* the manager ends a run that is silent for two intervals */
	uint64_t interval_ns; /* between two words; 0: nobody listens */
	uint64_t due_ns; /* of the next, CLOCK_MONOTONIC */
};

#if HAVE_LIBSYSTEMD

void notify_open(struct notify *n, uint64_t now_ns);

/* Tracing has begun, or goes on after notify_reloading(). */
void notify_ready(const struct notify *n);
void notify_reloading(const struct notify *n, uint64_t now_ns);
void notify_stopping(const struct notify *n);

uint64_t notify_deadline(const struct notify *n); /* UINT64_MAX: never */

/* The run is alive, and these are its counts; the next word is due an interval later. */
void notify_alive(struct notify *n, uint64_t now_ns, uint64_t shown, uint64_t lost);

#else

static inline void notify_open(struct notify *n, uint64_t now_ns)
{
}

static inline void notify_ready(const struct notify *n)
{
}

static inline void notify_reloading(const struct notify *n, uint64_t now_ns)
{
}

static inline void notify_stopping(const struct notify *n)
{
}

static inline uint64_t notify_deadline(const struct notify *n)
{
	return UINT64_MAX;
}

static inline void notify_alive(struct notify *n, uint64_t now_ns, uint64_t shown, uint64_t lost)
{
}

#endif

#endif
