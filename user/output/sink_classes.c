// SPDX-License-Identifier: GPL-2.0
/* The table of sinks. Apart from sink.c, so that its test does not need what they need. */
#include "capture.h"
#include "journal.h"
#include "http.h"
#include "kafka.h"
#include "sink.h"
#include "stream.h"
#include "top.h"

const struct sink_class *const sink_classes[] = {
#if HAVE_NCURSESW
	&top_class, /* the main one of the command top, which has no stream */
#endif
	&stream_class, /* the main one */
	&capture_class,
#if HAVE_LIBMICROHTTPD
	&http_class,
#endif
#if HAVE_RDKAFKA
	&kafka_class,
#endif
#if HAVE_LIBSYSTEMD
	&journal_class,
#endif
	NULL,
};

_Static_assert(sizeof(sink_classes) / sizeof(sink_classes[0]) <= SINKS_MAX + 1,
	       "SINKS_MAX: all can be open at once");
