// SPDX-License-Identifier: GPL-2.0
/* The path of a process's executable, where it can be believed. */
#define _GNU_SOURCE /* statx() */
#include "executable.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OF_PROC 48 /* "/proc/4194304/" and a short name */

static void name_of_proc(unsigned pid, const char *name, char ret[OF_PROC])
{
	snprintf(ret, OF_PROC, "/proc/%u/%s", pid, name);
}

/* What the kernel has at hand: no server of a network file system is asked. */
static bool look_at(const char *path, struct statx *ret)
{
	return !statx(AT_FDCWD, path, AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT, STATX_INO | STATX_UID,
		      ret);
}

static bool is_same_file(const char *path, const struct statx *file)
{
	struct statx other;

	return look_at(path, &other) && other.stx_ino == file->stx_ino &&
	       other.stx_dev_major == file->stx_dev_major &&
	       other.stx_dev_minor == file->stx_dev_minor;
}

/* There a mount needs root's rights, also in a container. */
static bool is_of_our_users(unsigned pid)
{
	char theirs[OF_PROC];
	struct statx ns;

	name_of_proc(pid, "ns/user", theirs);
	return look_at("/proc/self/ns/user", &ns) && is_same_file(theirs, &ns);
}

static bool leads_from_its_root(unsigned pid, const char *path, const struct statx *file)
{
	char whole[OF_PROC + PATH_MAX];

	snprintf(whole, sizeof(whole), "/proc/%u/root%s", pid, path);
	return is_same_file(whole, file);
}

static bool is_believed(unsigned pid, const char *path, bool is_gone)
{
	char name[OF_PROC];
	struct statx file;

	name_of_proc(pid, "exe", name);
	if (!look_at(name, &file))
		return false;
	if (!is_gone && is_same_file(path, &file))
		return true;
	if (!is_of_our_users(pid))
		return false;
	return is_gone ? !file.stx_uid : leads_from_its_root(pid, path, &file);
}

/* " (deleted)": or replaced by an update. Half a path would be another one. */
bool executable_path(unsigned pid, char *ret, size_t size)
{
	static const char deleted[] = " (deleted)";
	char name[OF_PROC], path[PATH_MAX];
	bool is_gone = false;
	ssize_t len;

	name_of_proc(pid, "exe", name);
	len = readlink(name, path, sizeof(path) - 1);
	if (len < 0)
		return false;
	path[len] = '\0';
	len -= sizeof(deleted) - 1;
	if (len > 0 && !strcmp(path + len, deleted)) {
		path[len] = '\0';
		is_gone = true;
	}
	if (strlen(path) >= size || !is_believed(pid, path, is_gone))
		path[0] = '\0';
	strcpy(ret, path);
	return true;
}
