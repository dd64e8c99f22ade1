// SPDX-License-Identifier: GPL-2.0
/* The writer of JSON strings against a reader: what is valid UTF-8 comes back as it was. */
#include <json-c/json.h>

#include "fuzz.h"
#include "output.h"
#include "printable.h"
#include "utf8.h"

static bool is_utf8(const uint8_t *p, size_t size)
{
	size_t n = 1;

	for (; size && n; p += n, size -= n)
		n = utf8_sequence(p, size);
	return n;
}

static void check_back(struct out *out, const uint8_t *data, size_t size)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *string;

	must(tokener);
	string = json_tokener_parse_ex(tokener, out->data, out_mark(out));
	must(json_tokener_get_error(tokener) == json_tokener_success);
	must((size_t)json_object_get_string_len(string) == size);
	must(!memcmp(json_object_get_string(string), data, size));
	json_object_put(string);
	json_tokener_free(tokener);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct out *out = out_new(-1);

	must(out);
	json_string(out, (const char *)data, size);
	if (is_utf8(data, size))
		check_back(out, data, size);
	out_char(out, '\n');
	json_check(out->data, out_mark(out));
	out_rewind(out, 0);
	out_printable(out, (const char *)data, size);
	must(!memchr(out->data ? out->data : "", '\n', out_mark(out)));
	out_free(out);
	return 0;
}
