/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The page that shows a summary and its events: what the program carries of it (see page.mk). Live,
 * its assets are served; a report has them within. Pure.
 */
#ifndef RSTWHY_PAGE_H
#define RSTWHY_PAGE_H

#include "out.h"

struct asset {
	const char *name; /* as page.html loads it */
	const char *type; /* of its content, for HTTP */
	const char *data; /* not ended by a NUL; lives as long as the program */
	size_t len;
};

/* "page.html", "page.css", "page.js", "d3.js"; NULL: no such asset. */
const struct asset *page_asset(const char *name);

/* What stands before the data of a report, and what behind. */
void page_put_report_head(struct out *o);
void page_put_report_tail(struct out *o);

/*
 * The data: <script type="application/json" id="data">{"summary":...}</script>. What lies between
 * the two calls is JSON, put by page_put_json(), which no text within can end before its time.
 */
void page_begin_data(struct out *o);
void page_put_json(struct out *o, const char *json, size_t len);
void page_end_data(struct out *o);

#endif
