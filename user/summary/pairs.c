// SPDX-License-Identifier: GPL-2.0
/* Resets whose both ends are on this host. */
#include "pairs.h"

#include "causes.h"

static void count(struct pairs *p, const char *sent, const char *received)
{
	for (unsigned i = 0; i < p->len; i++) {
		if (p->list[i].sent == sent && p->list[i].received == received) {
			p->list[i].n++;
			return;
		}
	}
	if (p->len == PAIRS_MAX)
		p->others++;
	else
		p->list[p->len++] = (struct pair){sent, received, 1};
}

/* The name that a recording gives the other end may be of another version. */
void pairs_add(struct pairs *p, const struct record *r, const struct verdict *v)
{
	const struct cause *sent;

	if (r->e.direction != DIRECTION_RECEIVED || !r->pair_cause)
		return;
	sent = cause_find(r->pair_cause);
	count(p, sent ? sent->id : "unknown", v->cause->id);
}

void pairs_put(const struct pairs *p, struct out *o)
{
	out_char(o, '[');
	for (unsigned i = 0; i < p->len; i++)
		out_format(o, "%s{\"sent\":\"%s\",\"received\":\"%s\",\"count\":%llu}",
			   i ? "," : "", p->list[i].sent, p->list[i].received,
			   (unsigned long long)p->list[i].n);
	out_char(o, ']');
}
