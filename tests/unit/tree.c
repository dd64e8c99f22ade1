// SPDX-License-Identifier: GPL-2.0
/* A directory that a test has made. */
#define _GNU_SOURCE /* nftw() */
#include "tree.h"

#include <ftw.h>
#include <stdio.h>

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where)
{
	return remove(path);
}

int tree_remove(const char *path)
{
	return nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
