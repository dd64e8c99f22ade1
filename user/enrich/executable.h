/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The path of a process's executable, where it can be believed: whoever has a user namespace, which
 * needs no right, can mount any program of its own over /usr/sbin/nginx, and run it by that name.
 */
#ifndef RSTWHY_EXECUTABLE_H
#define RSTWHY_EXECUTABLE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The path is told if it leads to the same file from our root. Of a process of our user namespace
 * also if it does so from that process's own root, as a container's, or if the file is gone, as by
 * an update, and was root's. "": not to be believed, or longer than `size`.
 * false, and nothing in `ret`: the kernel does not tell.
 */
bool executable_path(unsigned pid, char *ret, size_t size);

#endif
