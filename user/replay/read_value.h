/* SPDX-License-Identifier: GPL-2.0 */
/*
 * JSON values into members of a record. A value comes from anybody: what does not fit is refused,
 * and a name that is written as it stands has none but harmless characters.
 */
#ifndef RSTWHY_READ_VALUE_H
#define RSTWHY_READ_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object; /* json-c's; NULL is null */

/* How to read one sort of value into the `size` bytes at `to`; false: it does not fit. */
struct value_reader {
	bool (*read)(struct json_object *value, void *to, size_t size);
	const char *what; /* it must be, in words */
};

extern const struct value_reader value_u8, value_u16, value_u32, value_u64, value_s32, value_flag,
	value_double;

extern const struct value_reader value_time; /* __u64: nanoseconds since 1970 */
extern const struct value_reader value_address; /* 16 bytes */
extern const struct value_reader value_text; /* any string that fits; or {"hex": "..."} */
extern const struct value_reader value_cut; /* any string, as much of it as fits */
extern const struct value_reader value_word; /* char[]: letters, digits, and _.:-+/=@$ */
extern const struct value_reader value_unit; /* char[]: the same and backslashes */
extern const struct value_reader value_name; /* as value_word; const char *, alive like the value */
extern const struct value_reader value_line; /* any string, as const char *, alive like the value */
extern const struct value_reader value_direction, value_hook, value_flags; /* __u8, by name */

/* Hexadecimal digits: their number of bytes, or -1. */
int value_bytes(struct json_object *value, uint8_t *to, size_t size);

/* The seconds of a duration; negative: none. */
double value_seconds(struct json_object *value);

/* The number whose name this is, of those below `max`; -1: none. */
int value_index(struct json_object *value, const char *(*name)(int i), int max);

#endif
