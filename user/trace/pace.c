// SPDX-License-Identifier: GPL-2.0
/* How the reader of the ring buffer rests. */
#include "pace.h"

#define SECONDS_MAX 4e9
#define POLL_MAX_MS 1000000

static uint64_t min_ns(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

struct rest pace_rest(struct pace *p, uint64_t now_ns, uint64_t due_ns)
{
	bool idle = !p->batch && !p->left, ask = idle && !p->asked;
	uint64_t most = p->batch >= PACE_BATCH_LARGE ? 0 : PACE_PAUSE_NS;

	if (ask) {
		p->asked = true;
		p->look_ns = now_ns + PACE_RECHECK_NS;
	}
	if (idle)
		most = pace_until(p->look_ns, now_ns);
	return (struct rest){min_ns(due_ns, most), ask, idle};
}

/* What ended the rest before it was time to look does not count as the look. */
void pace_read(struct pace *p, uint64_t now_ns, unsigned n, bool left)
{
	p->batch = n;
	p->left = left;
	if (n || left)
		p->asked = false;
	else if (p->asked && now_ns >= p->look_ns)
		p->look_ns = PACE_NEVER;
}

uint64_t pace_end(uint64_t start_ns, double seconds)
{
	if (!(seconds > 0) || seconds > SECONDS_MAX)
		return PACE_NEVER;
	return start_ns + (uint64_t)(seconds * 1e9);
}

uint64_t pace_until(uint64_t deadline_ns, uint64_t now_ns)
{
	if (deadline_ns == PACE_NEVER)
		return PACE_NEVER;
	return deadline_ns > now_ns ? deadline_ns - now_ns : 0;
}

int pace_poll_ms(uint64_t ns)
{
	if (ns == PACE_NEVER)
		return -1;
	return ns > POLL_MAX_MS * 1000000ULL ? POLL_MAX_MS : (int)((ns + 999999) / 1000000);
}
