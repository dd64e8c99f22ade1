// SPDX-License-Identifier: GPL-2.0
/* The name of this host, as its events carry it. */
#include "host.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

const char *host_error(const char *name)
{
	if (!*name)
		return "a name is missing";
	if (strlen(name) >= HOST_LEN)
		return "longer than 253 bytes, which no name of a host is";
	return NULL;
}

/* "(none)" is what the kernel calls a host that nobody has named. */
const char *host_own(void)
{
	static char name[HOST_LEN];

	if (!name[0] && gethostname(name, sizeof(name) - 1))
		return NULL;
	return name[0] && strcmp(name, "(none)") ? name : NULL;
}
