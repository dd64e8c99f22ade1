// SPDX-License-Identifier: GPL-2.0
/* A summary as the page reads it. */
#define _DEFAULT_SOURCE /* strsep() */
#include "summed.h"

#include <stdlib.h>
#include <string.h>

#include "unit.h"

struct json_object *summed(struct summary *s, const struct summary_source *from)
{
	struct json_tokener *tokener = json_tokener_new();
	struct out *o = out_new(-1);
	struct json_object *json;

	assert_true(o && tokener);
	summary_put(s, from, o);
	assert_int_equal(out_error(o), 0);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	json = json_tokener_parse_ex(tokener, out_data(o), (int)out_mark(o));
	if (!json)
		fail_msg("%s: %.*s", json_tokener_error_desc(json_tokener_get_error(tokener)),
			 (int)out_mark(o), out_data(o));
	assert_int_equal(json_tokener_get_parse_end(tokener), out_mark(o));
	json_tokener_free(tokener);
	out_free(o);
	return json;
}

static bool find(struct json_object *from, const char *path, struct json_object **ret)
{
	char *words = strdup(path), *rest = words, *word;
	bool found = true;

	while (found && (word = strsep(&rest, "."))) {
		if (json_object_is_type(from, json_type_array))
			found = (from = json_object_array_get_idx(from, strtoul(word, NULL, 10)));
		else
			found = json_object_object_get_ex(from, word, &from);
	}
	free(words);
	*ret = from;
	return found;
}

struct json_object *part(struct json_object *from, const char *path)
{
	struct json_object *ret;

	if (!find(from, path, &ret))
		fail_msg("there is no %s in %s", path, json_object_to_json_string(from));
	return ret;
}

bool has_part(struct json_object *from, const char *path)
{
	struct json_object *ret;

	return find(from, path, &ret);
}

uint64_t number_at(struct json_object *from, const char *path)
{
	return json_object_get_uint64(part(from, path));
}

const char *text_at(struct json_object *from, const char *path)
{
	return json_object_get_string(part(from, path));
}

uint64_t sum_of(struct json_object *numbers)
{
	uint64_t sum = 0;

	if (!json_object_is_type(numbers, json_type_array))
		return json_object_get_uint64(numbers);
	for (size_t i = 0; i < json_object_array_length(numbers); i++)
		sum += sum_of(json_object_array_get_idx(numbers, i));
	return sum;
}
