/* SPDX-License-Identifier: GPL-2.0 */
/* The words of --kafka and the lines of --kafka-config. Pure. */
#ifndef RSTWHY_KAFKA_WORDS_H
#define RSTWHY_KAFKA_WORDS_H

#include <stdbool.h>

/* What is wrong with BROKER[:PORT][,BROKER[:PORT]]/TOPIC, in words; NULL: nothing. */
const char *kafka_target_error(const char *target);

const char *kafka_target_topic(const char *target); /* of one without error */

/*
 * Takes a line KEY=VALUE apart, in place. *ret_key is NULL for a line that says nothing: empty, or
 * a comment (#). false: none of these.
 */
bool kafka_config_line(char *line, char **ret_key, char **ret_value);

#endif
