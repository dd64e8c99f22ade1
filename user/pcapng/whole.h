/* SPDX-License-Identifier: GPL-2.0 */
/* How far a pcapng file can be read: what a run that was killed has left behind. */
#ifndef RSTWHY_WHOLE_H
#define RSTWHY_WHOLE_H

#include <stdint.h>

/*
 * *ret: so many of the `size` bytes are whole blocks. 0 or -errno; -EINVAL: it is no pcapng file,
 * or one of the other byte order.
 */
int pcapng_whole(int fd, uint64_t size, uint64_t *ret);

#endif
