/* SPDX-License-Identifier: GPL-2.0 */
/* The name of this host, as its events carry it. */
#ifndef RSTWHY_HOST_H
#define RSTWHY_HOST_H

#define HOST_LEN 254 /* of the longest name in DNS, with its NUL */

const char *host_error(const char *name); /* why it is no name; NULL: it is one */

/* What the kernel calls this host, by gethostname(2), as it was at the first call; NULL: nothing. */
const char *host_own(void);

#endif
