/* SPDX-License-Identifier: GPL-2.0 */
/* Paths of cgroups v2 by their kernel id. */
#ifndef RSTWHY_CGROUPS_H
#define RSTWHY_CGROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cgroups;

struct cgroups *cgroups_new(void); /* NULL: no memory */
void cgroups_free(struct cgroups *c);

/* "/system.slice/nginx.service"; false: gone, or no cgroup v2 is mounted. */
bool cgroups_path(struct cgroups *c, uint64_t id, char *ret, size_t len);

#endif
