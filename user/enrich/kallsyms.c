// SPDX-License-Identifier: GPL-2.0
/* Kernel addresses to function names, where the kernel cannot be asked for single ones. */
#include "kallsyms.h"

#include <errno.h>
#include <malloc.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

struct symbol {
	uint64_t address;
	uint32_t name; /* offset in names */
};

struct kallsyms {
	int fd; /* of /proc/kallsyms, -errno: it could not be opened */
	bool loaded;
	struct symbol *symbols; /* by address */
	size_t len, size;
	char *names;
	size_t names_len, names_size;
};

struct kallsyms *kallsyms_new(void)
{
	struct kallsyms *s = calloc(1, sizeof(*s));

	if (s)
		s->fd = open("/proc/kallsyms", O_RDONLY | O_CLOEXEC);
	if (s && s->fd < 0)
		s->fd = -errno;
	return s;
}

void kallsyms_free(struct kallsyms *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s->symbols);
	free(s->names);
	free(s);
}

static bool add(struct kallsyms *s, uint64_t address, const char *name)
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

/*
 * "ffffffff81000000 T _text", modules with " [name]" behind. Only code is kept. false: not all of
 * it, and what is missing would be taken for what lies before it.
 */
static bool read_symbols(struct kallsyms *s, FILE *f)
{
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		char *end;
		uint64_t address = strtoull(line, &end, 16);
		char type = end[0] == ' ' ? end[1] : 0;

		if (!address || !type || !strchr("tTwW", type) || end[2] != ' ')
			continue;
		end += 3;
		end[strcspn(end, " \t\n")] = '\0';
		if (!add(s, address, end))
			return false;
	}
	return true;
}

static void load(struct kallsyms *s)
{
	FILE *f = s->fd >= 0 ? fdopen(s->fd, "r") : NULL;

	if (s->fd < 0)
		errno = -s->fd;
	else if (f)
		s->fd = -EBADF; /* it goes with f */
	s->loaded = true;
	if (!f || !read_symbols(s, f)) {
		log_error("read /proc/kallsyms: %s; the kernel's functions have no names",
			  strerror(errno));
		s->len = 0;
	}
	if (f)
		fclose(f);
	if (!s->len)
		return;
	qsort(s->symbols, s->len, sizeof(*s->symbols), by_address);
	shrink((void **)&s->symbols, s->len * sizeof(*s->symbols));
	shrink((void **)&s->names, s->names_len);
	malloc_trim(0);
}

const char *kallsyms_find(struct kallsyms *s, uint64_t address)
{
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
