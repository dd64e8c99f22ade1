/* SPDX-License-Identifier: GPL-2.0 */
/* What librdkafka is told: our settings, those of --kafka-config, the brokers. */
#ifndef RSTWHY_KAFKA_SETTINGS_H
#define RSTWHY_KAFKA_SETTINGS_H

#include "kafka_library.h"
#include "options.h"

/* To be destroyed, unless rd_kafka_new() takes it. NULL: it was reported why. */
rd_kafka_conf_t *kafka_settings(const struct kafka_library *lib, const struct options *o);

#endif
