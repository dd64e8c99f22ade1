// SPDX-License-Identifier: GPL-2.0
/* /proc/kallsyms. Its reader is static: it is part of this file. */
#include "kallsyms.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kallsyms *s = kallsyms_new();
	FILE *file = fmemopen((void *)data, size, "r");
	uint64_t last = 0;

	must(s && (file || !size));
	s->loaded = true;
	if (file) {
		must(read_symbols(s, file));
		fclose(file);
	}
	if (s->len)
		qsort(s->symbols, s->len, sizeof(*s->symbols), by_address);
	for (size_t i = 0; i < s->len; i++) {
		const char *name = kallsyms_find(s, s->symbols[i].address);

		must(s->symbols[i].address >= last && name && !strpbrk(name, " \t\n"));
		last = s->symbols[i].address;
	}
	kallsyms_find(s, 0);
	kallsyms_free(s);
	return 0;
}
