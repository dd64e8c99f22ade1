// SPDX-License-Identifier: GPL-2.0
/* Paths of cgroups v2 by their kernel id: the id is a file handle of the cgroup2 file system. */
#define _GNU_SOURCE /* open_by_handle_at() */
#include "cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "record.h"

#define HANDLE_KERNFS 0xfe /* FILEID_KERNFS, include/linux/exportfs.h */
#define CACHE 64

struct cgroups {
	int mount; /* fd of the cgroup2 mount, -1: none */
	char root[128]; /* where it is mounted */
	struct {
		uint64_t id;
		size_t len;
		char path[CGROUP_LEN];
	} cache[CACHE]; /* by id % CACHE; a dead cgroup's path stays known */
};

/* mountinfo: "36 25 0:30 / /sys/fs/cgroup rw,... - cgroup2 cgroup2 rw" */
static bool find_mount(char root[128])
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char line[1024];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = strstr(line, " - cgroup2 ") &&
			sscanf(line, "%*s %*s %*s %*s %127s", root) == 1;
	if (f)
		fclose(f);
	return found;
}

struct cgroups *cgroups_new(void)
{
	struct cgroups *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	errno = 0;
	c->mount = find_mount(c->root) ? open(c->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (c->mount < 0 && errno) /* not: there is none */
		log_error("find the cgroup2 mount: %s; events lack their cgroup", strerror(errno));
	return c;
}

void cgroups_free(struct cgroups *c)
{
	if (!c)
		return;
	if (c->mount >= 0)
		close(c->mount);
	free(c);
}

static bool look_up(struct cgroups *c, uint64_t id, char *ret, size_t size)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + sizeof(uint64_t)];
	} h = {.handle = {.handle_bytes = sizeof(uint64_t), .handle_type = HANDLE_KERNFS}};
	char link[32], path[sizeof(c->root) + CGROUP_LEN];
	size_t root = strlen(c->root);
	ssize_t len;
	int fd;

	memcpy(h.handle.f_handle, &id, sizeof(id));
	fd = open_by_handle_at(c->mount, &h.handle, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return false;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	close(fd);
	if (len < 0)
		return false;
	path[len] = '\0';
	if (strncmp(path, c->root, root) || len - root >= size)
		return false;
	snprintf(ret, size, "%s", path[root] ? path + root : "/");
	return true;
}

bool cgroups_path(struct cgroups *c, uint64_t id, char *ret, size_t len)
{
	unsigned slot = id % CACHE;

	if (!id || c->mount < 0)
		return false;
	if (c->cache[slot].id != id) {
		c->cache[slot].id = 0;
		if (!look_up(c, id, c->cache[slot].path, sizeof(c->cache[slot].path)))
			return false;
		c->cache[slot].len = strlen(c->cache[slot].path);
		c->cache[slot].id = id;
	}
	if (c->cache[slot].len >= len)
		return false;
	memcpy(ret, c->cache[slot].path, c->cache[slot].len + 1);
	return true;
}
