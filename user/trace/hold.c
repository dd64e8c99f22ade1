// SPDX-License-Identifier: GPL-2.0
/* Records wait here for what the next ones say about them. */
#include "hold.h"

#include <stdlib.h>
#include <string.h>

#include "causes.h"

#define SLOTS 512
#define BUCKET_BITS 10
#define BUCKETS (1 << BUCKET_BITS) /* for each direction */
#define NONE UINT16_MAX

struct slot {
	uint64_t since_ns; /* when it arrived */
	uint16_t bucket; /* NONE: its other end came, or cannot come */
	uint16_t next, previous; /* in the bucket; NONE: no more */
	bool taken_back;
	struct record record;
};

struct hold {
	unsigned head, len; /* a ring of indices, in order of the records' time */
	uint16_t order[SLOTS];
	uint16_t free[SLOTS]; /* a stack of the unused slots */
	/* Those whose other end may still come, by flow and direction; the last to come first. */
	uint16_t buckets[2 * BUCKETS];
	struct slot slots[SLOTS];
};

struct hold *hold_new(void)
{
	struct hold *h = calloc(1, sizeof(*h));

	for (unsigned i = 0; h && i < SLOTS; i++)
		h->free[i] = i;
	if (h)
		memset(h->buckets, 0xff, sizeof(h->buckets)); /* NONE */
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

/* Of opposite directions. */
static bool are_ends(const struct record *a, const struct record *b)
{
	const struct flow *x = &a->e.flow, *y = &b->e.flow;

	return x->local_port == y->peer_port && x->peer_port == y->local_port &&
	       !memcmp(x->local, y->peer, sizeof(x->local)) &&
	       !memcmp(x->peer, y->local, sizeof(x->peer));
}

static uint64_t hash_of_side(const __u8 address[16], __u16 port)
{
	uint64_t words[2];

	memcpy(words, address, sizeof(words));
	return ((words[0] ^ port) * 0x9e3779b97f4a7c15ULL ^ words[1]) * 0xd6e8feb86659fd93ULL;
}

/* The bucket of the other end is its neighbour: bucket ^ 1. */
static uint16_t bucket_of(const struct event *e)
{
	const struct flow *flow = &e->flow;
	uint64_t hash = hash_of_side(flow->local, flow->local_port) +
			hash_of_side(flow->peer, flow->peer_port);

	if (e->direction != DIRECTION_SENT && e->direction != DIRECTION_RECEIVED)
		return NONE;
	return hash >> (64 - BUCKET_BITS) << 1 | (e->direction == DIRECTION_SENT);
}

static void enter_bucket(struct hold *h, uint16_t index)
{
	struct slot *slot = &h->slots[index];
	uint16_t *first = &h->buckets[slot->bucket];

	slot->previous = NONE;
	slot->next = *first;
	if (*first != NONE)
		h->slots[*first].previous = index;
	*first = index;
}

static void leave_bucket(struct hold *h, struct slot *slot)
{
	if (slot->bucket == NONE)
		return;
	if (slot->next != NONE)
		h->slots[slot->next].previous = slot->previous;
	if (slot->previous != NONE)
		h->slots[slot->previous].next = slot->next;
	else
		h->buckets[slot->bucket] = slot->next;
	slot->bucket = NONE;
}

static void tell(struct record *to, const struct record *of)
{
	struct verdict v;

	judge_cause(of, &v);
	memcpy(to->pair, of->id, sizeof(to->pair));
	if (v.who)
		memcpy(to->pair_name, v.name, sizeof(to->pair_name));
	to->pair_cause = v.cause->id;
	to->pair_answers = of->e.have & HAVE_SEGMENT;
}

/* The sent one first: the received one is judged by it. */
static void tell_each_other(struct record *a, struct record *b)
{
	struct record *sent = a->e.direction == DIRECTION_SENT ? a : b;
	struct record *received = sent == a ? b : a;

	tell(received, sent);
	tell(sent, received);
}

/* The oldest unpaired one: resets of one flow arrive in the order in which they were sent. */
static struct slot *other_end(struct hold *h, const struct slot *slot)
{
	struct slot *oldest = NULL;

	for (uint16_t i = h->buckets[slot->bucket ^ 1]; i != NONE; i = h->slots[i].next) {
		struct slot *other = &h->slots[i];

		if (other->taken_back || !are_ends(&other->record, &slot->record))
			continue;
		if (!oldest || other->record.e.time_ns <= oldest->record.e.time_ns)
			oldest = other;
	}
	return oldest;
}

static void pair(struct hold *h, uint16_t index)
{
	struct slot *slot = &h->slots[index], *other;

	slot->bucket = bucket_of(&slot->record.e);
	if (slot->bucket == NONE)
		return;
	other = other_end(h, slot);
	if (!other) {
		enter_bucket(h, index);
		return;
	}
	slot->bucket = NONE; /* and it is in none */
	leave_bucket(h, other);
	tell_each_other(&slot->record, &other->record);
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

static uint16_t free_slot(const struct hold *h)
{
	return h->free[SLOTS - 1 - h->len];
}

struct record *hold_slot(struct hold *h)
{
	return &h->slots[free_slot(h)].record;
}

void hold_push(struct hold *h, uint64_t now_ns)
{
	uint16_t index = free_slot(h);
	struct slot *slot = &h->slots[index];

	if (slot->record.e.sock.bits & SOCK_BIT_AFTER_RESET)
		take_back(h, slot->record.e.sk);
	slot->since_ns = now_ns;
	slot->taken_back = false;
	pair(h, index);
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
		leave_bucket(h, slot);
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
