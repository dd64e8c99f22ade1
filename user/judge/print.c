// SPDX-License-Identifier: GPL-2.0
/* snprintf() for the words about an event. */
#define _GNU_SOURCE /* strchrnul() */
#include "print.h"

#include <stdio.h>

struct print {
	char *at;
	char *end; /* room for the NUL */
	va_list args;
};

static void put(struct print *p, const char *s, size_t len)
{
	size_t room = p->end - p->at;

	if (len > room)
		len = room;
	memcpy(p->at, s, len);
	p->at += len;
}

static void put_string(struct print *p)
{
	const char *s = va_arg(p->args, const char *);

	s = s ? s : "(null)";
	put(p, s, strlen(s));
}

static void put_cut_string(struct print *p)
{
	size_t max = va_arg(p->args, int); /* a negative one is no limit */
	const char *s = va_arg(p->args, const char *);

	put(p, s, strnlen(s, max));
}

static void put_number(struct print *p, uint64_t n)
{
	char digits[DIGITS_MAX], *end = digits + sizeof(digits);
	char *begin = print_digits(end, n);

	put(p, begin, end - begin);
}

static void put_signed(struct print *p)
{
	int n = va_arg(p->args, int);

	if (n < 0)
		put(p, "-", 1);
	put_number(p, n < 0 ? -(int64_t)n : n);
}

/* The conversion at `spec`, behind its %; returns what follows. NULL: it is not known here. */
static const char *convert(struct print *p, const char *spec)
{
	switch (*spec) {
	case 's':
		put_string(p);
		return spec + 1;
	case 'u':
		put_number(p, va_arg(p->args, unsigned));
		return spec + 1;
	case 'd':
		put_signed(p);
		return spec + 1;
	case '%':
		put(p, "%", 1);
		return spec + 1;
	}
	if (!strncmp(spec, "llu", 3))
		put_number(p, va_arg(p->args, unsigned long long));
	else if (!strncmp(spec, ".*s", 3))
		put_cut_string(p);
	else
		return NULL;
	return spec + 3;
}

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t print_args(char *text, size_t size, const char *format, va_list args)
{
	struct print p = {.at = text, .end = text + size - 1};
	const char *rest = format;

	va_copy(p.args, args);
	while (rest && *rest) {
		const char *percent = strchrnul(rest, '%');

		put(&p, rest, percent - rest);
		rest = percent;
		if (*rest)
			rest = convert(&p, rest + 1);
	}
	va_end(p.args);
	if (!rest) {
		int len = vsnprintf(text, size, format, args);

		return len < 0 ? 0 : min_size(len, size - 1);
	}
	*p.at = '\0';
	return p.at - text;
}

size_t print_text(char *text, size_t size, const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	len = print_args(text, size, format, args);
	va_end(args);
	return len;
}
