/* SPDX-License-Identifier: GPL-2.0 */
/* Whether two paths lead to one file. */
#ifndef RSTWHY_SAME_FILE_H
#define RSTWHY_SAME_FILE_H

#include <stdbool.h>

/*
 * By name, symbolic or hard link, also when the file is yet to be made. NULL: what stdout is. A
 * device, as /dev/null, is nobody's: false.
 */
bool same_file(const char *a, const char *b);

#endif
