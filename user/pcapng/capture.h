/* SPDX-License-Identifier: GPL-2.0 */
/* A sink: the file of --pcapng, for Wireshark. */
#ifndef RSTWHY_CAPTURE_H
#define RSTWHY_CAPTURE_H

#include "sink.h"

extern const struct sink_class capture_class;

#endif
