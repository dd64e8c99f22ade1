/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict as a line records it, for what cannot be judged again: a summary of suppressed
 * events, or a line without `facts`. A cause that this version does not know is `unknown`.
 */
#ifndef RSTWHY_READ_VERDICT_H
#define RSTWHY_READ_VERDICT_H

#include "verdict.h"

struct json_object;

/*
 * Also gives r the facts that other keys tell, rounded as they are. Who acted becomes r's task;
 * v points into r. What does not fit is taken as not known.
 */
void read_verdict(struct json_object *line, struct record *r, struct verdict *v);

#endif
