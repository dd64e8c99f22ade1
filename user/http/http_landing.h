/* SPDX-License-Identifier: GPL-2.0 */
/* What / says where the live page is not for whoever asks: where the rest is. No names. */
#ifndef RSTWHY_HTTP_LANDING_H
#define RSTWHY_HTTP_LANDING_H

#include "http_answer.h"

struct MHD_Response *http_landing_answer(const struct http_request *r);

#endif
