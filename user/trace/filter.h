/* SPDX-License-Identifier: GPL-2.0 */
/* The filters that need a verdict or a name. The others are decided in BPF. Pure. */
#ifndef RSTWHY_FILTER_H
#define RSTWHY_FILTER_H

#include "causes.h"

#define FILTER_CAUSES_MAX 64

struct filter {
	unsigned pid; /* 0: any */
	const char *comm; /* NULL: any */
	const char *cgroup; /* this path or below; NULL: any */
	bool direction[DIRECTION_MAX];
	bool ignored; /* also resets that were not obeyed */
	/* Empty: any. */
	const struct cause *only[FILTER_CAUSES_MAX + 1];
	const struct cause *except[FILTER_CAUSES_MAX + 1];
};

bool filter_wants(const struct filter *f, const struct record *r, const struct verdict *v);

/* Of a record that stands for suppressed ones: whether they are among those that are wanted, as far as
 * their kind tells. */
bool filter_wants_kind(const struct filter *f, const struct record *r, const struct verdict *v);

#endif
