// SPDX-License-Identifier: GPL-2.0
/* Records wait here for what the next ones say about them. */
#include "hold.h"

#include <stdlib.h>
#include <string.h>

#include "causes.h"

#define SLOTS 512

struct slot {
	struct record record;
	uint64_t since_ns; /* when it arrived */
	bool taken_back;
};

struct hold {
	unsigned head, len; /* a ring of indices, in order of the records' time */
	uint16_t order[SLOTS];
	uint16_t free[SLOTS]; /* a stack of the unused slots */
	struct slot slots[SLOTS];
};

struct hold *hold_new(void)
{
	struct hold *h = calloc(1, sizeof(*h));

	for (unsigned i = 0; h && i < SLOTS; i++)
		h->free[i] = i;
	return h;
}

void hold_free(struct hold *h)
{
	free(h);
}

bool hold_is_full(const struct hold *h)
{
	return h->len == SLOTS;
}

static uint16_t *order_at(struct hold *h, unsigned i)
{
	return &h->order[(h->head + i) % SLOTS];
}

static struct slot *slot_at(struct hold *h, unsigned i)
{
	return &h->slots[*order_at(h, i)];
}

static void take_back(struct hold *h, uint64_t sk)
{
	for (unsigned i = h->len; i--;) {
		struct slot *slot = slot_at(h, i);

		if (slot->record.e.sock.bits & SOCK_BIT_PHANTOM && slot->record.e.sk == sk &&
		    !slot->taken_back) {
			slot->taken_back = true;
			return;
		}
	}
}

static bool are_ends(const struct record *a, const struct record *b)
{
	const struct flow *x = &a->e.flow, *y = &b->e.flow;

	return x->local_port == y->peer_port && x->peer_port == y->local_port &&
	       a->e.direction + b->e.direction == DIRECTION_SENT + DIRECTION_RECEIVED &&
	       a->e.direction != b->e.direction && !memcmp(x->local, y->peer, sizeof(x->local)) &&
	       !memcmp(x->peer, y->local, sizeof(x->peer));
}

static void tell(struct record *to, const struct record *of)
{
	struct verdict v;

	judge(of, &v);
	memcpy(to->pair, of->id, sizeof(to->pair));
	if (v.who)
		memcpy(to->pair_name, v.name, sizeof(to->pair_name));
	to->pair_cause = v.cause->id;
	to->pair_answers = of->e.have & HAVE_SEGMENT;
}

/* The oldest unpaired one: resets of one flow arrive in the order in which they were sent. */
static void pair(struct hold *h, struct record *r)
{
	for (unsigned i = 0; i < h->len; i++) {
		struct slot *slot = slot_at(h, i);

		if (slot->taken_back || slot->record.pair[0] || !are_ends(&slot->record, r))
			continue;
		/* The sent one first: the received one is judged by it. */
		if (r->e.direction == DIRECTION_SENT) {
			tell(&slot->record, r);
			tell(r, &slot->record);
		} else {
			tell(r, &slot->record);
			tell(&slot->record, r);
		}
		return;
	}
}

/* Makes room for `index` behind everything that is not later. */
static void insert(struct hold *h, uint16_t index)
{
	unsigned i = h->len++;

	while (i && slot_at(h, i - 1)->record.e.time_ns > h->slots[index].record.e.time_ns) {
		*order_at(h, i) = *order_at(h, i - 1);
		i--;
	}
	*order_at(h, i) = index;
}

void hold_push(struct hold *h, const struct record *r, uint64_t now_ns)
{
	uint16_t index = h->free[SLOTS - 1 - h->len];
	struct slot *slot = &h->slots[index];

	if (r->e.sock.bits & SOCK_BIT_AFTER_RESET)
		take_back(h, r->e.sk);
	slot->record = *r;
	slot->since_ns = now_ns;
	slot->taken_back = false;
	pair(h, &slot->record);
	insert(h, index);
}

static struct record *pop(struct hold *h, uint64_t now_ns, bool all)
{
	while (h->len) {
		uint16_t index = *order_at(h, 0);
		struct slot *slot = &h->slots[index];

		if (!all && h->len < SLOTS && now_ns - slot->since_ns < HOLD_NS)
			return NULL;
		h->head = (h->head + 1) % SLOTS;
		h->len--;
		h->free[SLOTS - 1 - h->len] = index;
		if (!slot->taken_back)
			return &slot->record;
	}
	return NULL;
}

struct record *hold_pop(struct hold *h, uint64_t now_ns)
{
	return pop(h, now_ns, false);
}

struct record *hold_drain(struct hold *h)
{
	return pop(h, 0, true);
}

uint64_t hold_wait(const struct hold *h, uint64_t now_ns)
{
	uint64_t age;

	if (!h->len)
		return UINT64_MAX;
	age = now_ns - h->slots[h->order[h->head]].since_ns;
	return age >= HOLD_NS || h->len == SLOTS ? 0 : HOLD_NS - age;
}
