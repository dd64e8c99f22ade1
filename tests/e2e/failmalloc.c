// SPDX-License-Identifier: GPL-2.0
/*
 * For LD_PRELOAD: allocations that fail. The page that FAILMALLOC names is shared with who wants
 * them to: a file of struct control.
 *
 * A program makes thousands of allocations, most of them by the same few functions over and over.
 * So places are counted, not allocations: a place is where the allocation was asked for, and by
 * whom, DEPTH callers up.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

#define DEPTH 6
#define PLACES 4096
#define EARLY 65536 /* bytes: what is asked for before malloc is known */

struct control {
	uint64_t fail; /* the place that fails: its number, from 1 on; 0: none */
	uint64_t and_all_after; /* not 0: whatever comes later as well */
	uint64_t places; /* seen so far; 0 written begins anew: all are new again */
	uint64_t failed; /* how many allocations have */
};

struct place {
	uint64_t callers;
	uint64_t number;
};

static struct control nothing, *control = &nothing;
static struct place places[PLACES];
static __thread bool inside; /* the unwinder may allocate, too */
static char early[EARLY];
static size_t early_len;

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static void (*real_free)(void *);

__attribute__((constructor)) static void open_control(void)
{
	const char *path = getenv("FAILMALLOC");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *page;

	if (fd < 0)
		_exit(99); /* a test that injects nothing must not pass */
	page = mmap(NULL, sizeof(*control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (page == MAP_FAILED)
		_exit(99);
	control = page;
}

struct walk {
	uint64_t hash;
	int depth;
};

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *data)
{
	struct walk *walk = data;

	walk->hash = (walk->hash ^ _Unwind_GetIP(context)) * 1099511628211ULL;
	return ++walk->depth == DEPTH ? _URC_END_OF_STACK : _URC_NO_REASON;
}

static uint64_t callers(void)
{
	struct walk walk = {.hash = 14695981039346656037ULL};

	_Unwind_Backtrace(step, &walk);
	return walk.hash ? walk.hash : 1;
}

/* The number of the place; 0: it was seen before. */
static uint64_t number_of_new(uint64_t hash)
{
	for (unsigned i = 0; i < PLACES; i++) {
		struct place *place = &places[(hash + i) % PLACES];

		if (place->callers == hash)
			return 0;
		if (place->callers)
			continue;
		place->callers = hash;
		return ++control->places;
	}
	return 0;
}

static bool fails(void)
{
	uint64_t number;
	bool failing;

	if (inside || control == &nothing)
		return false;
	inside = true;
	if (!control->places)
		memset(places, 0, sizeof(places));
	number = number_of_new(callers());
	inside = false;
	failing = control->fail &&
		  (number == control->fail || (control->and_all_after && control->failed));
	control->failed += failing;
	if (failing)
		errno = ENOMEM;
	return failing;
}

static bool is_early(const void *p)
{
	return (const char *)p >= early && (const char *)p < early + sizeof(early);
}

/* dlsym() may ask for memory before it has found who gives it: zero, and never given back. */
static void *early_alloc(size_t size)
{
	void *p = early + early_len;

	early_len += (size + 15) & ~(size_t)15;
	if (early_len > sizeof(early))
		_exit(99);
	return p;
}

static bool find_real(void)
{
	static bool finding;

	if (real_free)
		return true;
	if (finding)
		return false;
	finding = true;
	real_malloc = (void *(*)(size_t))dlsym(RTLD_NEXT, "malloc");
	real_calloc = (void *(*)(size_t, size_t))dlsym(RTLD_NEXT, "calloc");
	real_realloc = (void *(*)(void *, size_t))dlsym(RTLD_NEXT, "realloc");
	real_free = (void (*)(void *))dlsym(RTLD_NEXT, "free");
	finding = false;
	return true;
}

void *malloc(size_t size)
{
	if (!find_real())
		return early_alloc(size);
	return fails() ? NULL : real_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	if (!find_real())
		return early_alloc(n * size);
	return fails() ? NULL : real_calloc(n, size);
}

void *realloc(void *p, size_t size)
{
	if (!find_real() || is_early(p))
		_exit(99);
	return fails() ? NULL : real_realloc(p, size);
}

void free(void *p)
{
	if (!is_early(p) && find_real())
		real_free(p);
}
