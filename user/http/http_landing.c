// SPDX-License-Identifier: GPL-2.0
/* What / says where the live page is not for whoever asks. */
#include "http_landing.h"

static const char page[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
	"<title>rstwhy</title>\n"
	"</head>\n"
	"<body>\n"
	"<h1>rstwhy</h1>\n"
	"<p>Tells why TCP connections of this host are reset.</p>\n"
	"<ul>\n"
	"<li><a href=\"metrics\">/metrics</a> for Prometheus</li>\n"
	"<li><a href=\"healthz\">/healthz</a></li>\n"
	"</ul>\n"
	"<p>The live page tells names and addresses of connections: it is for this host alone, unless "
	"rstwhy runs with --public. To see it from elsewhere:</p>\n"
	"<pre>ssh -L 19435:127.0.0.1:19435 HOST</pre>\n"
	"<p>and then <a href=\"http://127.0.0.1:19435/\">http://127.0.0.1:19435/</a>; where rstwhy "
	"listens at another port, that behind the 127.0.0.1 of ssh.</p>\n"
	"</body>\n"
	"</html>\n";

struct MHD_Response *http_landing_answer(const struct http_request *r)
{
	return answer_bytes(r, page, sizeof(page) - 1, "text/html; charset=utf-8");
}
