/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef RSTWHY_OPTIONS_H
#define RSTWHY_OPTIONS_H

#include "event.h"
#include "filter.h"
#include "output.h"

enum command { COMMAND_TRACE, COMMAND_EXPLAIN, COMMAND_DOCTOR };

struct options {
	enum command command;
	const char *argument; /* of the command; NULL: none */
	const struct format *format;
	const char *output; /* a path; NULL: stdout */
	double duration; /* seconds; 0: until interrupted */
	unsigned long count; /* events; 0: no limit */
	unsigned long buffer; /* bytes of the ring buffer */
	bool sent_only;
	bool received_only;
	struct config config; /* what BPF is told */
	struct filter filter; /* what user space decides */
	int verbosity; /* enum log_level */
};

/* Exits with status 2 and one clear line when the words make no sense, 0 after --help. */
void options_parse(struct options *o, int argc, char **argv);

#endif
