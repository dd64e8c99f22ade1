// SPDX-License-Identifier: GPL-2.0
/*
 * The user that --user names. The files are read without the name service switch: a static binary
 * cannot load its modules, and the answer shall be the same in every build.
 */
#define _GNU_SOURCE /* fgetpwent(), fgetgrent() */
#include "identity.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* (uid_t)-1 means "do not change" to the kernel. */
static bool parse_id(const char *text, unsigned *ret)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || n >= (uid_t)-1)
		return false;
	*ret = n;
	return true;
}

/* By name, or by number when `name` is NULL. */
static bool find_user(const char *name, uid_t uid, struct identity *ret)
{
	FILE *f = fopen("/etc/passwd", "re");
	struct passwd *entry = NULL;
	bool found = false;

	while (f && !found && (entry = fgetpwent(f)))
		found = name ? !strcmp(entry->pw_name, name) : entry->pw_uid == uid;
	if (found)
		*ret = (struct identity){entry->pw_uid, entry->pw_gid};
	if (f)
		fclose(f);
	return found;
}

static bool find_group(const char *name, gid_t *ret)
{
	FILE *f = fopen("/etc/group", "re");
	struct group *entry = NULL;
	bool found = false;

	while (f && !found && (entry = fgetgrent(f)))
		found = !strcmp(entry->gr_name, name);
	if (found)
		*ret = entry->gr_gid;
	if (f)
		fclose(f);
	return found;
}

static const char *parse_user(const char *name, bool has_group, struct identity *ret)
{
	if (!parse_id(name, &ret->uid))
		return find_user(name, 0, ret) ? NULL : "no such user in /etc/passwd";
	if (find_user(NULL, ret->uid, ret) || has_group)
		return NULL;
	return "this number is not in /etc/passwd: name a group, too, as UID:GID";
}

const char *identity_parse(const char *text, struct identity *ret)
{
	char name[256];
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : strlen(text);
	struct identity found = {0};
	const char *error;

	if (!len || len >= sizeof(name))
		return "not NAME, UID, NAME:GROUP or UID:GID";
	memcpy(name, text, len);
	name[len] = '\0';
	error = parse_user(name, colon, &found);
	if (error)
		return error;
	if (colon && !parse_id(colon + 1, &found.gid) && !find_group(colon + 1, &found.gid))
		return "no such group in /etc/group";
	if (!found.uid)
		return "the superuser is no unprivileged user";
	*ret = found;
	return NULL;
}
