// SPDX-License-Identifier: GPL-2.0
/* What this program was built with. */
#include "built_with.h"

#include "options.h"

static bool asks_for_http(const struct options *o)
{
	return o->listen;
}

static bool asks_for_journal(const struct options *o)
{
	return o->journal;
}

static bool asks_for_kafka(const struct options *o)
{
	return o->kafka;
}

static bool asks_for_top(const struct options *o)
{
	return o->command == COMMAND_TOP;
}

const struct feature features[] = {
	{"libmicrohttpd", "libmicrohttpd-dev", "--listen", HAVE_LIBMICROHTTPD, asks_for_http},
	{"libsystemd", "libsystemd-dev", "--journal", HAVE_LIBSYSTEMD, asks_for_journal},
	{"rdkafka", "librdkafka-dev", "--kafka", HAVE_RDKAFKA, asks_for_kafka},
	{"ncursesw", "libncurses-dev", "top", HAVE_NCURSESW, asks_for_top},
	{0},
};
