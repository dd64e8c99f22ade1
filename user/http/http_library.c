// SPDX-License-Identifier: GPL-2.0
/* libmicrohttpd, loaded when --listen asks for it. */
#include "http_library.h"

#include "loaded.h"

static const struct loaded_function functions[] = {
#define ROW(name) {"MHD_" #name, offsetof(struct http_library, name)},
	HTTP_FUNCTIONS(ROW)
#undef ROW
};

#define LENGTH (sizeof(functions) / sizeof(functions[0]))

const struct http_library *http_library(void)
{
	static struct http_library library;
	static bool is_loaded;

	is_loaded = is_loaded || loaded_open("libmicrohttpd.so.12", functions, LENGTH, &library);
	return is_loaded ? &library : NULL;
}
