// SPDX-License-Identifier: GPL-2.0
/* Names of kernel functions, asked of the kernel one by one. */
#include "naming.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdlib.h>
#include <string.h>

#include "naming.skel.h"

struct naming {
	struct naming_bpf *skel;
};

struct naming *naming_open(void)
{
	struct naming *n = calloc(1, sizeof(*n));
	char name[FUNCTION_LEN];

	if (!n)
		return NULL;
	n->skel = naming_bpf__open_and_load();
	/* Without bss: libbpf goes on when the kernel would not let it map an array. */
	if (n->skel && n->skel->bss && !naming_ask(n, 0, name))
		return n;
	naming_close(n);
	return NULL;
}

void naming_close(struct naming *n)
{
	if (!n)
		return;
	naming_bpf__destroy(n->skel);
	free(n);
}

int naming_ask(struct naming *n, uint64_t address, char ret[FUNCTION_LEN])
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	const char *name = n->skel->bss->name;
	size_t len;
	int err;

	n->skel->bss->address = address;
	err = bpf_prog_test_run_opts(bpf_program__fd(n->skel->progs.name_function), &opts);
	if (err)
		return err;
	/* "0x1234": in no function. Behind a name there may be " [module]". */
	len = strncmp(name, "0x", 2) ? strcspn(name, " ") : 0;
	memcpy(ret, name, len);
	ret[len] = '\0';
	return 0;
}
