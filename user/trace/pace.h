/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the reader of the ring buffer rests. Under load it pauses for a few milliseconds and takes
 * what has come meanwhile: no event wakes it. When the ring buffer is empty it asks for a wake-up.
 * An event whose place was taken just before may not have seen the wish: so it looks once more a
 * moment later, and only if the ring buffer is empty then, too, it sleeps as long as nothing is due.
 * What has a place and is not complete, for its writer was interrupted, is awaited by pauses. Pure.
 */
#ifndef RSTWHY_PACE_H
#define RSTWHY_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_BATCH_MAX 256 /* events; then the output and the signals have their turn */
#define PACE_BATCH_LARGE 128 /* events: no pause after that */
#define PACE_PAUSE_NS 5000000ULL /* between two batches */
#define PACE_RECHECK_NS 20000000ULL
#define PACE_NEVER UINT64_MAX

struct pace {
	unsigned batch; /* events read last */
	bool left; /* behind them the ring buffer was not empty */
	bool asked; /* for a wake-up, and no event has come since */
	uint64_t look_ns; /* when it is to be looked at once more after that; PACE_NEVER: it was */
};

struct rest {
	uint64_t ns; /* PACE_NEVER: until something happens */
	bool ask; /* for a wake-up, before resting */
	bool listen; /* an event may end the rest */
};

/* How to rest after the batch read last, when something else is due in `due_ns`. */
struct rest pace_rest(struct pace *p, uint64_t now_ns, uint64_t due_ns);

/* n events were read; left: then the ring buffer was not empty. */
void pace_read(struct pace *p, uint64_t now_ns, unsigned n, bool left);

/* The time `seconds` after `start_ns`; PACE_NEVER if they are 0 or more than anybody lives. */
uint64_t pace_end(uint64_t start_ns, double seconds);

uint64_t pace_until(uint64_t deadline_ns, uint64_t now_ns); /* nanoseconds; PACE_NEVER stays */

int pace_poll_ms(uint64_t ns); /* for poll(), not too early */

#endif
