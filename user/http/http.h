/* SPDX-License-Identifier: GPL-2.0 */
/* Serves what the events add up to, and the events, over HTTP (--listen). */
#ifndef RSTWHY_HTTP_H
#define RSTWHY_HTTP_H

#include "sink.h"

extern const struct sink_class http_class;

#endif
