// SPDX-License-Identifier: GPL-2.0
/* The judge, and the catalogue as a whole. */
#include "causes.h"

#include <string.h>

#include "facts.h"
#include "hints.h"
#include "who.h"

static bool test_unknown(const struct record *r, struct verdict *v)
{
	who_holds(r, v);
	v->confidence = POSSIBLE;
	verdict_summary(v, "no rule covers this reset: please report it with its facts and stack");
	verdict_evidence(v, "the raw facts and the kernel stack are all there is");
	return true;
}

const struct cause causes_unknown[] = {
	{
		.id = "unknown",
		.title = "the kernel did something no rule covers",
		.direction = DIRECTION_SENT,
		.test = test_unknown,
		.article =
			{
				.what = "The kernel sent or received a reset in a way that no rule "
					"of rstwhy covers.",
				.know = "It does not know. The line carries what the kernel said: "
					"its reason, the state of the socket, and in most cases "
					"the kernel stack. That is enough to add a rule.",
				.confirm = "rstwhy --cause=unknown --format=json --stack -o "
					   "unknown.json\n"
					   "uname -r",
				.advice = "Please report the JSON line and the kernel's version. "
					  "Look at stack.kernel yourself: the first names, read "
					  "from the left, are the functions that decided. "
					  "Addresses can be removed before you send it.",
				.references = "include/net/rstreason.h in the kernel source, enum "
					      "sk_rst_reason",
			},
	},
	{0},
};

static const struct cause *const families[] = {
	causes_firewall, causes_mptcp,     causes_close,   causes_timer,
	causes_killed,   causes_handshake, causes_lookup,  causes_closed,
	causes_received, causes_silent,    causes_unknown,
};

#define FAMILIES (sizeof(families) / sizeof(families[0]))

const struct cause *cause_at(size_t i)
{
	for (size_t family = 0; family < FAMILIES; family++)
		for (const struct cause *cause = families[family]; cause->id; cause++)
			if (!i--)
				return cause;
	return NULL;
}

const struct cause *cause_find(const char *id)
{
	const struct cause *cause;

	for (size_t i = 0; (cause = cause_at(i)); i++)
		if (!strcmp(cause->id, id))
			return cause;
	return NULL;
}

/* What holds for every row. */
static void begin(const struct record *r, struct verdict *v)
{
	v->state = state_before(r);
	v->summary[0] = '\0';
	v->evidence_len = 0;
	v->hints_len = 0;
	if (r->reason_name)
		verdict_evidence(v, "kernel reason %s", r->reason_name);
}

/* What a function that said no may have left behind is taken away. */
static void begin_row(const struct cause *cause, unsigned evidence_len, struct verdict *v)
{
	static const char nobody[] = "the application";

	v->cause = cause;
	v->confidence = POSSIBLE;
	v->site = NULL;
	v->error = 0;
	v->role = ROLE_NONE;
	v->who = NULL;
	memcpy(v->name, nobody, sizeof(nobody));
	v->summary[0] = '\0';
	v->evidence_len = evidence_len;
}

/* The rows of one family, in order. */
static bool judge_by(const struct cause *family, const struct record *r, struct verdict *v)
{
	unsigned evidence_len = v->evidence_len;

	for (const struct cause *cause = family; cause->id; cause++) {
		if (cause->direction != (enum direction)r->e.direction && family != causes_unknown)
			continue;
		begin_row(cause, evidence_len, v);
		if (cause->test(r, v))
			return true;
	}
	v->evidence_len = evidence_len;
	return false;
}

static void find_cause(const struct record *r, struct verdict *v)
{
	begin(r, v);
	for (size_t family = 0; family < FAMILIES; family++)
		if (judge_by(families[family], r, v))
			break;
}

void judge(const struct record *r, struct verdict *v)
{
	v->without_texts = false;
	find_cause(r, v);
	add_hints(r, v);
}

void judge_cause(const struct record *r, struct verdict *v)
{
	v->without_texts = true;
	find_cause(r, v);
}
