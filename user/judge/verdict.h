/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is concluded from a record: the cause, how sure we are, on what evidence, who did it.
 * The texts live inside the verdict; too long ones are cut.
 */
#ifndef RSTWHY_VERDICT_H
#define RSTWHY_VERDICT_H

#include "record.h"

#define EVIDENCE_MAX 10
#define HINTS_MAX 10 /* all of them */
#define TEXT_LEN 240

struct cause;
struct hint;

enum confidence {
	POSSIBLE, /* a guess worth showing */
	LIKELY, /* evidence points here, one known alternative remains */
	CERTAIN, /* the kernel's code path or reason admits no other cause */
};

enum role { ROLE_NONE, ROLE_OWNER, ROLE_CLOSER, ROLE_CONNECTOR, ROLE_LISTENER, ROLE_KILLER };

struct verdict {
	const struct cause *cause;
	enum confidence confidence;
	const char *site; /* kernel function the reset comes from; NULL: not known */
	int error; /* errno the application sees; 0: none, or not known */
	enum tcp_state state; /* before the reset */
	enum role role; /* of who; ROLE_NONE: who is not known */
	const struct task *who;
	char name[32]; /* "nginx (812)"; "the application" when who is not known */
	bool without_texts; /* summary and evidence are not asked for, and stay empty */
	char summary[TEXT_LEN];
	unsigned evidence_len;
	char evidence[EVIDENCE_MAX][TEXT_LEN];
	unsigned hints_len;
	struct {
		const struct hint *hint;
		char text[TEXT_LEN];
	} hints[HINTS_MAX];
};

void verdict_summary(struct verdict *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void verdict_evidence(struct verdict *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void verdict_hint(struct verdict *v, const struct hint *hint, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
