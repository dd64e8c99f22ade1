// SPDX-License-Identifier: GPL-2.0
/* Answers: resets that a segment triggered. */
#include "answer.h"

#include "facts.h"
#include "names.h"

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

void say_trigger(const struct record *r, struct verdict *v)
{
	char flags[FLAGS_LEN];

	verdict_evidence(v, "triggered by a segment with flags %s and %u bytes",
			 flags_text(r->e.segment.flags, flags), r->e.segment.length);
}
