// SPDX-License-Identifier: GPL-2.0
/* /proc/PID/cgroup and the paths in it: whoever may make a cgroup chooses its name. */
#include <ctype.h>

#include "container.h"
#include "fuzz.h"

#define PATH_LEN 512

static void check_hex(const char *s, size_t len, const char *others)
{
	must(!*s || strlen(s) == len);
	for (; *s; s++)
		must(strchr(others, *s) ||
		     (isxdigit((unsigned char)*s) && !isupper((unsigned char)*s)));
}

static void check_path(const char *path)
{
	struct container c;

	container_of(path, &c);
	check_hex(c.id, CONTAINER_ID_LEN, "");
	must(!*c.pod || strlen(c.pod) == 32 || strlen(c.pod) == POD_UID_LEN);
	check_hex(c.pod, strlen(c.pod), "-");
	must(strlen(c.unit) < UNIT_LEN);
	for (const char *p = c.unit; *p; p++)
		must(isalnum((unsigned char)*p) || strchr(":-_.\\@", *p));
	container_is_nobody(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of_input(data, size), path[PATH_LEN] = "";

	if (container_choose_cgroup(text, path, sizeof(path)))
		must(*path && !strchr(path, '\n') && strlen(path) < sizeof(path));
	check_path(path);
	check_path(text);
	free(text);
	return 0;
}
