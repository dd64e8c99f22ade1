/* SPDX-License-Identifier: GPL-2.0 */
/* What this process may do, and what the kernel forbids everybody. */
#ifndef RSTWHY_RIGHTS_H
#define RSTWHY_RIGHTS_H

#include <stdbool.h>

/* One row: a capability and what is missing without it. */
struct right {
	int capability; /* CAP_BPF ... */
	const char *without;
};

extern const struct right rights[]; /* ends with a row whose `without` is NULL */

bool right_held(const struct right *right);
const char *right_name(const struct right *right, char buf[32]); /* "CAP_BPF" */

/* "none", "integrity", "confidentiality"; "not known" where securityfs is not mounted. */
const char *lockdown_mode(char buf[32]);

#endif
