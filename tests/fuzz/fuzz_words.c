// SPDX-License-Identifier: GPL-2.0
/* Words of the command line, lines of --kafka-config, the header Accept. */
#include "accept.h"
#include "endpoint.h"
#include "fuzz.h"
#include "kafka_words.h"

static void check_kafka(char *text)
{
	char *key = NULL, *value = NULL;

	if (!kafka_target_error(text)) {
		const char *topic = kafka_target_topic(text);

		must(topic > text + 1 && *topic && strlen(topic) < 250);
	}
	if (kafka_config_line(text, &key, &value) && key)
		must(value && !strchr(key, '=')); /* an empty key is refused by librdkafka */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = text_of_input(data, size);
	struct endpoint e;

	accept_is_openmetrics(text);
	if (endpoint_parse(text, &e)) {
		must(e.len == sizeof(e.v4) || e.len == sizeof(e.v6));
		endpoint_is_loopback(&e);
	}
	check_kafka(text);
	free(text);
	return 0;
}
