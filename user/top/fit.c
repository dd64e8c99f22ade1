// SPDX-License-Identifier: GPL-2.0
/* Texts in few columns. */
#include "fit.h"

#include <string.h>

#include "print.h"

#define GAP "~"
#define GAP_WIDTH 1
#define WIDTH_MIN 2 /* of a line */

/* In UTF-8 only the first byte of a character is not of this form. */
static int is_within(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

int fit_columns(const char *text, size_t len)
{
	int n = 0;

	for (size_t i = 0; i < len; i++)
		n += !is_within(text[i]);
	return n;
}

/* Where the character `n` begins, or the end. */
static const char *character(const char *text, int n)
{
	for (; *text; text++)
		if (!is_within(*text) && !n--)
			break;
	return text;
}

/* The end has the greater part: neighbours differ there, and a port stands there. */
const char *fit_middle(const char *text, int width, char buf[FIT_LEN])
{
	int columns = fit_columns(text, strlen(text));
	int keep = width > GAP_WIDTH ? width - GAP_WIDTH : 0, head = keep * 2 / 5;

	if (columns <= width)
		return text;
	print_text(buf, FIT_LEN, "%.*s" GAP "%s", (int)(character(text, head) - text), text,
		   character(text, columns - (keep - head)));
	return buf;
}

static int max_int(int a, int b)
{
	return a > b ? a : b;
}

static size_t trimmed(const char *line, size_t len)
{
	while (len && line[len - 1] == ' ')
		len--;
	return len;
}

/* Bytes of the line that stand on the first of several. */
static size_t first_part(const char *line, size_t len, int width)
{
	size_t fits = 0, at;

	while (fits < len && fit_columns(line, fits + 1) <= width)
		fits++;
	if (fits == len)
		return len;
	for (at = fits; at && line[at] != ' '; at--)
		;
	return trimmed(line, at) ? at : fits;
}

static void fit_line(struct out *o, const char *line, size_t len, int width)
{
	size_t indent = 0, part = first_part(line, len, max_int(width, WIDTH_MIN));

	while (indent < len && line[indent] == ' ')
		indent++;
	while (part < len) {
		out_bytes(o, line, trimmed(line, part));
		out_format(o, "\n%*s", (int)indent + 2, "");
		line += part;
		len -= part;
		for (; len && *line == ' '; len--)
			line++;
		part = first_part(line, len, max_int(width - (int)indent - 2, WIDTH_MIN));
	}
	out_bytes(o, line, len);
	out_char(o, '\n');
}

void fit_lines(struct out *o, const char *text, size_t len, int width)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', end - text);
		size_t line = newline ? newline - text : end - text;

		fit_line(o, text, line, width);
		text += line + 1;
	}
}
