// SPDX-License-Identifier: GPL-2.0
/* What a line of the screen tells of an event. */
#include "brief.h"

#include "print.h"
#include "printable.h"

/* As the text format has it: a killer is not of the socket's container or unit. */
static void set_place(struct brief *b, const struct record *r, const struct verdict *v)
{
	if (v->role == ROLE_KILLER)
		return;
	if (r->container.id[0])
		print_text(b->place, sizeof(b->place), "%.*s", CONTAINER_SHORT_LEN,
			   r->container.id);
	else
		print_text(b->place, sizeof(b->place), "%s", r->container.unit);
	make_printable(b->place);
}

struct brief brief_of(const struct record *r, const struct verdict *v)
{
	struct brief b = {
		.time_ns = r->time_ns,
		.direction = r->e.direction,
		.cause = v->cause,
		.state = v->state,
		.flow = r->e.flow,
	};

	memcpy(b.id, r->id, sizeof(b.id));
	set_place(&b, r, v);
	if (!v->who)
		return b;
	b.pid = v->who->pid;
	memcpy(b.process, v->who->comm, COMM_LEN);
	make_printable(b.process);
	return b;
}
