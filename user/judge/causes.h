/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The catalogue: every cause rstwhy can name, and the judge. Pure: no system call, no global
 * that changes, so recorded events are judged as live ones are.
 *
 * A cause is one row plus its function, in the causes_*.c of its family. The rows are tried in
 * order, the first whose function says yes wins. An id is a contract: users filter and graph by
 * it, it never changes its meaning.
 */
#ifndef RSTWHY_CAUSES_H
#define RSTWHY_CAUSES_H

#include <stddef.h>

#include "verdict.h"

#define CAUSES_MAX 64 /* room for all of the catalogue: a test sees to it */

/* The explanation, for a tired engineer. Paragraphs are single lines, wrapped when printed. */
struct article {
	const char *what; /* what happened */
	const char *know; /* how rstwhy knows */
	const char *confirm; /* how to confirm it by other means: one command a line */
	const char *advice; /* what to do */
	const char *references; /* one a line */
};

struct cause {
	const char *id;
	const char *title; /* in a few words */
	enum direction direction;
	/* Fills summary, evidence, confidence, site, who; false: not this cause. */
	bool (*test)(const struct record *r, struct verdict *v);
	struct article article;
};

/* One family's rows; `rows` ends with a row whose id is NULL. */
extern const struct cause causes_firewall[];
extern const struct cause causes_mptcp[];
extern const struct cause causes_close[];
extern const struct cause causes_timer[];
extern const struct cause causes_killed[];
extern const struct cause causes_lookup[];
extern const struct cause causes_handshake[];
extern const struct cause causes_closed[];
extern const struct cause causes_received[];
extern const struct cause causes_silent[];
extern const struct cause causes_unknown[]; /* one row, that always says yes */

void judge(const struct record *r, struct verdict *v);

/* The same without a text and without hints: cause and who, for a fraction of the time. */
void judge_cause(const struct record *r, struct verdict *v);

const struct cause *cause_find(const char *id); /* NULL: no such cause */
const struct cause *cause_at(size_t i); /* in the order of the catalogue; NULL: past its end */

#endif
