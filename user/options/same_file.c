// SPDX-License-Identifier: GPL-2.0
/* Whether two paths lead to one file. */
#include "same_file.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as many as the kernel follows */

/* A file, or where one is going to be: then `name` is the last part of its path, in that directory. */
struct place {
	dev_t device;
	ino_t inode;
	char name[NAME_MAX + 1]; /* "": it is there */
};

/* `path` becomes what the link there leads to. */
static bool follow(char path[PATH_MAX])
{
	char target[PATH_MAX], beside[PATH_MAX];
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	snprintf(beside, sizeof(beside), "%s", path);
	if (target[0] == '/')
		return snprintf(path, PATH_MAX, "%s", target) < PATH_MAX;
	return snprintf(path, PATH_MAX, "%s/%s", dirname(beside), target) < PATH_MAX;
}

static bool place_to_be(const char *given, struct place *p)
{
	char path[PATH_MAX], copy[PATH_MAX];
	struct stat status;

	if (snprintf(path, sizeof(path), "%s", given) >= PATH_MAX)
		return false;
	for (unsigned i = 0; i < LINKS_MAX && follow(path); i++)
		;
	strcpy(copy, path);
	if (stat(dirname(copy), &status))
		return false;
	p->device = status.st_dev;
	p->inode = status.st_ino;
	strcpy(copy, path);
	return snprintf(p->name, sizeof(p->name), "%s", basename(copy)) <= NAME_MAX;
}

/* false: there is no such place, or a device. */
static bool find_place(const char *path, struct place *p)
{
	struct stat status;

	*p = (struct place){0};
	if (path ? stat(path, &status) : fstat(STDOUT_FILENO, &status))
		return path && place_to_be(path, p);
	p->device = status.st_dev;
	p->inode = status.st_ino;
	return !S_ISCHR(status.st_mode) && !S_ISBLK(status.st_mode);
}

bool same_file(const char *a, const char *b)
{
	struct place x, y;

	return find_place(a, &x) && find_place(b, &y) && x.device == y.device &&
	       x.inode == y.inode && !strcmp(x.name, y.name);
}
