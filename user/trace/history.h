/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What earlier records say about this one. Bounded: of each kind the 4096 least recently forgotten
 * peers, flows and services. Its only clock is the time of the records, so a replay of recorded
 * events tells the same as the live run.
 */
#ifndef RSTWHY_HISTORY_H
#define RSTWHY_HISTORY_H

#include "record.h"

struct history;

struct history *history_new(void); /* NULL: no memory */
void history_free(struct history *h);

/*
 * Fills r->history from the records before r, and takes note of r. To be called once for each
 * record, in order of time, before it is judged.
 */
void history_add(struct history *h, struct record *r);

#endif
