// SPDX-License-Identifier: GPL-2.0
/* A file that appears whole or not at all. */
#define _GNU_SOURCE /* mkostemp() */
#include "new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"

/* The permissions of what is replaced, or those that open() gives. */
static mode_t mode_of(const char *path)
{
	struct stat status;
	mode_t mask;

	if (!stat(path, &status))
		return status.st_mode & 0777;
	mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* A link stays one: what it leads to is replaced. */
static int resolve(const char *path, char ret[PATH_MAX])
{
	if (realpath(path, ret))
		return 0;
	if (errno != ENOENT)
		return -errno;
	return snprintf(ret, PATH_MAX, "%s", path) < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int open_beside(struct new_file *f)
{
	const char *slash = strrchr(f->path, '/'), *name = slash ? slash + 1 : f->path;
	int len = snprintf(f->temporary, PATH_MAX, "%.*s.%.200s.XXXXXX", (int)(name - f->path),
			   f->path, name);

	if (len >= PATH_MAX) {
		f->temporary[0] = '\0';
		return -ENAMETOOLONG;
	}
	f->fd = mkostemp(f->temporary, O_CLOEXEC);
	if (f->fd < 0) {
		f->temporary[0] = '\0';
		return -errno;
	}
	return fchmod(f->fd, mode_of(f->path)) ? -errno : 0;
}

static int open_in_place(struct new_file *f)
{
	f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
	return f->fd < 0 ? -errno : 0;
}

static int open_path(struct new_file *f, const char *path)
{
	struct stat status;
	int err = resolve(path, f->path);

	if (err)
		return err;
	if (!stat(f->path, &status) && !S_ISREG(status.st_mode))
		return open_in_place(f);
	return open_beside(f);
}

static void block(struct new_file *f)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	f->blocks = !sigprocmask(SIG_BLOCK, &ending, &f->before);
}

/* Those that came meanwhile come now. */
static void unblock(struct new_file *f)
{
	if (f->blocks)
		sigprocmask(SIG_SETMASK, &f->before, NULL);
	f->blocks = false;
}

void new_file_drop(struct new_file *f)
{
	if (f->temporary[0])
		unlink(f->temporary);
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	unblock(f);
}

int new_file_open(struct new_file *f, const char *path)
{
	int err = 0;

	*f = (struct new_file){.fd = -1};
	if (path) {
		block(f);
		err = open_path(f, path);
	} else {
		f->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		err = f->fd < 0 ? -errno : 0;
	}
	if (err) {
		log_error("open %s for writing: %s", path ? path : "stdout", strerror(-err));
		new_file_drop(f);
	}
	return err;
}

/* A full disk may say so only now. */
static int put_in_place(struct new_file *f)
{
	if (f->temporary[0] && (fsync(f->fd) || rename(f->temporary, f->path)))
		return -errno;
	f->temporary[0] = '\0';
	return 0;
}

int new_file_finish(struct new_file *f)
{
	int err = put_in_place(f);

	if (err)
		log_error("put %s in its place: %s", f->path, strerror(-err));
	new_file_drop(f);
	return err;
}
