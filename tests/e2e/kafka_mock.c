// SPDX-License-Identifier: GPL-2.0
/*
 * A Kafka cluster in a process, by librdkafka, and a consumer of one topic.
 *
 *   kafka_mock TOPIC PARTITIONS
 *
 * Prints "ready ADDRESS", then a line for each message: partition, key and value, with tabs between
 * them. Reads commands, and prints "did COMMAND" when it has obeyed: "down" and "up" (the broker),
 * "slow MS" (each answer takes so long), "refuse" (the next write fails for good), "forbid" (the
 * next producer may not write at all). Ends with its input.
 */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define POLL_MS 20
#define PRODUCE_REQUEST 0 /* their numbers in the protocol */
#define INIT_PRODUCER_ID_REQUEST 22
#define ALL_BROKERS (-1)

static void die(const char *what, const char *why)
{
	fprintf(stderr, "kafka_mock: %s: %s\n", what, why);
	exit(1);
}

static void set(rd_kafka_conf_t *conf, const char *key, const char *value)
{
	char error[256];

	if (rd_kafka_conf_set(conf, key, value, error, sizeof(error)) != RD_KAFKA_CONF_OK)
		die(key, error);
}

static rd_kafka_t *consumer_new(void)
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_t *consumer;
	char error[256];

	set(conf, "test.mock.num.brokers", "1");
	set(conf, "group.id", "kafka_mock");
	set(conf, "auto.offset.reset", "earliest");
	set(conf, "enable.auto.commit", "false");
	set(conf, "reconnect.backoff.max.ms", "200");
	set(conf, "log_level", "0");
	consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof(error));
	if (!consumer)
		die("consumer", error);
	rd_kafka_poll_set_consumer(consumer);
	return consumer;
}

static void consume_all(rd_kafka_t *consumer, const char *topic, int partitions)
{
	rd_kafka_topic_partition_list_t *all = rd_kafka_topic_partition_list_new(partitions);

	for (int i = 0; i < partitions; i++)
		rd_kafka_topic_partition_list_add(all, topic, i)->offset =
			RD_KAFKA_OFFSET_BEGINNING;
	if (rd_kafka_assign(consumer, all))
		die("assign", topic);
	rd_kafka_topic_partition_list_destroy(all);
}

static void obey(rd_kafka_mock_cluster_t *cluster, const char *command)
{
	int number;

	if (!strcmp(command, "down"))
		rd_kafka_mock_broker_set_down(cluster, ALL_BROKERS);
	else if (!strcmp(command, "up"))
		rd_kafka_mock_broker_set_up(cluster, ALL_BROKERS);
	else if (sscanf(command, "slow %d", &number) == 1)
		rd_kafka_mock_broker_set_rtt(cluster, ALL_BROKERS, number);
	else if (!strcmp(command, "refuse"))
		rd_kafka_mock_push_request_errors(cluster, PRODUCE_REQUEST, 1,
						  RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
	else if (!strcmp(command, "forbid"))
		rd_kafka_mock_push_request_errors(cluster, INIT_PRODUCER_ID_REQUEST, 1,
						  RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED);
	else
		die(command, "no such command");
	printf("did %s\n", command);
}

/* One write of the other side is one command. false: its end. */
static bool read_command(rd_kafka_mock_cluster_t *cluster)
{
	struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
	char command[64];
	ssize_t len;

	if (poll(&in, 1, 0) <= 0)
		return true;
	len = read(STDIN_FILENO, command, sizeof(command) - 1);
	if (len <= 0)
		return false;
	command[len - 1] = '\0'; /* instead of the newline */
	obey(cluster, command);
	return true;
}

static void show(const rd_kafka_message_t *m)
{
	printf("%d\t%.*s\t%.*s\n", m->partition, (int)m->key_len, (const char *)m->key, (int)m->len,
	       (const char *)m->payload);
}

int main(int argc, char **argv)
{
	rd_kafka_mock_cluster_t *cluster;
	rd_kafka_t *consumer;
	int partitions;

	if (argc != 3)
		die("usage", "kafka_mock TOPIC PARTITIONS");
	partitions = atoi(argv[2]);
	setlinebuf(stdout);
	consumer = consumer_new();
	cluster = rd_kafka_handle_mock_cluster(consumer);
	rd_kafka_mock_topic_create(cluster, argv[1], partitions, 1);
	consume_all(consumer, argv[1], partitions);
	printf("ready %s\n", rd_kafka_mock_cluster_bootstraps(cluster));
	while (read_command(cluster)) {
		rd_kafka_message_t *m = rd_kafka_consumer_poll(consumer, POLL_MS);

		if (m && !m->err)
			show(m);
		if (m)
			rd_kafka_message_destroy(m);
	}
	return 0;
}
