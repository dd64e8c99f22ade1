/* SPDX-License-Identifier: GPL-2.0 */
/* The catalogue, or one entry of it. */
#ifndef RSTWHY_EXPLAIN_H
#define RSTWHY_EXPLAIN_H

#include "options.h"

int explain(const struct options *o); /* the exit status */

#endif
