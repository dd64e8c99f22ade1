/* SPDX-License-Identifier: GPL-2.0 */
/* What happened, in three plain sentences: how much of what; when and whose; what to do. Pure. */
#ifndef RSTWHY_SENTENCES_H
#define RSTWHY_SENTENCES_H

#include "summary_store.h"

#define SENTENCES 3
#define SENTENCE_LEN 600

/* The first `ret` of them are there: of no event there is one. `span_s`: how long was looked. */
unsigned sentences_make(const struct summary *s, uint64_t counted, double span_s,
			char text[SENTENCES][SENTENCE_LEN]);

/* The cause that the last sentence speaks of; NULL: there is none. */
const struct summary_cause *sentences_most_telling(const struct summary *s);

#endif
