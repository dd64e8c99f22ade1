// SPDX-License-Identifier: GPL-2.0
/* The filter of the screen. */
#include "filter_words.h"

#include <stdio.h>
#include <string.h>

#include "flow_filter.h"

bool filter_words_parse(struct filter_words *f, const char *words, char error[OPTIONS_ERROR_LEN])
{
	snprintf(f->words, sizeof(f->words), "%s", words + strspn(words, " "));
	snprintf(f->cut, sizeof(f->cut), "%s", f->words);
	return options_parse_filter(&f->options, f->cut, error);
}

bool filter_words_want(const struct filter_words *f, const struct record *r,
		       const struct verdict *v)
{
	return flow_filter_wants(&f->options.config, r) && filter_wants(&f->options.filter, r, v);
}

static bool is_of_flow(const struct config *c)
{
	return c->netns || c->port || c->local_port || c->peer_port || c->has_address;
}

enum answer filter_words_want_counted(const struct filter_words *f, const struct cause *cause,
				      enum direction d)
{
	struct filter by_cause = f->options.filter;
	const struct verdict v = {.cause = cause};
	struct record r = {.e.direction = d};
	bool wanted;

	by_cause.pid = 0;
	by_cause.comm = by_cause.cgroup = NULL;
	wanted = filter_wants(&by_cause, &r, &v);
	if (!wanted)
		return ANSWER_NO;
	if (is_of_flow(&f->options.config) || f->options.filter.pid || f->options.filter.comm ||
	    f->options.filter.cgroup)
		return ANSWER_NOT_KNOWN;
	return ANSWER_YES;
}
