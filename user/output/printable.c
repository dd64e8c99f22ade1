// SPDX-License-Identifier: GPL-2.0
/* Texts of other people, for a terminal. */
#include "printable.h"

#include "utf8.h"

void out_printable(struct out *o, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + strnlen(s, len);

	while (p < end) {
		size_t n = utf8_sequence(p, end - p);

		if (n && !utf8_is_command(p, n))
			out_bytes(o, (const char *)p, n);
		else
			out_char(o, '?');
		p += n ? n : 1;
	}
}

void make_printable(char *text)
{
	unsigned char *from = (unsigned char *)text, *to = from, *end = from + strlen(text);

	while (from < end) {
		size_t n = utf8_sequence(from, end - from);

		if (n && !utf8_is_command(from, n)) {
			memmove(to, from, n);
			to += n;
		} else {
			*to++ = '?';
		}
		from += n ? n : 1;
	}
	*to = '\0';
}
