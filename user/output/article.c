// SPDX-License-Identifier: GPL-2.0
/* What the catalogue says of a cause or a hint, as text for a person. */
#include "article.h"

#include <string.h>

void out_wrapped(struct out *o, const char *text, int indent, int width)
{
	int column = 0;

	while (*text) {
		int len = strcspn(text, " ");

		if (column && indent + column + 1 + len > width) {
			out_char(o, '\n');
			column = 0;
		}
		if (!column)
			out_format(o, "%*s", indent, "");
		else
			out_char(o, ' ');
		out_bytes(o, text, len);
		column += len + (column > 0);
		text += len;
		text += strspn(text, " ");
	}
	out_char(o, '\n');
}

/* Commands and references stand one a line, as they are. */
static void put_lines(struct out *o, const char *text)
{
	while (*text) {
		int len = strcspn(text, "\n");

		out_format(o, "  %.*s\n", len, text);
		text += len + (text[len] == '\n');
	}
}

void article_put(struct out *o, const struct article *a, int width)
{
	out_string(o, "\nWhat happened\n");
	out_wrapped(o, a->what, 2, width);
	out_string(o, "\nHow rstwhy knows\n");
	out_wrapped(o, a->know, 2, width);
	out_string(o, "\nHow to confirm it by other means\n");
	put_lines(o, a->confirm);
	out_string(o, "\nWhat to do\n");
	out_wrapped(o, a->advice, 2, width);
	out_string(o, "\nReferences\n");
	put_lines(o, a->references);
}
