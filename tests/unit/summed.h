/* SPDX-License-Identifier: GPL-2.0 */
/* A summary as the page reads it. */
#ifndef RSTWHY_TEST_SUMMED_H
#define RSTWHY_TEST_SUMMED_H

#include <json-c/json.h>

#include "summary.h"

/* Fails when it is no JSON. To be freed by json_object_put(). */
struct json_object *summed(struct summary *s, const struct summary_source *from);

/* The value at a path: "who.unit.rows.0.key"; fails when there is none. */
struct json_object *part(struct json_object *from, const char *path);
bool has_part(struct json_object *from, const char *path);
uint64_t number_at(struct json_object *from, const char *path);
const char *text_at(struct json_object *from, const char *path);
uint64_t sum_of(struct json_object *numbers); /* of an array of numbers, or of such arrays */

#endif
