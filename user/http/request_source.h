/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a request comes from, as far as a browser tells: its own page, or that of somebody else.
 * Pure.
 *
 * Who can open a port of this host can ask for everything anyhow. A browser is different: it runs
 * the pages of the whole world on the user's host. They must not read the user's connections here,
 * neither from the page of another site nor by a name of their own that they let point to 127.0.0.1
 * (DNS rebinding), with which they would be this very site to the browser, but for the header Host.
 */
#ifndef RSTWHY_REQUEST_SOURCE_H
#define RSTWHY_REQUEST_SOURCE_H

#include <stdbool.h>

/* Headers; NULL: not there. */
struct request_source {
	const char *host;
	const char *origin;
	const char *fetch_site; /* Sec-Fetch-Site */
	const char *fetch_mode; /* Sec-Fetch-Mode */
	const char *fetch_dest; /* Sec-Fetch-Dest */
	bool is_entrance; /* no header: GET /, which has no data, and may be linked to */
};

/* NULL: welcome; else a line that says why not. `any_host`: the server goes by other names, too. */
const char *request_source_error(const struct request_source *s, bool any_host);

#endif
