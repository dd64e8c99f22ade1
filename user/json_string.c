// SPDX-License-Identifier: GPL-2.0
/* Strings of other people as valid JSON. */
#include "output.h"

/* Length of the valid UTF-8 sequence at s (RFC 3629: no overlong forms, no surrogates); 0: none. */
static size_t sequence(const unsigned char *s, size_t len)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t n;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		n = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		n = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		n = 4;
	else
		return 0;
	if (len < n)
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return n;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

void json_string(struct out *o, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + len;

	out_char(o, '"');
	while (p < end) {
		const unsigned char *start = p;
		size_t n;

		while (p < end && is_plain(*p))
			p++;
		out_bytes(o, (const char *)start, p - start);
		if (p == end)
			break;
		n = sequence(p, end - p);
		if (*p == '"' || *p == '\\') {
			out_char(o, '\\');
			out_char(o, *p);
		} else if (*p < 0x20 || *p == 0x7f) {
			out_format(o, "\\u%04x", *p);
		} else if (n) {
			out_bytes(o, (const char *)p, n);
		} else {
			out_string(o, "\\ufffd");
		}
		p += n ? n : 1;
	}
	out_char(o, '"');
}
