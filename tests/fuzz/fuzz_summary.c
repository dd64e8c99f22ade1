// SPDX-License-Identifier: GPL-2.0
/* Recorded lines of anybody, added up and put into a page: JSON that parses, and ends no script. */
#include "causes.h"
#include "fuzz.h"
#include "lines.h"
#include "output.h"
#include "page.h"
#include "read_record.h"
#include "summary.h"

#define SAMPLE 20

static struct record_reader *reader;

static void take_line(struct summary *s, const char *line, size_t len)
{
	static struct record r;
	struct verdict v;
	char error[READ_ERROR_LEN];
	enum read kind = read_record(reader, line, len, &r, &v, error);

	if (kind == READ_ERROR)
		return;
	if (kind == READ_FACTS)
		judge(&r, &v);
	summary_take(s, &r, &v);
}

static void take_lines(struct summary *s, struct lines *lines)
{
	const char *line;
	size_t len;
	enum line kind;

	while ((kind = lines_next(lines, &line, &len)) != LINE_END) {
		if (kind == LINE_NONE)
			must(!lines_read(lines));
		else if (kind != LINE_TOO_LONG)
			take_line(s, line, len);
	}
}

static void check_page(const char *json, size_t len)
{
	struct out *page = out_new(-1);

	must(page);
	page_put_json(page, json, len);
	must(!out_error(page) && !memchr(out_data(page), '<', out_mark(page)));
	out_free(page);
}

static void check(struct summary *s)
{
	const char *file = "events.json";
	struct summary_source source = {.kind = "report",
					.version = "1",
					.files = &file,
					.files_len = 1};
	struct out *out = out_new(-1);

	must(out);
	summary_put(s, &source, out);
	check_page(out_data(out), out_mark(out));
	out_char(out, '\n');
	json_check(out_data(out), out_mark(out));
	out_rewind(out, 0);
	summary_put_events(s, out);
	check_page(out_data(out), out_mark(out));
	out_char(out, '\n');
	json_check(out_data(out), out_mark(out));
	out_free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lines *lines = lines_new(file_of_input(data, size));
	struct summary *s = summary_new(SAMPLE);

	if (!reader)
		reader = record_reader_new();
	must(lines && reader && s);
	take_lines(s, lines);
	check(s);
	summary_free(s);
	lines_free(lines);
	return 0;
}
