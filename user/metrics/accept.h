/* SPDX-License-Identifier: GPL-2.0 */
/* In which format a scraper wants the metrics. Pure. */
#ifndef RSTWHY_ACCEPT_H
#define RSTWHY_ACCEPT_H

#include <stdbool.h>

/* By the header Accept (RFC 9110, 12.5.1), NULL: none. false: the plain text of Prometheus, which
 * every scraper reads. */
bool accept_is_openmetrics(const char *accept);

#endif
