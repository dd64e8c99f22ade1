/* SPDX-License-Identifier: GPL-2.0 */
/* What stands behind an option: words into values. What makes no sense is a usage_error(). */
#ifndef RSTWHY_OPTION_VALUES_H
#define RSTWHY_OPTION_VALUES_H

#include <argp.h>

#include "options.h"

unsigned long parse_number(struct argp_state *state, const char *what, const char *text,
			   unsigned long min, unsigned long max);
unsigned long parse_buffer(struct argp_state *state, const char *text);
unsigned long parse_file_size(struct argp_state *state, const char *what, const char *text);
const char *parse_listen(struct argp_state *state, const char *text);
enum label parse_label(struct argp_state *state, const char *text);
const char *parse_kafka(struct argp_state *state, const char *text);
const char *parse_host(struct argp_state *state, const char *text);
void parse_identity(struct argp_state *state, struct options *o, const char *text);
double parse_duration(struct argp_state *state, const char *text);
void parse_address(struct argp_state *state, struct config *c, const char *text);
void parse_causes(struct argp_state *state, const struct cause *list[], char *text);
void parse_format(struct argp_state *state, struct options *o, const char *text);
void parse_timeouts(struct argp_state *state, const char *path);

#endif
