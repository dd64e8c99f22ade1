// SPDX-License-Identifier: GPL-2.0
/* What stands behind an option: words into values. */
#include "option_values.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "host.h"
#include "kafka_words.h"
#include "option_error.h"
#include "timeouts.h"

#define BUFFER_MIN (64ul << 10)
#define BUFFER_MAX (1024ul << 20)
#define FILE_MIN (64ul << 10)

unsigned long parse_number(struct argp_state *state, const char *what, const char *text,
			   unsigned long min, unsigned long max)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || n < min || n > max)
		usage_error(state, "--%s=%s: not a number from %lu to %lu", what, text, min, max);
	return n;
}

/* Bytes, or 0: no such size. */
static unsigned long parse_size(const char *text)
{
	static const char units[] = "KMG";
	const char *unit;
	unsigned long size;
	char *end;

	errno = 0;
	size = strtoul(text, &end, 10);
	if (errno || *text < '0' || *text > '9' || size > 1ul << 32)
		return 0;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		size <<= 10 * (unit - units + 1);
		end++;
	}
	return *end ? 0 : size;
}

/* The kernel takes a power of two of whole pages. */
unsigned long parse_buffer(struct argp_state *state, const char *text)
{
	unsigned long size = parse_size(text);

	if (size & (size - 1) || size < BUFFER_MIN || size > BUFFER_MAX)
		usage_error(state, "--buffer=%s: not a power of two from 64K to 1024M", text);
	return size;
}

unsigned long parse_file_size(struct argp_state *state, const char *what, const char *text)
{
	unsigned long size = parse_size(text);

	if (size < FILE_MIN)
		usage_error(state, "--%s=%s: not a size of at least 64K", what, text);
	return size;
}

/* Parsed again where it is used. */
const char *parse_listen(struct argp_state *state, const char *text)
{
	struct endpoint e;

	if (!endpoint_parse(text, &e))
		usage_error(state,
			    "--listen=%s: not [ADDRESS]:PORT, as 127.0.0.1:80, [::1]:80, :80",
			    text);
	return text;
}

enum label parse_label(struct argp_state *state, const char *text)
{
	static const char *const names[] =
		{[LABEL_UNIT] = "unit", [LABEL_CONTAINER] = "container", [LABEL_NETNS] = "netns"};

	for (size_t i = LABEL_UNIT; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(text, names[i]))
			return i;
	usage_error(state, "--label=%s: not unit, container or netns", text);
	return LABEL_NONE;
}

const char *parse_kafka(struct argp_state *state, const char *text)
{
	const char *error = kafka_target_error(text);

	if (error)
		usage_error(state, "--kafka=%s: %s", text, error);
	return text;
}

const char *parse_host(struct argp_state *state, const char *text)
{
	const char *error = host_error(text);

	if (error)
		usage_error(state, "--host=%.*s: %s", HOST_LEN - 1, text, error);
	return text;
}

void parse_identity(struct argp_state *state, struct options *o, const char *text)
{
	const char *error = identity_parse(text, &o->user);

	if (error)
		usage_error(state, "--user=%s: %s", text, error);
}

double parse_duration(struct argp_state *state, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (*end || end == text || !(seconds > 0) || !isfinite(seconds))
		usage_error(state, "--duration=%s: not a number of seconds above 0", text);
	return seconds;
}

static unsigned long parse_prefix(struct argp_state *state, const char *address, const char *text,
				  unsigned long max)
{
	char *end;
	unsigned long bits = strtoul(text, &end, 10);

	if (*end || *text < '0' || *text > '9' || bits > max)
		usage_error(state, "--address=%s: the length is no number from 0 to %lu", address,
			    max);
	return bits;
}

/* Both families as 16 bytes; an IPv4 prefix lies behind the 96 bits of ::ffff:0:0. */
void parse_address(struct argp_state *state, struct config *c, const char *text)
{
	char address[64];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	bool v4;
	unsigned long bits;

	if (len >= sizeof(address))
		usage_error(state, "--address=%s: not an IP address", text);
	memcpy(address, text, len);
	address[len] = '\0';
	memset(c->address, 0, sizeof(c->address));
	v4 = inet_pton(AF_INET, address, c->address + 12) == 1;
	if (v4)
		c->address[10] = c->address[11] = 0xff;
	else if (inet_pton(AF_INET6, address, c->address) != 1)
		usage_error(state, "--address=%s: not an IP address", text);
	bits = v4 ? 32 : 128;
	if (slash)
		bits = parse_prefix(state, text, slash + 1, bits);
	bits += v4 ? 96 : 0;
	for (unsigned i = 0; i < 16; i++) {
		unsigned in_byte = bits > i * 8 ? bits - i * 8 : 0;

		c->address_mask[i] = in_byte >= 8 ? 0xff : (uint8_t)(0xff00 >> in_byte);
		c->address[i] &= c->address_mask[i];
	}
	c->has_address = true;
}

void parse_causes(struct argp_state *state, const struct cause *list[], char *text)
{
	size_t n = 0;

	while (list[n])
		n++;
	if (!text[strspn(text, ",")])
		usage_error(state, "no cause given; 'rstwhy explain' lists them");
	for (char *id = strtok(text, ","); id; id = strtok(NULL, ",")) {
		const struct cause *cause = cause_find(id);

		if (!cause)
			usage_error(state, "no cause '%s'; 'rstwhy explain' lists them", id);
		if (n == FILTER_CAUSES_MAX)
			usage_error(state, "more than %d causes", FILTER_CAUSES_MAX);
		list[n++] = cause;
	}
}

void parse_format(struct argp_state *state, struct options *o, const char *text)
{
	o->format = format_find(text);
	if (!o->format)
		usage_error(state, "--format=%s: no such format; there are text, json and ecs",
			    text);
}

void parse_timeouts(struct argp_state *state, const char *path)
{
	char error[TIMEOUTS_ERROR_LEN];

	if (timeouts_read(path, error))
		usage_error(state, "%s", error);
}
