/* SPDX-License-Identifier: GPL-2.0 */
/*
 * librdkafka, loaded when --kafka asks for it: linked, it would bring TLS, SASL and compression
 * into every run, three megabytes of resident memory.
 *
 * To call one more of its functions, add it to the list.
 */
#ifndef RSTWHY_KAFKA_LIBRARY_H
#define RSTWHY_KAFKA_LIBRARY_H

#include <librdkafka/rdkafka.h>

#define KAFKA_FUNCTIONS(FUNCTION)                \
	FUNCTION(rd_kafka_conf_new)              \
	FUNCTION(rd_kafka_conf_destroy)          \
	FUNCTION(rd_kafka_conf_set)              \
	FUNCTION(rd_kafka_conf_set_opaque)       \
	FUNCTION(rd_kafka_conf_set_dr_msg_cb)    \
	FUNCTION(rd_kafka_conf_set_error_cb)     \
	FUNCTION(rd_kafka_conf_set_log_cb)       \
	FUNCTION(rd_kafka_new)                   \
	FUNCTION(rd_kafka_destroy)               \
	FUNCTION(rd_kafka_set_log_queue)         \
	FUNCTION(rd_kafka_queue_get_main)        \
	FUNCTION(rd_kafka_queue_io_event_enable) \
	FUNCTION(rd_kafka_queue_destroy)         \
	FUNCTION(rd_kafka_topic_new)             \
	FUNCTION(rd_kafka_topic_destroy)         \
	FUNCTION(rd_kafka_produce)               \
	FUNCTION(rd_kafka_poll)                  \
	FUNCTION(rd_kafka_flush)                 \
	FUNCTION(rd_kafka_last_error)            \
	FUNCTION(rd_kafka_fatal_error)           \
	FUNCTION(rd_kafka_err2str)

struct kafka_library {
#define KAFKA_POINTER(name) __typeof__(name) *name;
	KAFKA_FUNCTIONS(KAFKA_POINTER)
#undef KAFKA_POINTER
};

const struct kafka_library *kafka_library(void); /* NULL: dlerror() tells why */

#endif
