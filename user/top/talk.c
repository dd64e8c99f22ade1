// SPDX-License-Identifier: GPL-2.0
/* What the program says while the screen is up. */
#include "talk.h"

#include <stdio.h>
#include <unistd.h>

#include "log.h"

#define LINES 100 /* are kept; what comes after is shown, counted, and not said again */
#define LINE_LEN 512

/* One a process, as the log is. */
static char lines[LINES][LINE_LEN];
static char last[LINE_LEN];
static unsigned len;
static unsigned long too_many;

/* stderr in a file gets its lines as ever, and needs no second time. */
static bool take(const char *line)
{
	snprintf(last, sizeof(last), "%s", line);
	if (!isatty(STDERR_FILENO))
		return false;
	if (len < LINES)
		snprintf(lines[len++], LINE_LEN, "%s", line);
	else
		too_many++;
	return true;
}

void talk_begin(void)
{
	log_divert(take);
}

const char *talk_last(void)
{
	return last;
}

void talk_end(void)
{
	log_divert(NULL);
	for (unsigned i = 0; i < len; i++)
		log_error("%s", lines[i]);
	if (too_many)
		log_error("%lu more lines were said and not kept", too_many);
	len = 0;
	too_many = 0;
}
