// SPDX-License-Identifier: GPL-2.0
/* Libraries loaded when they are needed. */
#include "loaded.h"

#include <dlfcn.h>
#include <string.h>

bool loaded_open(const char *library, const struct loaded_function *functions, size_t len,
		 void *table)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle && i < len; i++) {
		void *function = dlsym(handle, functions[i].name);

		if (!function)
			return false;
		memcpy((char *)table + functions[i].offset, &function, sizeof(function));
	}
	return handle;
}
