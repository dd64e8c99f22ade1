// SPDX-License-Identifier: GPL-2.0
/* What a format writes, as a string; and whether it is JSON. */
#define _GNU_SOURCE /* memfd_create() */
#include "shown.h"

#include <ctype.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

static int fd = -1;

struct out *shown_new(void)
{
	fd = memfd_create("shown", MFD_CLOEXEC);
	assert_true(fd >= 0);
	return out_new(fd);
}

void shown_free(struct out *o)
{
	out_free(o);
	close(fd);
}

const char *shown(struct out *o, char buf[SHOWN_LEN])
{
	ssize_t len;

	assert_int_equal(out_flush(o), 0);
	len = pread(fd, buf, SHOWN_LEN - 1, 0);
	assert_true(len >= 0 && len < SHOWN_LEN - 1);
	buf[len] = '\0';
	assert_int_equal(strlen(buf), len); /* no NUL in it */
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return buf;
}

/* Each takes one thing off the text and returns the rest; NULL: it is not there. */
static const char *value(const char *p);

static const char *word(const char *p, const char *expected)
{
	return p && !strncmp(p, expected, strlen(expected)) ? p + strlen(expected) : NULL;
}

static const char *escape(const char *p)
{
	if (*p && strchr("\"\\/bfnrt", *p))
		return p + 1;
	if (*p++ != 'u')
		return NULL;
	for (int i = 0; i < 4; i++, p++)
		if (!isxdigit((unsigned char)*p))
			return NULL;
	return p;
}

static const char *string(const char *p)
{
	p = word(p, "\"");
	while (p && *p != '"') {
		if ((unsigned char)*p < 0x20)
			return NULL;
		p = *p == '\\' ? escape(p + 1) : p + 1;
	}
	return p ? p + 1 : NULL;
}

static const char *digits(const char *p)
{
	if (!p || !isdigit((unsigned char)*p))
		return NULL;
	while (isdigit((unsigned char)*p))
		p++;
	return p;
}

static const char *number(const char *p)
{
	if (*p == '-')
		p++;
	if (*p == '0' && isdigit((unsigned char)p[1]))
		return NULL;
	p = digits(p);
	if (p && *p == '.')
		p = digits(p + 1);
	if (p && *p == 'e')
		p = digits(p[1] == '-' || p[1] == '+' ? p + 2 : p + 1);
	return p;
}

/* The members of an array or, with keys, of an object. */
static const char *members(const char *p, char end, bool keys)
{
	if (*++p == end)
		return p + 1;
	for (;;) {
		p = keys ? word(string(p), ":") : p;
		p = p ? value(p) : NULL;
		if (!p)
			return NULL;
		if (*p == end)
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

static const char *value(const char *p)
{
	switch (*p) {
	case '{':
		return members(p, '}', true);
	case '[':
		return members(p, ']', false);
	case '"':
		return string(p);
	case 'n':
		return word(p, "null");
	case 't':
		return word(p, "true");
	case 'f':
		return word(p, "false");
	default:
		return number(p);
	}
}

bool is_json_line(const char *line)
{
	const char *end = value(line);

	return end && !strcmp(end, "\n");
}
