// SPDX-License-Identifier: GPL-2.0
/* Answers: resets that a segment triggered. */
#include "answer.h"

#include "facts.h"
#include "names.h"
#include "print.h"

bool is_answer(const struct record *r)
{
	return has(r, HAVE_SEGMENT);
}

bool carries(const struct record *r, uint8_t flags, uint8_t of)
{
	return (r->e.segment.flags & of) == flags;
}

bool no_socket(const struct record *r)
{
	return is_answer(r) && r->e.state == STATE_UNKNOWN;
}

bool at_listener(const struct record *r)
{
	return is_answer(r) && r->e.state == STATE_LISTEN;
}

/* Sequence numbers further apart than this belong to different connections. */
#define SEQ_NEAR (1u << 25)

static bool near(uint32_t a, uint32_t b)
{
	return a - b < SEQ_NEAR || b - a < SEQ_NEAR;
}

/* The remembered connection is the one this segment belongs to, not an earlier one on the flow. */
bool is_of_ended(const struct record *r)
{
	const struct life *life = &r->e.life;

	if (!has(r, HAVE_ENDED) || life->end == END_REPAIR)
		return false;
	if (r->e.segment.flags & TCP_ACK && !near(r->e.segment.ack, life->snd_nxt))
		return false;
	return life->last_state == STATE_SYN_SENT || near(r->e.segment.seq, life->rcv_nxt);
}

void say_trigger(const struct record *r, struct verdict *v)
{
	char flags[FLAGS_LEN];

	verdict_evidence(v, "triggered by a segment with flags %s and %u byte%s",
			 flags_text(r->e.segment.flags, flags), r->e.segment.length,
			 plural(r->e.segment.length));
}
