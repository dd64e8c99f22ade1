// SPDX-License-Identifier: GPL-2.0
/*
 * The events as JSON in a Kafka topic. librdkafka keeps them in a bounded queue and sends them with
 * threads of its own; what it has to say comes in rd_kafka_poll(), to which an eventfd calls.
 */
#define _GNU_SOURCE /* asprintf() */
#include "kafka.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "clock.h"
#include "kafka_library.h"
#include "kafka_settings.h"
#include "kafka_words.h"
#include "log.h"
#include "options.h"

#define NEVER UINT64_MAX
#define STUCK_NS 5000000000ULL /* without any delivery: not slow, but out of order */
#define LOST_PAUSE_NS 60000000000ULL /* between two lines about losses */
#define FINISH_MS 5000

struct kafka {
	struct sink sink; /* first: it is what others know of it */
	const struct kafka_library *lib;
	rd_kafka_t *client;
	rd_kafka_topic_t *topic;
	struct out *line; /* without a descriptor */
	char *name; /* what the sink's target points to */
	int wake_fd; /* readable: rd_kafka_poll() has something */
	uint64_t waiting; /* events in the queue: neither delivered nor given up */
	uint64_t stuck_ns; /* until then something is to be delivered; NEVER: nothing waits */
	bool has_delivered;
	bool is_stuck; /* that was told */
	bool is_over; /* a fatal error: the client takes nothing any more */
	uint64_t told; /* losses, up to now */
	uint64_t tell_ns; /* not before */
	char loss[128]; /* why it was, last */
	char trouble[160]; /* what librdkafka complained of last */
};

static struct kafka *kafka_of(struct sink *sink)
{
	return (struct kafka *)sink;
}

static void lose(struct kafka *k, bool is_event, const char *why)
{
	k->sink.unwritten += is_event;
	snprintf(k->loss, sizeof(k->loss), "%s", why);
}

static void say_stuck(struct kafka *k)
{
	if (k->is_stuck)
		return;
	k->is_stuck = true;
	log_error("write to %s: %s; tracing goes on, and what fits into the queue waits", k->name,
		  k->trouble[0] ? k->trouble : "no broker takes anything");
}

static void say_works(struct kafka *k)
{
	if (k->is_stuck)
		log_info("%s works; what has waited goes out", k->name);
	k->is_stuck = false;
}

static void say_lost(struct kafka *k, uint64_t now)
{
	log_error("write to %s: %llu events dropped so far: %s", k->name,
		  (unsigned long long)k->sink.unwritten, k->loss);
	k->told = k->sink.unwritten;
	k->tell_ns = now + LOST_PAUSE_NS;
}

static void note_delivered(struct kafka *k)
{
	k->has_delivered = true;
	k->stuck_ns = k->waiting ? now_ns() + STUCK_NS : NEVER;
	say_works(k);
}

static void on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *opaque)
{
	struct kafka *k = opaque;
	bool is_event = message->_private;

	(void)client;
	if (k->is_over)
		return; /* it was counted with all that waited */
	k->waiting -= is_event;
	if (message->err)
		lose(k, is_event, k->lib->rd_kafka_err2str(message->err));
	else
		note_delivered(k);
}

/* It goes on by itself after any but a fatal one. */
static void on_error(rd_kafka_t *client, int error, const char *reason, void *opaque)
{
	struct kafka *k = opaque;

	if (error == RD_KAFKA_RESP_ERR__FATAL) {
		k->lib->rd_kafka_fatal_error(client, k->sink.why, sizeof(k->sink.why));
		k->is_over = true;
	} else if (error != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
		snprintf(k->trouble, sizeof(k->trouble), "%s", reason);
	} else if (k->waiting || !k->has_delivered) {
		say_stuck(k);
	}
}

static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
	(void)client;
	(void)level;
	if (log_level() >= LOG_LIBRARY)
		log_verbose("librdkafka: %s: %s", facility, text);
}

static rd_kafka_t *client_new(struct kafka *k, const struct options *o)
{
	rd_kafka_conf_t *conf = kafka_settings(k->lib, o);
	rd_kafka_t *client;
	char error[256];

	if (!conf)
		return NULL;
	k->lib->rd_kafka_conf_set_opaque(conf, k);
	k->lib->rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
	k->lib->rd_kafka_conf_set_error_cb(conf, on_error);
	k->lib->rd_kafka_conf_set_log_cb(conf, on_log);
	client = k->lib->rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
	if (client)
		return client;
	log_error("set up librdkafka: %s", error);
	k->lib->rd_kafka_conf_destroy(conf);
	return NULL;
}

/*
 * What comes into the queue that rd_kafka_poll() serves, while it is empty, makes the eventfd
 * readable. It begins readable: something may have come before.
 */
static void enable_wake_up(struct kafka *k)
{
	static const uint64_t one = 1;
	rd_kafka_queue_t *queue = k->lib->rd_kafka_queue_get_main(k->client);

	k->lib->rd_kafka_set_log_queue(k->client, NULL);
	k->lib->rd_kafka_queue_io_event_enable(queue, k->wake_fd, &one, sizeof(one));
	k->lib->rd_kafka_queue_destroy(queue);
}

/* With its threads. */
static int kafka_launch(struct sink *sink, const struct options *o)
{
	struct kafka *k = kafka_of(sink);

	k->client = client_new(k, o);
	if (!k->client)
		return -EINVAL;
	k->topic = k->lib->rd_kafka_topic_new(k->client, kafka_target_topic(o->kafka), NULL);
	if (!k->topic) {
		log_error("set up librdkafka: topic %s: %s", kafka_target_topic(o->kafka),
			  k->lib->rd_kafka_err2str(k->lib->rd_kafka_last_error()));
		return -EINVAL;
	}
	enable_wake_up(k);
	return 0;
}

static struct kafka *kafka_new(const char *target)
{
	struct kafka *k = calloc(1, sizeof(*k));

	if (!k)
		return NULL;
	k->sink.class = &kafka_class;
	k->sink.name = "kafka";
	k->stuck_ns = NEVER;
	k->line = out_new(-1);
	k->wake_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (asprintf(&k->name, "Kafka %s", target) < 0)
		k->name = NULL;
	k->sink.target = k->name;
	return k;
}

static int prepare(struct kafka *k)
{
	if (!k->line || !k->name || k->wake_fd < 0) {
		log_error("prepare to write to Kafka: %s", strerror(errno));
		return -ENOMEM;
	}
	k->lib = kafka_library();
	if (!k->lib) {
		log_error("load librdkafka: %s; install librdkafka1", dlerror());
		return -ENOENT;
	}
	return 0;
}

static void kafka_close(struct sink *sink)
{
	struct kafka *k = kafka_of(sink);

	if (k->topic)
		k->lib->rd_kafka_topic_destroy(k->topic);
	if (k->client)
		k->lib->rd_kafka_destroy(k->client);
	if (k->wake_fd >= 0)
		close(k->wake_fd);
	out_free(k->line);
	free(k->name);
	free(k);
}

static int kafka_open(struct sink **ret, const struct options *o, bool (*give_up)(void))
{
	struct kafka *k;
	int err;

	(void)give_up;
	if (!o->kafka)
		return 0;
	k = kafka_new(o->kafka);
	err = k ? prepare(k) : -ENOMEM;
	if (!k)
		log_error("prepare to write to Kafka: %s", strerror(ENOMEM));
	if (!err)
		*ret = &k->sink;
	else if (k)
		kafka_close(&k->sink);
	return err;
}

/* One partition for a connection: both ends have the same key. */
static bool produce(struct kafka *k, const char *key, bool is_event)
{
	size_t len = out_mark(k->line) - 1; /* without the newline */

	return !k->lib->rd_kafka_produce(k->topic, RD_KAFKA_PARTITION_UA, RD_KAFKA_MSG_F_COPY,
					 (void *)out_data(k->line), len, *key ? key : NULL,
					 strlen(key), is_event ? k : NULL);
}

static void kafka_put(struct sink *sink, const struct record *r, const struct verdict *v)
{
	struct kafka *k = kafka_of(sink);
	static const struct style style;
	bool is_event = !r->suppressed;

	json_put(k->line, &style, r, v);
	if (out_error(k->line)) {
		lose(k, is_event, strerror(-out_error(k->line)));
	} else if (!produce(k, r->community_id, is_event)) {
		lose(k, is_event, k->lib->rd_kafka_err2str(k->lib->rd_kafka_last_error()));
	} else {
		if (!k->waiting)
			k->stuck_ns = now_ns() + STUCK_NS;
		k->waiting += is_event;
	}
	out_rewind(k->line, 0);
}

/* After a fatal error nothing that waits gets out: all is counted here, or was when it was put. */
static int kafka_flush(struct sink *sink)
{
	struct kafka *k = kafka_of(sink);

	if (!k->is_over)
		return 0;
	sink->unwritten += k->waiting;
	sink->pending = 0;
	k->waiting = 0;
	return -EIO;
}

static int kafka_poll_fd(struct sink *sink)
{
	return kafka_of(sink)->wake_fd;
}

static uint64_t stuck_deadline(const struct kafka *k)
{
	return k->is_stuck ? NEVER : k->stuck_ns;
}

static uint64_t lost_deadline(const struct kafka *k)
{
	return k->sink.unwritten > k->told ? k->tell_ns : NEVER;
}

static uint64_t kafka_deadline(struct sink *sink)
{
	uint64_t stuck = stuck_deadline(kafka_of(sink)), lost = lost_deadline(kafka_of(sink));

	return stuck < lost ? stuck : lost;
}

static void kafka_ready(struct sink *sink, short revents)
{
	struct kafka *k = kafka_of(sink);
	uint64_t n, now;

	/* First the eventfd: what comes after it was read makes it readable again. */
	if (revents && read(k->wake_fd, &n, sizeof(n)) < 0 && errno != EAGAIN)
		log_verbose("read an eventfd: %s", strerror(errno));
	k->lib->rd_kafka_poll(k->client, 0);
	now = now_ns();
	if (stuck_deadline(k) <= now)
		say_stuck(k);
	if (lost_deadline(k) <= now)
		say_lost(k, now);
}

static void kafka_finish(struct sink *sink)
{
	struct kafka *k = kafka_of(sink);

	if (k->is_stuck && k->waiting)
		log_info("waiting %d s for %s to take %llu events", FINISH_MS / 1000, k->name,
			 (unsigned long long)k->waiting);
	k->lib->rd_kafka_flush(k->client, FINISH_MS);
	sink->unwritten += k->waiting;
	k->waiting = 0;
}

const struct sink_class kafka_class = {
	.open = kafka_open,
	.launch = kafka_launch,
	.put = kafka_put,
	.flush = kafka_flush,
	.poll_fd = kafka_poll_fd,
	.poll_events = POLLIN,
	.deadline_ns = kafka_deadline,
	.ready = kafka_ready,
	.finish = kafka_finish,
	.close = kafka_close,
};
