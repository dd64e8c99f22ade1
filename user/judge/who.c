// SPDX-License-Identifier: GPL-2.0
/* Who did it, or whose connection it was. */
#include "who.h"

#include "facts.h"
#include "print.h"

static bool is(struct verdict *v, const struct task *task, enum role role)
{
	if (!task->pid || task->flags & TASK_KERNEL)
		return false;
	v->who = task;
	v->role = role;
	print_text(v->name, sizeof(v->name), "%.*s (%u)", COMM_LEN, task->comm, task->pid);
	return true;
}

bool who_runs(const struct record *r, struct verdict *v, enum role role)
{
	return has(r, HAVE_TASK) && is(v, &r->e.task, role);
}

bool who_closed(const struct record *r, struct verdict *v)
{
	return is(v, &r->e.life.closer, ROLE_CLOSER);
}

bool who_connected(const struct record *r, struct verdict *v)
{
	return is(v, &r->e.life.opener, ROLE_CONNECTOR);
}

bool who_listens(const struct record *r, struct verdict *v)
{
	if (r->e.state == STATE_LISTEN && is(v, &r->owner, ROLE_LISTENER))
		return true;
	return has(r, HAVE_LISTENER) && is(v, &r->e.listener, ROLE_LISTENER);
}

bool who_holds(const struct record *r, struct verdict *v)
{
	if (r->e.state == STATE_LISTEN)
		return who_listens(r, v);
	if (sock_is(r, SOCK_BIT_OWNED) && who_runs(r, v, ROLE_OWNER))
		return true;
	if (is(v, &r->owner, ROLE_OWNER))
		return true;
	return who_closed(r, v) || who_connected(r, v) || who_listens(r, v);
}

const struct task *who_suffers(const struct record *r, const struct verdict *v)
{
	return v->who && r->owner.pid && r->owner.pid != v->who->pid ? &r->owner : NULL;
}
