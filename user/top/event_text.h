/* SPDX-License-Identifier: GPL-2.0 */
/* All that is known of one event, as text for a person. Pure. */
#ifndef RSTWHY_EVENT_TEXT_H
#define RSTWHY_EVENT_TEXT_H

#include "out.h"
#include "verdict.h"

/*
 * What happened, the evidence, the hints, the ladder, the article of the cause and those of the
 * hints, the facts of `json`, its line of --format=json. Paragraphs and ladder take `width` columns,
 * other lines are as long as they are. Other people's words may stand in it as they are.
 */
void event_text_put(struct out *o, const struct record *r, const struct verdict *v,
		    const char *json, int width);

#endif
