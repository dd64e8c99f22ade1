/* SPDX-License-Identifier: GPL-2.0 */
/* What cmocka wants to be included before it. */
#ifndef RSTWHY_UNIT_H
#define RSTWHY_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

#endif
