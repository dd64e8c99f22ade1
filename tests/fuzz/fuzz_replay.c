// SPDX-License-Identifier: GPL-2.0
/* Recorded lines of anybody: read, judged, written in every format, and what is written reads back. */
#include "causes.h"
#include "flow_filter.h"
#include "fuzz.h"
#include "lines.h"
#include "output.h"
#include "read_record.h"

static struct record_reader *reader;

static void read_back(const struct record *r, const struct verdict *v)
{
	static struct record_reader *other;
	static struct out *out;
	static struct record again;
	struct verdict verdict;
	char error[READ_ERROR_LEN];

	if (!other) {
		other = record_reader_new();
		out = out_new(-1);
	}
	must(other && out);
	json_put(out, &(struct style){0}, r, v);
	if (read_record(other, out->data, out_mark(out) - 1, &again, &verdict, error) ==
	    READ_ERROR) {
		fprintf(stderr, "%s: %.*s\n", error, (int)out_mark(out), out->data);
		abort();
	}
	out_rewind(out, 0);
}

static void take_line(const char *line, size_t len)
{
	static struct record r;
	struct verdict v;
	char error[READ_ERROR_LEN];
	enum read kind = read_record(reader, line, len, &r, &v, error);

	if (kind == READ_ERROR) {
		must(strlen(error) < READ_ERROR_LEN);
		return;
	}
	if (kind == READ_FACTS)
		judge(&r, &v);
	flow_filter_wants(&(struct config){.port = 80, .has_address = 1}, &r);
	outputs_check(&r, &v);
	read_back(&r, &v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lines *lines = lines_new(file_of_input(data, size));
	const char *line;
	size_t len;
	enum line kind;

	if (!reader)
		reader = record_reader_new();
	must(lines && reader);
	while ((kind = lines_next(lines, &line, &len)) != LINE_END) {
		if (kind == LINE_NONE)
			must(!lines_read(lines));
		else if (kind != LINE_TOO_LONG)
			take_line(line, len);
	}
	lines_free(lines);
	return 0;
}
