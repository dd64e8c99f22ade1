// SPDX-License-Identifier: GPL-2.0
/* Strings of other people as valid JSON. */
#include <string.h>

#include "output.h"
#include "utf8.h"

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

#define EACH(byte) (0x0101010101010101ULL * (byte))

/* Eight bytes at once: whether each of them is plain. */
static bool are_plain(const unsigned char *s)
{
	uint64_t w, quote, backslash, odd;

	memcpy(&w, s, sizeof(w));
	quote = w ^ EACH('"');
	backslash = w ^ EACH('\\');
	/* The top bit of a byte that is below 0x20, or became 0; of one that is 0x7f or above. */
	odd = ((w - EACH(0x20)) & ~w) | ((quote - EACH(1)) & ~quote) |
	      ((backslash - EACH(1)) & ~backslash) | w | (w + EACH(1));
	return !(odd & EACH(0x80));
}

static const unsigned char *plain_end(const unsigned char *p, const unsigned char *end)
{
	while (end - p >= 8 && are_plain(p))
		p += 8;
	while (p < end && is_plain(*p))
		p++;
	return p;
}

void json_string(struct out *o, const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s, *end = p + len;

	out_char(o, '"');
	while (p < end) {
		const unsigned char *start = p;
		size_t n;

		p = plain_end(p, end);
		out_bytes(o, (const char *)start, p - start);
		if (p == end)
			break;
		n = utf8_sequence(p, end - p);
		if (*p == '"' || *p == '\\') {
			out_char(o, '\\');
			out_char(o, *p);
		} else if (n && utf8_is_command(p, n)) {
			/* More than RFC 8259 asks for: people look at lines in terminals. */
			out_format(o, "\\u%04x", utf8_character(p, n));
		} else if (n) {
			out_bytes(o, (const char *)p, n);
		} else {
			out_string(o, "\\ufffd");
		}
		p += n ? n : 1;
	}
	out_char(o, '"');
}

void json_member(struct out *o, const char *before, const char *value)
{
	if (!value)
		return;
	out_string(o, before);
	json_string(o, value, strlen(value));
}
