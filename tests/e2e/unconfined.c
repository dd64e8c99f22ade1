// SPDX-License-Identifier: GPL-2.0
/*
 * Linked into a program that runs under a checker: calls by which the sandbox would shut out the
 * checker itself are answered as a kernel does that does not know them. valgrind makes code at run
 * time, and both it and the sanitizers' check for leaks need system calls that the program does
 * without. All else of the sandbox stays.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdarg.h>
#include <sys/prctl.h>

#ifndef PR_SET_MDWE /* Linux 6.3, newer than the C library's headers may be */
#define PR_SET_MDWE 65
#endif

/* The linker leads the program's calls here (--wrap). */
int __wrap_seccomp_load(const scmp_filter_ctx filter);
int __wrap_seccomp_attr_set(scmp_filter_ctx filter, enum scmp_filter_attr attribute,
			    uint32_t value);
int __wrap_prctl(int option, ...);
int __real_prctl(int option, ...);

int __wrap_seccomp_load(const scmp_filter_ctx filter)
{
	return -ENOSYS;
}

/* Under valgrind the library finds no seccomp(2), and refuses what needs it. */
int __wrap_seccomp_attr_set(scmp_filter_ctx filter, enum scmp_filter_attr attribute, uint32_t value)
{
	return 0;
}

int __wrap_prctl(int option, ...)
{
	unsigned long value[4];
	va_list list;

	if (option == PR_SET_MDWE) {
		errno = EINVAL;
		return -1;
	}
	va_start(list, option);
	for (int i = 0; i < 4; i++)
		value[i] = va_arg(list, unsigned long);
	va_end(list);
	return __real_prctl(option, value[0], value[1], value[2], value[3]);
}
