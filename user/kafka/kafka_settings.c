// SPDX-License-Identifier: GPL-2.0
/* What librdkafka is told: our settings, those of --kafka-config, the brokers. */
#define _GNU_SOURCE /* strndupa() */
#include "kafka_settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_words.h"
#include "log.h"

#define BROKERS "bootstrap.servers"
#define ERROR_LEN 256

/* Those of --kafka-config come behind them and win. */
static const struct setting {
	const char *key, *value;
} settings[] = {
	{"client.id", "rstwhy"},
	/* At least once, and in order: repeated until the brokers have it, without repetitions. */
	{"acks", "all"},
	{"enable.idempotence", "true"},
	/* What waits for a broker waits for ever, and the queue bounds the memory that takes. */
	{"message.timeout.ms", "0"},
	{"queue.buffering.max.messages", "20000"},
	{"queue.buffering.max.kbytes", "32768"},
	/* Nobody looks on: fewer requests, and fewer wake-ups of the reader of the ring buffer. */
	{"linger.ms", "100"},
	/* Lines of JSON are much alike; of all codecs this one asks the least of the CPU. */
	{"compression.codec", "lz4"},
	/* Its threads shall not write to stderr: it says in rd_kafka_poll() what it has to say. */
	{"log.queue", "true"},
};

static bool set(const struct kafka_library *lib, rd_kafka_conf_t *conf, const struct setting *s,
		char error[ERROR_LEN])
{
	return lib->rd_kafka_conf_set(conf, s->key, s->value, error, ERROR_LEN) == RD_KAFKA_CONF_OK;
}

static bool set_ours(const struct kafka_library *lib, rd_kafka_conf_t *conf)
{
	char error[ERROR_LEN];

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (set(lib, conf, &settings[i], error))
			continue;
		log_error("set up librdkafka: %s", error);
		return false;
	}
	return true;
}

/* The text may hold a password: of a line that is refused, only librdkafka's words are shown. */
static bool set_line(const struct kafka_library *lib, rd_kafka_conf_t *conf, char *line,
		     char error[ERROR_LEN])
{
	struct setting s;
	char *key, *value;

	if (!kafka_config_line(line, &key, &value)) {
		snprintf(error, ERROR_LEN, "not a line KEY=VALUE");
		return false;
	}
	if (!key)
		return true;
	if (!strcmp(key, BROKERS) || !strcmp(key, "metadata.broker.list")) {
		snprintf(error, ERROR_LEN, "%s: the brokers are those of --kafka", key);
		return false;
	}
	s = (struct setting){key, value};
	return set(lib, conf, &s, error);
}

static bool set_file(const struct kafka_library *lib, rd_kafka_conf_t *conf, const char *path,
		     FILE *file)
{
	char error[ERROR_LEN] = "", *line = NULL;
	size_t size = 0;
	unsigned number = 0;
	bool fine = true;

	while (fine && getline(&line, &size, file) >= 0) {
		number++;
		fine = set_line(lib, conf, line, error);
	}
	free(line);
	if (!fine)
		log_error("%s:%u: %s", path, number, error);
	else if (ferror(file))
		log_error("read %s: %s", path, strerror(errno));
	return fine && !ferror(file);
}

static bool set_theirs(const struct kafka_library *lib, rd_kafka_conf_t *conf, const char *path)
{
	FILE *file = fopen(path, "re");
	bool fine;

	if (!file) {
		log_error("read %s: %s", path, strerror(errno));
		return false;
	}
	fine = set_file(lib, conf, path, file);
	fclose(file);
	return fine;
}

static bool set_brokers(const struct kafka_library *lib, rd_kafka_conf_t *conf, const char *target)
{
	const char *brokers = strndupa(target, kafka_target_topic(target) - 1 - target);
	char error[ERROR_LEN];
	bool fine = set(lib, conf, &(struct setting){BROKERS, brokers}, error);

	if (!fine)
		log_error("set up librdkafka: %s", error);
	return fine;
}

rd_kafka_conf_t *kafka_settings(const struct kafka_library *lib, const struct options *o)
{
	rd_kafka_conf_t *conf = lib->rd_kafka_conf_new();

	if (set_ours(lib, conf) && (!o->kafka_config || set_theirs(lib, conf, o->kafka_config)) &&
	    set_brokers(lib, conf, o->kafka))
		return conf;
	lib->rd_kafka_conf_destroy(conf);
	return NULL;
}
