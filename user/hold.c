// SPDX-License-Identifier: GPL-2.0
/* Records wait here, in order, for what the next ones say about them. */
#include "hold.h"

#include <stdlib.h>

#define SLOTS 256

struct slot {
	struct record record;
	uint64_t since_ns;
	bool waits;
	bool taken_back;
};

struct hold {
	unsigned head, len; /* a ring */
	struct slot slots[SLOTS];
};

struct hold *hold_new(void)
{
	return calloc(1, sizeof(struct hold));
}

void hold_free(struct hold *h)
{
	free(h);
}

static struct slot *slot_at(struct hold *h, unsigned i)
{
	return &h->slots[(h->head + i) % SLOTS];
}

static void take_back(struct hold *h, uint64_t sk)
{
	for (unsigned i = h->len; i--;) {
		struct slot *slot = slot_at(h, i);

		if (slot->waits && !slot->taken_back && slot->record.e.sk == sk) {
			slot->taken_back = true;
			return;
		}
	}
}

void hold_push(struct hold *h, const struct record *r, uint64_t now_ns)
{
	struct slot *slot;

	if (r->e.sock.bits & SOCK_BIT_AFTER_RESET)
		take_back(h, r->e.sk);
	slot = slot_at(h, h->len++);
	slot->record = *r;
	slot->since_ns = now_ns;
	slot->waits = r->e.sock.bits & SOCK_BIT_PHANTOM;
	slot->taken_back = false;
}

static const struct record *pop(struct hold *h, uint64_t now_ns, bool all)
{
	while (h->len) {
		struct slot *slot = slot_at(h, 0);
		bool ready = all || !slot->waits || slot->taken_back || h->len == SLOTS ||
			     now_ns - slot->since_ns >= HOLD_NS;

		if (!ready)
			return NULL;
		h->head = (h->head + 1) % SLOTS;
		h->len--;
		if (!slot->taken_back)
			return &slot->record;
	}
	return NULL;
}

const struct record *hold_pop(struct hold *h, uint64_t now_ns)
{
	return pop(h, now_ns, false);
}

const struct record *hold_drain(struct hold *h)
{
	return pop(h, 0, true);
}

uint64_t hold_wait(const struct hold *h, uint64_t now_ns)
{
	const struct slot *first = &h->slots[h->head];
	uint64_t age = now_ns - first->since_ns;

	if (!h->len)
		return UINT64_MAX;
	if (!first->waits || first->taken_back || age >= HOLD_NS)
		return 0;
	return HOLD_NS - age;
}
