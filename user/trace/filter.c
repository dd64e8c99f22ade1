// SPDX-License-Identifier: GPL-2.0
/* The filters that need a verdict or a name. */
#include "filter.h"

#include <string.h>

static bool among(const struct cause *const causes[], const struct cause *cause)
{
	while (*causes && *causes != cause)
		causes++;
	return *causes != NULL;
}

static bool wants_process(const struct filter *f, const struct verdict *v)
{
	if (!f->pid && !f->comm)
		return true;
	if (!v->who)
		return false;
	if (f->pid && f->pid != v->who->pid)
		return false;
	return !f->comm || !strncmp(f->comm, v->who->comm, COMM_LEN);
}

static bool wants_cgroup(const struct filter *f, const struct record *r)
{
	size_t len = f->cgroup ? strlen(f->cgroup) : 0;

	while (len && f->cgroup[len - 1] == '/')
		len--;
	return !strncmp(r->cgroup, f->cgroup ? f->cgroup : "", len) &&
	       (!len || !r->cgroup[len] || r->cgroup[len] == '/');
}

static bool wants_cause(const struct filter *f, const struct record *r, const struct verdict *v)
{
	if (!f->direction[r->e.direction] ||
	    (!f->ignored && !strcmp(v->cause->id, "reset-ignored")))
		return false;
	if (f->only[0] && !among(f->only, v->cause))
		return false;
	return !among(f->except, v->cause);
}

bool filter_wants(const struct filter *f, const struct record *r, const struct verdict *v)
{
	return wants_cause(f, r, v) && wants_process(f, v) && wants_cgroup(f, r);
}

bool filter_wants_kind(const struct filter *f, const struct record *r, const struct verdict *v)
{
	bool any_process = !f->pid && !f->comm;

	return wants_cause(f, r, v) && (any_process || r->e.kind.bits & KIND_MINE);
}
