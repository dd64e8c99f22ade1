/* SPDX-License-Identifier: GPL-2.0 */
/* What the program says while the screen is up: kept, and said on stderr when it is gone. */
#ifndef RSTWHY_TALK_H
#define RSTWHY_TALK_H

void talk_begin(void);
const char *talk_last(void); /* the latest line; "": none */
void talk_end(void); /* may be called twice */

#endif
