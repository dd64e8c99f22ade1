// SPDX-License-Identifier: GPL-2.0
/* Kernel addresses to function names. */
#include "symbols.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kallsyms.h"
#include "log.h"
#include "naming.h"

#define SIZE_MIN 256 /* a power of two */
#define SIZE_LIMIT 65536 /* the code that can reset a connection has some hundred calls */

struct symbol {
	uint64_t address; /* 0: free */
	char *name; /* NULL: in no function */
};

struct symbols {
	struct naming *naming; /* NULL: kallsyms has the names */
	struct kallsyms *kallsyms;
	bool complained;
	/* What was asked, by a hash of the address, half full at most. None is ever forgotten. */
	struct symbol *known;
	size_t len, size;
};

struct symbols *symbols_new(void)
{
	struct symbols *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->naming = naming_open();
	if (!s->naming)
		s->kallsyms = kallsyms_new();
	if (!s->naming && !s->kallsyms) {
		free(s);
		return NULL;
	}
	return s;
}

void symbols_free(struct symbols *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->size; i++)
		free(s->known[i].name);
	free(s->known);
	naming_close(s->naming);
	kallsyms_free(s->kallsyms);
	free(s);
}

/* Where the address stands, or would. */
static struct symbol *place_of(struct symbol *known, size_t size, uint64_t address)
{
	size_t i = (address * 0x9e3779b97f4a7c15ULL) >> 32 & (size - 1);

	while (known[i].address && known[i].address != address)
		i = (i + 1) & (size - 1);
	return &known[i];
}

/* false: there is no room for another address. */
static bool make_room(struct symbols *s)
{
	size_t size = s->size ? s->size * 2 : SIZE_MIN;
	struct symbol *known;

	if (s->len < s->size / 2)
		return true;
	known = size <= SIZE_LIMIT ? calloc(size, sizeof(*known)) : NULL;
	if (!known)
		return false;
	for (size_t i = 0; i < s->size; i++)
		if (s->known[i].address)
			*place_of(known, size, s->known[i].address) = s->known[i];
	free(s->known);
	s->known = known;
	s->size = size;
	return true;
}

/* Once: where one name cannot be had, many cannot. It is asked for again all the same. */
static void complain(struct symbols *s, int err)
{
	if (!s->complained)
		log_error("ask for the name of a kernel function: %s; some have none",
			  strerror(-err));
	s->complained = true;
}

/* What cannot be asked, or for which there is no memory, is not remembered. */
static const char *ask(struct symbols *s, uint64_t address)
{
	char name[FUNCTION_LEN], *copy = NULL;
	int err = make_room(s) ? naming_ask(s->naming, address, name) : -ENOMEM;

	if (!err && name[0]) {
		copy = strdup(name);
		err = copy ? 0 : -ENOMEM;
	}
	if (err) {
		complain(s, err);
		return NULL;
	}
	*place_of(s->known, s->size, address) = (struct symbol){address, copy};
	s->len++;
	return copy;
}

const char *symbols_caller(struct symbols *s, uint64_t return_address)
{
	uint64_t address = return_address - 1;
	const struct symbol *symbol;

	if (!address)
		return NULL;
	if (!s->naming)
		return kallsyms_find(s->kallsyms, address);
	symbol = s->size ? place_of(s->known, s->size, address) : NULL;
	return symbol && symbol->address ? symbol->name : ask(s, address);
}
