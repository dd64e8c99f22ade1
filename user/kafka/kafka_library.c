// SPDX-License-Identifier: GPL-2.0
/* librdkafka, loaded when --kafka asks for it. */
#include "kafka_library.h"

#include "loaded.h"

static const struct loaded_function functions[] = {
#define ROW(name) {#name, offsetof(struct kafka_library, name)},
	KAFKA_FUNCTIONS(ROW)
#undef ROW
};

#define LENGTH (sizeof(functions) / sizeof(functions[0]))

const struct kafka_library *kafka_library(void)
{
	static struct kafka_library library;
	static bool is_loaded;

	is_loaded = is_loaded || loaded_open("librdkafka.so.1", functions, LENGTH, &library);
	return is_loaded ? &library : NULL;
}
