/* SPDX-License-Identifier: GPL-2.0 */
/* The user that --user names. */
#ifndef RSTWHY_IDENTITY_H
#define RSTWHY_IDENTITY_H

#include <sys/types.h>

struct identity {
	uid_t uid; /* 0: stay who started it */
	gid_t gid;
};

/*
 * "NAME", "UID", either with ":GROUP" behind, a name or a number. Names are looked up in
 * /etc/passwd and /etc/group only. NULL, or why it is no user to run as; *ret is untouched then.
 */
const char *identity_parse(const char *text, struct identity *ret);

#endif
