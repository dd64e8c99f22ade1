// SPDX-License-Identifier: GPL-2.0
/* What systemd units that come and go have in common. */
#include "unit_family.h"

#include <string.h>

#define DIGITS "0123456789"
#define ID_LEN 32 /* hexadecimal digits, the least: systemd's; those of containers have 64 */

/* '#': a number; '%': an id. To add one: a row. */
static const char *const families[] = {
	"session-#.scope", "session-c#.scope", /* of a login manager */
	"user@#.service",  "user-#.slice",      "run-#.scope",     "run-#.service",
	"run-u#.scope",    "run-u#.service",    "run-r%.scope",    "run-r%.service",
	"run-p#-i#.scope", "run-p#-i#.service", "docker-%.scope",  "cri-containerd-%.scope",
	"crio-%.scope",    "libpod-%.scope",    "nerdctl-%.scope",
};

/* How much of `text` that is; 0: none. */
static size_t match_one(char what, const char *text)
{
	size_t id;

	if (what == '#')
		return strspn(text, DIGITS);
	if (what != '%')
		return *text == what;
	id = strspn(text, DIGITS "abcdef");
	return id >= ID_LEN ? id : 0;
}

static bool is_of(const char *unit, const char *family)
{
	size_t len = 1;

	for (; *family && len; family++) {
		len = match_one(*family, unit);
		unit += len;
	}
	return len && !*unit;
}

const char *unit_family(const char *unit, char room[UNIT_LEN])
{
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
		if (!is_of(unit, families[i]))
			continue;
		strcpy(room, families[i]);
		for (char *c = room; *(c += strcspn(c, "#%"));)
			*c = '*';
		return room;
	}
	return unit;
}
