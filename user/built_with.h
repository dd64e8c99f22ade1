/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What needs a library that is not everywhere: found by pkg-config when rstwhy is built (Makefile,
 * OPTIONAL_LIBRARIES), told by --version. To add one: its row here, its line there.
 */
#ifndef RSTWHY_BUILT_WITH_H
#define RSTWHY_BUILT_WITH_H

#include <stdbool.h>

struct options;

struct feature {
	const char *library;
	const char *package; /* Debian's, to build with it */
	const char *option; /* that needs it */
	bool is_built_in;
	bool (*is_asked)(const struct options *o);
};

extern const struct feature features[]; /* library NULL ends them */

#endif
