/* SPDX-License-Identifier: GPL-2.0 */
/* A directory that a test has made. */
#ifndef RSTWHY_TEST_TREE_H
#define RSTWHY_TEST_TREE_H

int tree_remove(const char *path); /* with all that is in it. 0, or not */

#endif
