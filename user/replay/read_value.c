// SPDX-License-Identifier: GPL-2.0
/* JSON values into members of a record. */
#define _GNU_SOURCE /* timegm() */
#include "read_value.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <json-c/json.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "names.h"
#include "print.h"

static bool whole(struct json_object *value, uint64_t max, uint64_t *ret)
{
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0)
		return false;
	*ret = json_object_get_uint64(value);
	return *ret <= max;
}

/* Of 1, 2, 4 or 8 bytes. */
static bool read_number(struct json_object *value, void *to, size_t size)
{
	uint64_t n;
	uint32_t u32;
	uint16_t u16;
	uint8_t u8;

	if (!whole(value, UINT64_MAX >> (64 - 8 * size), &n))
		return false;
	u32 = n, u16 = n, u8 = n;
	if (size == sizeof(u8))
		memcpy(to, &u8, size);
	else if (size == sizeof(u16))
		memcpy(to, &u16, size);
	else if (size == sizeof(u32))
		memcpy(to, &u32, size);
	else
		memcpy(to, &n, size);
	return true;
}

static bool read_s32(struct json_object *value, void *to, size_t size)
{
	int64_t n = json_object_get_int64(value);
	int32_t s32 = n;

	if (!json_object_is_type(value, json_type_int) || n != s32)
		return false;
	memcpy(to, &s32, size);
	return true;
}

/* A bool is one byte that holds nothing but 0 and 1. */
static bool read_flag(struct json_object *value, void *to, size_t size)
{
	uint64_t n;

	if (!whole(value, 1, &n))
		return false;
	memset(to, 0, size);
	*(uint8_t *)to = n;
	return true;
}

static bool is_number(struct json_object *value)
{
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_double);
}

static bool read_double(struct json_object *value, void *to, size_t size)
{
	double number = json_object_get_double(value);

	if (!is_number(value) || !isfinite(number))
		return false;
	memcpy(to, &number, size);
	return true;
}

/* A string without a NUL in it; NULL: it is none. */
static const char *text_of(struct json_object *value)
{
	const char *text;

	if (!json_object_is_type(value, json_type_string))
		return NULL;
	text = json_object_get_string(value);
	return strlen(text) == (size_t)json_object_get_string_len(value) ? text : NULL;
}

/* `len` decimal digits at *p, which moves behind them; -1: other characters. */
static int digits(const char **p, int len)
{
	int n = 0;

	for (; len--; (*p)++) {
		if (!isdigit((unsigned char)**p))
			return -1;
		n = 10 * n + (**p - '0');
	}
	return n;
}

/* 2026-11-20T12:00:00; the separator before each part, NUL before the first. */
static bool read_parts(const char **p, struct tm *tm)
{
	int *const parts[] = {&tm->tm_year, &tm->tm_mon, &tm->tm_mday,
			      &tm->tm_hour, &tm->tm_min, &tm->tm_sec};
	static const char separators[] = "\0--T::";

	for (int i = 0; i < 6; i++) {
		if (separators[i] && *(*p)++ != separators[i])
			return false;
		*parts[i] = digits(p, i ? 2 : 4);
		if (*parts[i] < 0)
			return false;
	}
	return tm->tm_year >= 1970 && tm->tm_mon >= 1 && tm->tm_mon <= 12 && tm->tm_mday <= 31 &&
	       tm->tm_hour <= 23 && tm->tm_min <= 59 && tm->tm_sec <= 60;
}

static bool read_fraction(const char **p, uint64_t *ns)
{
	*ns = 0;
	if (**p != '.')
		return true;
	(*p)++;
	for (uint64_t unit = 100000000; isdigit((unsigned char)**p); (*p)++, unit /= 10)
		*ns += unit * (**p - '0');
	return true;
}

#define SECONDS_MAX (UINT64_MAX / 1000000000 - 1) /* of the year 2554 */

static bool read_time(struct json_object *value, void *to, size_t size)
{
	const char *p = text_of(value);
	struct tm tm = {0};
	uint64_t ns;
	time_t seconds;

	if (!p || !read_parts(&p, &tm) || !read_fraction(&p, &ns) || strcmp(p, "Z"))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	seconds = timegm(&tm);
	if (seconds < 0 || (uint64_t)seconds > SECONDS_MAX)
		return false;
	ns += seconds * 1000000000ULL;
	memcpy(to, &ns, size);
	return true;
}

/* IPv4 as ::ffff:a.b.c.d. */
static bool read_address(struct json_object *value, void *to, size_t size)
{
	const char *text = text_of(value);
	uint8_t *address = to;

	if (!text)
		return false;
	if (inet_pton(AF_INET6, text, address) == 1)
		return true;
	memset(address, 0, size);
	address[10] = address[11] = 0xff;
	return inet_pton(AF_INET, text, address + 12) == 1;
}

static int nibble(char c)
{
	static const char nibbles[] = "0123456789abcdef";
	const char *found = c ? strchr(nibbles, c) : NULL;

	return found ? (int)(found - nibbles) : -1;
}

int value_bytes(struct json_object *value, uint8_t *to, size_t size)
{
	const char *text = text_of(value);
	size_t len = text ? strlen(text) / 2 : 0;

	if (!text || strlen(text) % 2 || len > size)
		return -1;
	for (size_t i = 0; i < len; i++) {
		int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		to[i] = high << 4 | low;
	}
	return len;
}

/* Bytes that are no text, as {"hex":"..."}. */
static bool read_raw_text(struct json_object *value, char *to, size_t size)
{
	struct json_object *hex;
	int len = -1;

	memset(to, 0, size);
	if (json_object_is_type(value, json_type_object) &&
	    json_object_object_get_ex(value, "hex", &hex))
		len = value_bytes(hex, (uint8_t *)to, size - 1);
	return len >= 0 && strlen(to) == (size_t)len;
}

static bool read_text(struct json_object *value, void *to, size_t size)
{
	const char *text = text_of(value);

	if (!text)
		return read_raw_text(value, to, size);
	if (strlen(text) >= size)
		return false;
	strcpy(to, text);
	return true;
}

static bool read_cut(struct json_object *value, void *to, size_t size)
{
	const char *text = text_of(value);

	if (text)
		print_text(to, size, "%s", text);
	return text;
}

/* Letters, digits and what else names have: nothing that JSON or a terminal must be spared. */
#define PLAIN "_.:-+/=@$"

static bool is_of(const char *text, const char *others)
{
	while (isalnum((unsigned char)*text) || (*text && strchr(others, *text)))
		text++;
	return !*text;
}

static bool read_word(struct json_object *value, void *to, size_t size)
{
	const char *text = text_of(value);

	return text && is_of(text, PLAIN) && read_text(value, to, size);
}

/* systemd writes what its names may not have as \x2d. */
static bool read_unit(struct json_object *value, void *to, size_t size)
{
	const char *text = text_of(value);

	return text && is_of(text, PLAIN "\\") && read_text(value, to, size);
}

static bool read_line(struct json_object *value, void *to, size_t size)
{
	const char *text = text_of(value);

	if (text)
		memcpy(to, &text, size);
	return text;
}

static bool read_name(struct json_object *value, void *to, size_t size)
{
	const char *text = text_of(value);

	return text && is_of(text, PLAIN) && read_line(value, to, size);
}

int value_index(struct json_object *value, const char *(*name)(int i), int max)
{
	const char *text = text_of(value);

	for (int i = 0; text && i < max; i++)
		if (name(i) && !strcmp(name(i), text))
			return i;
	return -1;
}

static bool read_index(struct json_object *value, void *to, const char *(*name)(int i), int max)
{
	int i = value_index(value, name, max);

	if (i >= 0)
		*(uint8_t *)to = i;
	return i >= 0;
}

static const char *name_of_direction(int i)
{
	return direction_name(i);
}

static bool read_direction(struct json_object *value, void *to, size_t size)
{
	return read_index(value, to, name_of_direction, DIRECTION_MAX);
}

static const char *name_of_hook(int i)
{
#define HOOK_NAME(id, name) [id] = name,
	static const char *const names[HOOK_MAX] = {HOOKS(HOOK_NAME)};
#undef HOOK_NAME

	return names[i];
}

/* One that this version does not have is not shown, and nothing depends on it. */
static bool read_hook(struct json_object *value, void *to, size_t size)
{
	if (!read_index(value, to, name_of_hook, HOOK_MAX))
		*(uint8_t *)to = HOOK_MAX;
	return text_of(value);
}

static bool read_flags(struct json_object *value, void *to, size_t size)
{
	static const char letters[] = "FSRPAUEC"; /* of bit 0, 1, ... */
	const char *text = text_of(value);
	unsigned flags = 0;

	for (const char *p = text; p && *p; p++) {
		const char *letter = strchr(letters, *p);

		if (!letter)
			return false;
		flags |= 1u << (letter - letters);
	}
	*(uint8_t *)to = flags;
	return text;
}

double value_seconds(struct json_object *value)
{
	double seconds = is_number(value) ? json_object_get_double(value) : -1;

	return seconds >= 0 && seconds < 1e9 ? seconds : -1;
}

#define WHOLE "a whole number from 0 to "

const struct value_reader value_u8 = {read_number, WHOLE "255"};
const struct value_reader value_u16 = {read_number, WHOLE "65535"};
const struct value_reader value_u32 = {read_number, WHOLE "4294967295"};
const struct value_reader value_u64 = {read_number, WHOLE "18446744073709551615"};
const struct value_reader value_s32 = {read_s32, "a whole number of 32 bits"};
const struct value_reader value_flag = {read_flag, "0 or 1"};
const struct value_reader value_double = {read_double, "a number"};
const struct value_reader value_time = {read_time, "a time such as 2026-11-20T12:00:00.123Z"};
const struct value_reader value_address = {read_address, "an IP address"};
const struct value_reader value_text = {read_text, "a string that fits"};
const struct value_reader value_cut = {read_cut, "a string"};
const struct value_reader value_word = {read_word, "a name that fits"};
const struct value_reader value_unit = {read_unit, "the name of a unit"};
const struct value_reader value_name = {read_name, "a name"};
const struct value_reader value_line = {read_line, "a string"};
const struct value_reader value_direction = {read_direction, "sent, received or none"};
const struct value_reader value_hook = {read_hook, "the name of a hook"};
const struct value_reader value_flags = {read_flags, "the letters of flags"};
