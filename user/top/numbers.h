/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers in few columns. Pure, but for the time zone. */
#ifndef RSTWHY_NUMBERS_H
#define RSTWHY_NUMBERS_H

#include <stdint.h>

#define NUMBER_LEN 24

/* All digits, or, with more than `width` (>= 6) of them, in thousands: "123456K", "12345M". */
const char *count_text(uint64_t n, int width, char text[NUMBER_LEN]);

/* "0", "0.4", "12.0", "350", "99000", "150K": never more than 6 columns. */
const char *rate_text(double rate, char text[NUMBER_LEN]);

/* "21:45:37", local time, of the wall clock. */
const char *clock_text(uint64_t time_ns, char text[NUMBER_LEN]);

#endif
