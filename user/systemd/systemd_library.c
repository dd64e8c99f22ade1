// SPDX-License-Identifier: GPL-2.0
/* libsystemd, loaded when it is needed. */
#include "systemd_library.h"

#include "loaded.h"

static const struct loaded_function functions[] = {
#define ROW(name) {#name, offsetof(struct systemd_library, name)},
	SYSTEMD_FUNCTIONS(ROW)
#undef ROW
};

#define LENGTH (sizeof(functions) / sizeof(functions[0]))

const struct systemd_library *systemd_library(void)
{
	static struct systemd_library library;
	static bool is_loaded;

	is_loaded = is_loaded || loaded_open("libsystemd.so.0", functions, LENGTH, &library);
	return is_loaded ? &library : NULL;
}
