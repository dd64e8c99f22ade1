/* SPDX-License-Identifier: GPL-2.0 */
/* The filter of the screen: the command line's filters on events that were shown. Pure. */
#ifndef RSTWHY_FILTER_WORDS_H
#define RSTWHY_FILTER_WORDS_H

#include "options.h"
#include "verdict.h"

#define FILTER_WORDS_LEN 256

struct filter_words {
	struct options options; /* points into `cut` */
	char words[FILTER_WORDS_LEN]; /* as they were written; "": all pass */
	char cut[FILTER_WORDS_LEN];
};

/* Into a place that stays: the filter points into itself. false: `error` says what is wrong. */
bool filter_words_parse(struct filter_words *f, const char *words, char error[OPTIONS_ERROR_LEN]);

bool filter_words_want(const struct filter_words *f, const struct record *r,
		       const struct verdict *v);

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_NOT_KNOWN };

/* Of events that were only counted, of which cause and direction are known and nothing else. */
enum answer filter_words_want_counted(const struct filter_words *f, const struct cause *cause,
				      enum direction d);

#endif
