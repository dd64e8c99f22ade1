/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libmicrohttpd, loaded when --listen asks for it: linked, it would bring TLS into every run,
 * three megabytes of resident memory.
 *
 * To call one more of its functions, add it to the list.
 */
#ifndef RSTWHY_HTTP_LIBRARY_H
#define RSTWHY_HTTP_LIBRARY_H

#include <microhttpd.h>

/* Without their MHD_. */
#define HTTP_FUNCTIONS(FUNCTION)                \
	FUNCTION(start_daemon)                  \
	FUNCTION(stop_daemon)                   \
	FUNCTION(run)                           \
	FUNCTION(get_timeout)                   \
	FUNCTION(get_daemon_info)               \
	FUNCTION(get_connection_info)           \
	FUNCTION(set_connection_option)         \
	FUNCTION(suspend_connection)            \
	FUNCTION(resume_connection)             \
	FUNCTION(lookup_connection_value)       \
	FUNCTION(create_response_from_buffer)   \
	FUNCTION(create_response_from_callback) \
	FUNCTION(add_response_header)           \
	FUNCTION(queue_response)                \
	FUNCTION(destroy_response)

struct http_library {
#define HTTP_POINTER(name) __typeof__(MHD_##name) *name;
	HTTP_FUNCTIONS(HTTP_POINTER)
#undef HTTP_POINTER
};

const struct http_library *http_library(void); /* NULL: dlerror() tells why */

#endif
