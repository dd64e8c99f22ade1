/* SPDX-License-Identifier: GPL-2.0 */
/* What a format writes, as a string. */
#ifndef RSTWHY_TEST_SHOWN_H
#define RSTWHY_TEST_SHOWN_H

#include "output.h"

#define SHOWN_LEN 65536

/* What is in `o`, which becomes empty. */
const char *shown(struct out *o, char buf[SHOWN_LEN]);

struct out *shown_new(void);
void shown_free(struct out *o);

/* One line that is one JSON value, and nothing else (RFC 8259). */
bool is_json_line(const char *line);

#endif
