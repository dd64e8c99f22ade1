/* SPDX-License-Identifier: GPL-2.0 */
/* What this process may do, what it keeps while it traces, and what the kernel forbids everybody. */
#ifndef RSTWHY_RIGHTS_H
#define RSTWHY_RIGHTS_H

#include <stdbool.h>

#include "hooks.h"

/* One row: a capability, what is missing without it, and what it is kept for. */
struct right {
	int capability; /* CAP_BPF ... */
	const char *name; /* "CAP_BPF" */
	const char *without;
	const char *kept_for; /* NULL: given up when tracing begins */
	/* Of one that is kept: whether this run needs it. NULL: every one. */
	bool (*is_needed)(const struct hooks *hooks);
};

extern const struct right rights[]; /* ends with a row whose `without` is NULL */

#define RIGHTS_KEPT_MAX 8

struct kept_rights {
	unsigned len;
	const struct right *list[RIGHTS_KEPT_MAX];
};

bool right_is_held(int capability); /* effective */
bool right_is_kept(const struct right *right, const struct hooks *hooks); /* if it is held */

/* Those that are held and that tracing with these hooks needs. */
void rights_kept(struct kept_rights *ret, const struct hooks *hooks);
bool kept_rights_have(const struct kept_rights *kept, int capability);

/* "none", "integrity", "confidentiality"; "not known" where securityfs is not mounted. */
const char *lockdown_mode(char buf[32]);

#endif
