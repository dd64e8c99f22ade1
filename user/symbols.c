// SPDX-License-Identifier: GPL-2.0
/* Kernel addresses to function names. */
#include "symbols.h"

#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t address;
	uint32_t name; /* offset in names */
};

struct symbols {
	bool loaded;
	struct symbol *symbols; /* by address */
	size_t len, size;
	char *names;
	size_t names_len, names_size;
};

struct symbols *symbols_new(void)
{
	return calloc(1, sizeof(struct symbols));
}

void symbols_free(struct symbols *s)
{
	if (!s)
		return;
	free(s->symbols);
	free(s->names);
	free(s);
}

static bool add(struct symbols *s, uint64_t address, const char *name)
{
	size_t len = strlen(name) + 1;

	if (s->len == s->size) {
		size_t size = s->size ? s->size * 2 : 65536;
		void *p = realloc(s->symbols, size * sizeof(*s->symbols));

		if (!p)
			return false;
		s->symbols = p;
		s->size = size;
	}
	if (s->names_len + len > s->names_size) {
		size_t size = s->names_size ? s->names_size * 2 : 1 << 20;
		void *p = realloc(s->names, size);

		if (!p)
			return false;
		s->names = p;
		s->names_size = size;
	}
	s->symbols[s->len].address = address;
	s->symbols[s->len++].name = s->names_len;
	memcpy(s->names + s->names_len, name, len);
	s->names_len += len;
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;

	return x->address < y->address ? -1 : x->address > y->address;
}

static void shrink(void **p, size_t size)
{
	void *smaller = size ? realloc(*p, size) : NULL;

	if (smaller)
		*p = smaller;
}

/* "ffffffff81000000 T _text", modules with " [name]" behind. Only code is kept. */
static void load(struct symbols *s)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[512];

	s->loaded = true;
	while (f && fgets(line, sizeof(line), f)) {
		char *end;
		uint64_t address = strtoull(line, &end, 16);
		char type = end[0] == ' ' ? end[1] : 0;

		if (!address || !type || !strchr("tTwW", type) || end[2] != ' ')
			continue;
		end += 3;
		end[strcspn(end, " \t\n")] = '\0';
		if (!add(s, address, end))
			break;
	}
	if (f)
		fclose(f);
	qsort(s->symbols, s->len, sizeof(*s->symbols), by_address);
	shrink((void **)&s->symbols, s->len * sizeof(*s->symbols));
	shrink((void **)&s->names, s->names_len);
	malloc_trim(0);
}

const char *symbols_caller(struct symbols *s, uint64_t return_address)
{
	uint64_t address = return_address - 1;
	size_t low = 0, high;

	if (!s->loaded)
		load(s);
	/* The last symbol at or below the address. */
	for (high = s->len; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (s->symbols[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? s->names + s->symbols[low - 1].name : NULL;
}
