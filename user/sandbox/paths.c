// SPDX-License-Identifier: GPL-2.0
/* Where files may be made and written, by the rights that are left; Landlock, without a library, for there is none in Debian. */
#define _GNU_SOURCE /* O_PATH, AT_EACCESS */
#include "paths.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log.h"

/* The kernel's linux/landlock.h, which headers older than Linux 5.13 do not have. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif
#define CREATE_VERSION 1
#define RULE_PATH_BENEATH 1
#define FS_EXECUTE (1ULL << 0)
#define FS_WRITE_FILE (1ULL << 1)
#define FS_REMOVE_DIR (1ULL << 4)
#define FS_REMOVE_FILE (1ULL << 5)
#define FS_MAKE_REG (1ULL << 8)
#define FS_MAKE_ALL (0x7fULL << 6) /* any kind of file, directories and links too */
#define FS_TRUNCATE (1ULL << 14) /* since version 3, Linux 6.2 */

struct path_beneath {
	uint64_t allowed;
	int32_t directory;
} __attribute__((packed));

/* Version of what the kernel knows; 0: nothing, or nobody may ask. */
static int version(void)
{
	long n = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_VERSION);

	return n > 0 ? n : 0;
}

bool paths_can_be_closed(void)
{
	return version() > 0;
}

/* Needed to begin a new file, to number the old ones, and to put a whole one in its place. */
static uint64_t for_outputs(uint64_t handled)
{
	return handled & (FS_WRITE_FILE | FS_MAKE_REG | FS_REMOVE_FILE | FS_TRUNCATE);
}

static int open_below(int rules, uint64_t handled, const char *directory)
{
	struct path_beneath rule = {for_outputs(handled), open(directory, O_PATH | O_CLOEXEC)};
	int err = 0;

	if (rule.directory < 0)
		return errno == ENOENT ? 0 : -errno;
	if (syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0))
		err = -errno;
	close(rule.directory);
	return err;
}

/* Its own directory, where a link may be put in place of it, and that of the file it leads to. */
static int open_output(int rules, uint64_t handled, const char *path)
{
	char copy[PATH_MAX], real[PATH_MAX];
	int err;

	if (!path)
		return 0;
	snprintf(copy, sizeof(copy), "%s", path);
	err = open_below(rules, handled, dirname(copy));
	if (!err && realpath(path, real))
		err = open_below(rules, handled, dirname(real));
	return err;
}

int paths_close_others(const struct options *o)
{
	uint64_t handled = FS_EXECUTE | FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE |
			   FS_MAKE_ALL | (version() >= 3 ? FS_TRUNCATE : 0);
	int rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	int err;

	if (rules < 0)
		return -errno;
	err = open_output(rules, handled, o->output);
	if (!err)
		err = open_output(rules, handled, o->pcapng);
	if (!err && syscall(SYS_landlock_restrict_self, rules, 0))
		err = -errno;
	close(rules);
	return err;
}

/* Better now than at the first log rotation. */
static void say_if_not_renewable(const char *path)
{
	char copy[PATH_MAX];
	struct stat status;

	if (!path || stat(path, &status) || !S_ISREG(status.st_mode))
		return;
	snprintf(copy, sizeof(copy), "%s", path);
	if (faccessat(AT_FDCWD, dirname(copy), W_OK | X_OK, AT_EACCESS))
		log_info("%s: no new file can begin there (SIGHUP): its directory is not writable "
			 "with the rights that are left",
			 path);
}

void paths_say_if_not_renewable(const struct options *o)
{
	say_if_not_renewable(o->output);
	say_if_not_renewable(o->pcapng);
}
