// SPDX-License-Identifier: GPL-2.0
/* The table of output formats. */
#include "output.h"

#include <string.h>

static const struct format formats[] = {
	{"text", text_begin, text_put},
	{"json", NULL, json_put},
	{"ecs", NULL, ecs_put},
};

const struct format *format_find(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	return NULL;
}
