// SPDX-License-Identifier: GPL-2.0
/* The file of an output. */
#include "output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "identity.h"
#include "log.h"

#define NUMBERED_LEN 4112 /* a path of PATH_MAX and a number */

/* O_APPEND: a file that somebody else empties (copytruncate) gets no hole. */
int file_open(const char *path, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0644);

	return fd < 0 ? -errno : fd;
}

/* Whose file it was before it stays the owner, and no link is followed to give away another. */
int file_open_for(const char *path, int flags, const struct identity *owner)
{
	int fd = file_open(path, flags | O_EXCL);

	if (fd >= 0 && owner->uid && fchown(fd, owner->uid, owner->gid))
		log_verbose("give %s to user %u: %s", path, owner->uid, strerror(errno));
	return fd == -EEXIST ? file_open(path, flags) : fd;
}

bool file_is_regular(int fd)
{
	struct stat status;

	return !fstat(fd, &status) && S_ISREG(status.st_mode);
}

uint64_t file_size(int fd)
{
	struct stat status;

	return fstat(fd, &status) ? 0 : status.st_size;
}

bool file_is_same(int fd, int other)
{
	struct stat a, b;

	return !fstat(fd, &a) && !fstat(other, &b) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Behind what was written stands the descriptor, unless somebody else writes or empties the file. */
int file_take_back(int fd, uint64_t len)
{
	uint64_t size = file_size(fd), end = lseek(fd, 0, SEEK_CUR);

	if (end != size || len > size)
		return -EBUSY;
	if (ftruncate(fd, size - len) || lseek(fd, size - len, SEEK_SET) < 0)
		return -errno;
	return 0;
}

int file_open_to_read(int fd, const char *path)
{
	int reader = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (reader < 0)
		return -errno;
	if (file_is_same(fd, reader))
		return reader;
	close(reader);
	return -ESTALE;
}

bool file_ends_line(int fd, const char *path)
{
	int reader = file_open_to_read(fd, path);
	uint64_t size = file_size(fd);
	char last = '\0';

	if (reader < 0)
		return false;
	if (size && pread(reader, &last, 1, size - 1) != 1)
		last = '\0';
	close(reader);
	return last == '\n';
}

bool file_error_may_pass(int fd, int err)
{
	return err == -ENOSPC || err == -EDQUOT || err == -EFBIG ||
	       (err == -EIO && file_is_regular(fd));
}

int file_shift(const char *path)
{
	char from[NUMBERED_LEN], to[NUMBERED_LEN];

	if (access(path, F_OK))
		return errno == ENOENT ? 0 : -errno;
	for (unsigned i = FILE_OLD_MAX; i > 0; i--) {
		snprintf(from, sizeof(from), i == 1 ? "%s" : "%s.%u", path, i - 1);
		snprintf(to, sizeof(to), "%s.%u", path, i);
		if (rename(from, to) && errno != ENOENT)
			return -errno;
	}
	return 0;
}
