/* SPDX-License-Identifier: GPL-2.0 */
/* The sink of --journal: an entry of the systemd journal for each event. */
#ifndef RSTWHY_JOURNAL_H
#define RSTWHY_JOURNAL_H

#include "sink.h"

extern const struct sink_class journal_class;

#endif
