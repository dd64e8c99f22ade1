// SPDX-License-Identifier: GPL-2.0
/* The words of --kafka and the lines of --kafka-config. */
#include "kafka_words.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define PORT_MAX 65535
#define TOPIC_MAX 249 /* what brokers take */
#define TOPIC_CHARACTERS                                                 \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" \
	"._-"

/* Digits up to `end`. */
static bool is_port(const char *text, const char *end)
{
	unsigned port = 0;

	for (; text < end && isdigit((unsigned char)*text) && port <= PORT_MAX; text++)
		port = port * 10 + (*text - '0');
	return text == end && port >= 1 && port <= PORT_MAX;
}

/* The colon before the port; NULL: there is none. Those within [ and ] are of an IPv6 address. */
static const char *find_colon(const char *broker, size_t len)
{
	const char *end = broker + len;

	while (--end > broker && *end != ']')
		if (*end == ':')
			return end;
	return NULL;
}

static const char *broker_error(const char *broker, size_t len)
{
	const char *colon = find_colon(broker, len);

	if (!len || *broker == ':')
		return "a broker has no name";
	for (size_t i = 0; i < len; i++)
		if (isspace((unsigned char)broker[i]) || broker[i] == '/')
			return "a broker is a host name or an address, and a port";
	if (colon && !is_port(colon + 1, broker + len))
		return "the port of a broker is no number from 1 to 65535";
	return NULL;
}

static const char *topic_error(const char *topic)
{
	size_t len = strlen(topic);

	if (!len)
		return "no topic behind the /";
	if (len > TOPIC_MAX || !strcmp(topic, ".") || !strcmp(topic, "..") ||
	    topic[strspn(topic, TOPIC_CHARACTERS)])
		return "a topic has up to 249 letters, digits, dots, underscores and hyphens";
	return NULL;
}

const char *kafka_target_error(const char *target)
{
	const char *slash = strrchr(target, '/');
	const char *error = NULL;

	if (!slash)
		return "no /TOPIC behind the brokers";
	for (const char *broker = target; !error && broker <= slash;) {
		size_t len = strcspn(broker, ",");

		if (broker + len > slash)
			len = slash - broker;
		error = broker_error(broker, len);
		broker += len + 1;
	}
	return error ? error : topic_error(slash + 1);
}

const char *kafka_target_topic(const char *target)
{
	return strrchr(target, '/') + 1;
}

static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

bool kafka_config_line(char *line, char **ret_key, char **ret_value)
{
	char *equals;

	line = trim(line);
	if (!*line || *line == '#') {
		*ret_key = NULL;
		return true;
	}
	equals = strchr(line, '=');
	if (!equals || equals == line)
		return false;
	*equals = '\0';
	*ret_key = trim(line);
	*ret_value = trim(equals + 1);
	return true;
}
