/* SPDX-License-Identifier: GPL-2.0 */
/* The command `top`: a live run whose main sink is the terminal, all of it. */
#ifndef RSTWHY_TOP_H
#define RSTWHY_TOP_H

#include "sink.h"

extern const struct sink_class top_class;

#endif
