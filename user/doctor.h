/* SPDX-License-Identifier: GPL-2.0 */
/* What this kernel offers, what will be visible, what will not, and why. */
#ifndef RSTWHY_DOCTOR_H
#define RSTWHY_DOCTOR_H

#include "options.h"

int doctor(const struct options *o); /* the exit status */

#endif
