/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the path of a cgroup tells: container, Kubernetes pod, systemd unit. Pure. The path is
 * other people's: whatever it holds, only what has exactly the shape that a runtime gives it counts,
 * and nothing below user@UID.service, where a user without rights makes cgroups of any name.
 */
#ifndef RSTWHY_CONTAINER_H
#define RSTWHY_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

#define CONTAINER_ID_LEN 64
#define CONTAINER_SHORT_LEN 12 /* as `docker ps` shows it */
#define POD_UID_LEN 36
#define UNIT_LEN 128 /* a longer name is not told; templates and slices stay far below */

/* "" is what is not known. */
struct container {
	char id[CONTAINER_ID_LEN + 1];
	char runtime[16]; /* "docker", "containerd", "cri-o", "podman" */
	char pod[POD_UID_LEN + 1];
	char unit[UNIT_LEN];
};

static inline void container_clear(struct container *c)
{
	c->id[0] = c->runtime[0] = c->pod[0] = c->unit[0] = '\0';
}

/* Of the innermost container; the unit is one of this host's systemd. */
void container_of(const char *cgroup, struct container *ret);

/*
 * The path to ask, of all those in /proc/PID/cgroup (`text`): of cgroup v2, unless that is the
 * root; else of v1's hierarchies. false, and nothing in `ret`: none, or it does not fit.
 */
bool container_choose_cgroup(const char *text, char *ret, size_t size);

/* This cgroup is nobody's: the root, or systemd's own, which opens sockets for services. */
bool container_is_nobody(const char *cgroup);

#endif
