/* SPDX-License-Identifier: GPL-2.0 */
/* The events as JSON in a Kafka topic (--kafka). */
#ifndef RSTWHY_KAFKA_H
#define RSTWHY_KAFKA_H

#include "sink.h"

extern const struct sink_class kafka_class;

#endif
