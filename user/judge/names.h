/* SPDX-License-Identifier: GPL-2.0 */
/* Names of the kernel's and our numbers, as the user reads them. NULL: no name. */
#ifndef RSTWHY_NAMES_H
#define RSTWHY_NAMES_H

#include <stddef.h>

#include "verdict.h"

const char *direction_name(enum direction d); /* "sent" */
const char *state_name(enum tcp_state s); /* OpenTelemetry's network.connection.state */
const char *confidence_name(enum confidence c); /* "certain" */
const char *role_name(enum role r); /* "closer" */
const char *error_name(int error); /* "ECONNRESET" */
const char *signal_name(int signal, char buf[16]); /* "SIGKILL" */
enum reason reason_of(const char *name); /* REASON_OTHER: a name not in the list */
const char *end_words(enum end end); /* "was closed" */

#define DURATION_LEN 24
/* "1.24 ms", "0.35 s", "350 s", "12 min", "3.5 h", "12 days", in `buf`, which is returned. */
const char *duration(double seconds, char buf[DURATION_LEN]);

#define ADDRESS_LEN 46
const char *address_text(const __u8 address[16], char buf[ADDRESS_LEN]); /* mapped IPv4 as IPv4 */
/* "10.0.0.1:80", "[fe80::1]:80" */
#define ENDPOINT_LEN (ADDRESS_LEN + 9)
const char *endpoint_text(const __u8 address[16], unsigned port, char buf[ENDPOINT_LEN]);

/* "SA", "PA", "R" ..., as in the contract's segment.flags. */
#define FLAGS_LEN 9
const char *flags_text(__u8 flags, char buf[FLAGS_LEN]);

#endif
