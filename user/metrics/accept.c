// SPDX-License-Identifier: GPL-2.0
/* In which format a scraper wants the metrics. */
#define _GNU_SOURCE /* strncasecmp() with it, in <string.h> */
#include "accept.h"

#include <string.h>

#define BLANKS " \t"
#define FULL 1000 /* q=1, in thousandths: more digits are not allowed */

/* One range of the list: "text/plain; version=0.0.4; q=0.5". */
struct range {
	const char *type;
	size_t len; /* of the type */
	unsigned q; /* thousandths */
};

/* "0.75" */
static unsigned parse_q(const char *text)
{
	unsigned q = *text == '1' ? FULL : 0, unit = FULL / 10;

	if (q || text[0] != '0' || text[1] != '.')
		return q;
	for (text += 2; unit && *text >= '0' && *text <= '9'; text++, unit /= 10)
		q += unit * (*text - '0');
	return q;
}

static struct range parse_range(const char *text, size_t len)
{
	const char *end = text + len;
	struct range r = {text, strcspn(text, ";," BLANKS), FULL};

	for (text += r.len; text < end; text += strcspn(text, ";,")) {
		text += strspn(text, ";" BLANKS);
		if (!strncasecmp(text, "q=", 2))
			r.q = parse_q(text + 2);
	}
	return r;
}

static bool is_type(const struct range *r, const char *type)
{
	return r->len == strlen(type) && !strncasecmp(r->type, type, r->len);
}

bool accept_is_openmetrics(const char *accept)
{
	unsigned openmetrics = 0, plain = 0;

	while (accept && *accept) {
		size_t len;
		struct range r;

		accept += strspn(accept, BLANKS);
		len = strcspn(accept, ",");
		r = parse_range(accept, len);
		if (is_type(&r, "application/openmetrics-text") && r.q > openmetrics)
			openmetrics = r.q;
		if (is_type(&r, "text/plain") && r.q > plain)
			plain = r.q;
		accept += len;
		accept += *accept == ',';
	}
	return openmetrics && openmetrics >= plain;
}
