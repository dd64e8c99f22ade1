/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Optional libraries are loaded when something needs them. Linked, they would bring TLS,
 * compression and more into every run, megabytes of resident memory.
 */
#ifndef RSTWHY_LOADED_H
#define RSTWHY_LOADED_H

#include <stdbool.h>
#include <stddef.h>

struct loaded_function {
	const char *name;
	size_t offset; /* of its pointer in the table */
};

/*
 * Fills `table` with the `len` functions. Once loaded the library
 * stays: what it brings along wants to be there until the process ends. false: dlerror() tells.
 */
bool loaded_open(const char *library, const struct loaded_function *functions, size_t len,
		 void *table);

#endif
