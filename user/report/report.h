/* SPDX-License-Identifier: GPL-2.0 */
/* The command `report`: one page of recorded events. */
#ifndef RSTWHY_REPORT_H
#define RSTWHY_REPORT_H

#include "options.h"

int report(const struct options *o); /* the exit status; reports its own errors */

#endif
