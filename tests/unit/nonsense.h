/* SPDX-License-Identifier: GPL-2.0 */
/* Records of facts that make no sense, always the same ones in a program. */
#ifndef RSTWHY_TEST_NONSENSE_H
#define RSTWHY_TEST_NONSENSE_H

#include "record.h"

uint64_t nonsense_number(void);
struct record nonsense(void);

#endif
