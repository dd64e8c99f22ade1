/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One row: a site of the kernel, the facts it leaves, and what the judge must make of them. A row
 * is judged in up to five ways; an expectation without a cause is not looked at.
 *
 * To add a cause, add its sites here, with the near misses that must not be taken for it. A cause
 * or a hint that no row expects fails the test of the catalogue.
 */
#ifndef RSTWHY_TEST_ROW_H
#define RSTWHY_TEST_ROW_H

#include "given.h"

struct expected {
	const char *cause;
	enum confidence confidence;
	enum person who;
	enum role role;
};

struct row {
	const char *name; /* the site, and what is special about this row */
	struct given given;
	struct expected now; /* as given: 6.10 and later */
	struct expected nameless; /* ... when no symbol of the stack could be read */
	struct expected before; /* without the kernel's reason: before 6.10; active ones to 6.11 */
	struct expected blind; /* ... and without a stack */
	enum tcp_state state; /* before the reset */
	/* Looked at where given. */
	int error;
	const char *site;
	const char *mentions; /* in the summary or in the evidence */
	const char *hint;
	const char *no_hint;
};

/* Each ends with a row without a name. */
extern const struct row rows_active[];
extern const struct row rows_answer[];
extern const struct row rows_received[];
extern const struct row rows_silent[];
extern const struct row rows_hints[];

#endif
