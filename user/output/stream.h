/* SPDX-License-Identifier: GPL-2.0 */
/* The main sink: the events in a format (text, JSON), on stdout or in the file of --output. */
#ifndef RSTWHY_STREAM_H
#define RSTWHY_STREAM_H

#include "sink.h"

extern const struct sink_class stream_class;

#endif
