// SPDX-License-Identifier: GPL-2.0
/* Documented idle timeouts. */
#include "timeouts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "thresholds.h"

#define ADDED_MAX 1000
#define LINE_LEN 512
#define SHOWN_LEN 40 /* of a wrong word */
#define REASON_LEN 96

static const struct timeout documented[] = {
#include "timeouts.inc"
};

#define DOCUMENTED (sizeof(documented) / sizeof(documented[0]))

static struct timeout added[ADDED_MAX];
static size_t added_len;

const struct timeout *timeout_at(size_t i)
{
	if (i < added_len)
		return &added[i];
	i -= added_len;
	return i < DOCUMENTED ? &documented[i] : NULL;
}

bool timeout_matches(const struct timeout *t, double idle_s)
{
	double tolerance = t->seconds * IDLE_TOLERANCE_SHARE;

	tolerance = fmin(fmax(tolerance, IDLE_TOLERANCE_MIN_S), IDLE_TOLERANCE_MAX_S);
	return fabs(idle_s - t->seconds) <= tolerance;
}

/* The reason why a line is wrong, into `reason`. */
static const char *complain(char reason[REASON_LEN], const char *word, const char *what)
{
	snprintf(reason, REASON_LEN, "'%.*s%s' %s", SHOWN_LEN, word,
		 strlen(word) > SHOWN_LEN ? "..." : "", what);
	return reason;
}

/* Digits with at most one point: strtod() alone takes nan, inf, 0x5 and " -5" as well. */
static const char *parse_seconds(const char *word, double *ret, char reason[REASON_LEN])
{
	char *end;

	*ret = strtod(word, &end);
	if (!*word || word[strspn(word, "0123456789.")] || *end)
		return complain(reason, word, "is no number of seconds");
	if (!(*ret >= IDLE_TIMEOUT_MIN_S && *ret <= IDLE_TIMEOUT_MAX_S)) {
		snprintf(reason, REASON_LEN, "%.*s seconds is not between %.0f and %.0f", SHOWN_LEN,
			 word, IDLE_TIMEOUT_MIN_S, IDLE_TIMEOUT_MAX_S);
		return reason;
	}
	return NULL;
}

/* What is known already is not said twice. */
static const char *add(double seconds, const char *who, const char *source)
{
	const struct timeout *known;
	struct timeout *t = &added[added_len];

	for (size_t i = 0; (known = timeout_at(i)); i++)
		if (known->seconds == seconds && !strcmp(known->who, who))
			return NULL;
	if (added_len == ADDED_MAX)
		return "more timeouts than there is room for";
	t->seconds = seconds;
	t->who = strdup(who);
	t->source = strdup(source);
	if (!t->who || !t->source)
		return strerror(ENOMEM);
	added_len++;
	return NULL;
}

/* `line` is taken apart. NULL, or what is wrong with it. */
static const char *parse_line(char *line, char reason[REASON_LEN])
{
	char *who = strchr(line, '\t'), *source;
	double seconds;
	const char *wrong;

	if (who)
		*who++ = '\0';
	wrong = parse_seconds(line, &seconds, reason);
	if (wrong)
		return wrong;
	source = who ? strchr(who, '\t') : NULL;
	if (source)
		*source++ = '\0';
	if (!who || !who[strspn(who, " ")])
		return complain(reason, line, "is followed by no tab and name");
	if (source && strchr(source, '\t'))
		return "more than three columns";
	return add(seconds, who, source ? source : "");
}

/*
 * The next line without its end, LF or CR LF. NULL at the end of the file, or with *wrong set: the
 * file may be anything, /dev/zero too.
 */
static char *next_line(FILE *file, char line[LINE_LEN], const char **wrong)
{
	size_t len = 0;
	int c;

	while ((c = getc(file)) != EOF && c != '\n') {
		if (!c)
			*wrong = "a NUL byte: not a text file";
		else if (len == LINE_LEN - 1)
			*wrong = "the line is too long";
		if (*wrong)
			return NULL;
		line[len++] = c;
	}
	if (c == EOF && !len)
		return NULL;
	if (len && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return line;
}

static const char *read_lines(FILE *file, unsigned long *number, char reason[REASON_LEN])
{
	char line[LINE_LEN];
	const char *wrong = NULL;

	for (*number = 1; next_line(file, line, &wrong); (*number)++) {
		if (line[0] && line[0] != '#')
			wrong = parse_line(line, reason);
		if (wrong)
			return wrong;
	}
	return wrong;
}

int timeouts_read(const char *path, char error[TIMEOUTS_ERROR_LEN])
{
	FILE *file = fopen(path, "re");
	char reason[REASON_LEN];
	unsigned long number;
	const char *wrong;

	if (!file) {
		snprintf(error, TIMEOUTS_ERROR_LEN, "read %s: %s", path, strerror(errno));
		return -EINVAL;
	}
	errno = 0;
	wrong = read_lines(file, &number, reason);
	if (ferror(file))
		snprintf(error, TIMEOUTS_ERROR_LEN, "read %s: %s", path, strerror(errno));
	else if (wrong)
		snprintf(error, TIMEOUTS_ERROR_LEN, "%.*s:%lu: %s", TIMEOUTS_ERROR_LEN / 2, path,
			 number, wrong);
	wrong = ferror(file) ? error : wrong;
	fclose(file);
	return wrong ? -EINVAL : 0;
}

void timeouts_forget(void)
{
	while (added_len--) {
		free((char *)added[added_len].who);
		free((char *)added[added_len].source);
	}
	added_len = 0;
}
