// SPDX-License-Identifier: GPL-2.0
/* The page that shows a summary and its events: what the program carries of it. */
#include "page.h"

/* A file of PAGE_DIR as `symbol`, and its length. */
#define CARRY(symbol, file)                                                 \
	__asm__(".section .rodata\n"                                        \
		".global " #symbol ", " #symbol "_len\n"                    \
		".balign 8\n" #symbol "_len: .quad 2f - 1f\n" #symbol ":\n" \
		"1: .incbin \"" PAGE_DIR "/" file "\"\n"                    \
		"2: .byte 0\n"                                              \
		".previous\n");                                             \
	extern const char symbol[];                                         \
	extern const uint64_t symbol##_len

CARRY(page_html, "page.html");
CARRY(page_css, "page.css");
CARRY(page_js, "page.js");
CARRY(page_d3, "d3.js");
CARRY(page_report_head, "report_head.html");
CARRY(page_report_tail, "report_tail.html");

#define PUT(o, symbol) out_bytes(o, symbol, symbol##_len)

static const struct {
	const char *name, *type, *data;
	const uint64_t *len;
} rows[] = {
	{"page.html", "text/html; charset=utf-8", page_html, &page_html_len},
	{"page.css", "text/css; charset=utf-8", page_css, &page_css_len},
	{"page.js", "text/javascript; charset=utf-8", page_js, &page_js_len},
	{"d3.js", "text/javascript; charset=utf-8", page_d3, &page_d3_len},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct asset *page_asset(const char *name)
{
	static struct asset assets[ROWS];

	for (size_t i = 0; i < ROWS; i++) {
		if (strcmp(rows[i].name, name))
			continue;
		assets[i] = (struct asset){rows[i].name, rows[i].type, rows[i].data, *rows[i].len};
		return &assets[i];
	}
	return NULL;
}

void page_put_report_head(struct out *o)
{
	PUT(o, page_report_head);
}

void page_put_report_tail(struct out *o)
{
	out_string(o, "<script>");
	PUT(o, page_d3);
	out_string(o, "</script>\n<script>");
	PUT(o, page_js);
	out_string(o, "</script>\n");
	PUT(o, page_report_tail);
}

void page_begin_data(struct out *o)
{
	out_string(o, "<script type=\"application/json\" id=\"data\">");
}

/* A name may be "</script>": in JSON a < stands only in strings, and may be written otherwise. */
void page_put_json(struct out *o, const char *json, size_t len)
{
	const char *end = json + len, *next;

	while ((next = memchr(json, '<', end - json))) {
		out_bytes(o, json, next - json);
		out_string(o, "\\u003c");
		json = next + 1;
	}
	out_bytes(o, json, end - json);
}

void page_end_data(struct out *o)
{
	out_string(o, "</script>\n");
}
