/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef RSTWHY_OPTIONS_H
#define RSTWHY_OPTIONS_H

#include "event.h"
#include "filter.h"
#include "identity.h"
#include "output.h"

/* What the metrics tell apart beside cause and state. */
enum label { LABEL_NONE, LABEL_UNIT, LABEL_CONTAINER, LABEL_NETNS };

enum command {
	COMMAND_TRACE,
	COMMAND_EXPLAIN,
	COMMAND_DOCTOR,
	COMMAND_REPLAY,
	COMMAND_REPORT,
	COMMAND_TOP,
};

struct options {
	enum command command;
	const char *argument; /* of the command; NULL: none */
	const char *const *files; /* of `report`: words of argv */
	unsigned files_len;
	const struct format *format;
	const char *host; /* in the events; NULL: not known, or a recording says it */
	const char *output; /* a path; NULL: stdout */
	unsigned long output_size; /* bytes, after which a new file begins; 0: never */
	bool append; /* files that are there are continued, not overwritten */
	const char *listen; /* [ADDRESS]:PORT of metrics and page; NULL: none */
	bool is_public; /* the page is not for this host alone */
	enum label label; /* of the metrics */
	const char *pcapng; /* a path; NULL: none */
	unsigned long pcapng_size; /* bytes, after which a new file begins; 0: never */
	const char *kafka; /* BROKERS/TOPIC; NULL: none */
	const char *kafka_config; /* a path: settings of librdkafka; NULL: none */
	bool journal;
	double duration; /* seconds; 0: until interrupted */
	unsigned long count; /* events; 0: no limit */
	unsigned long buffer; /* bytes of the ring buffer */
	bool sent_only;
	bool received_only;
	struct config config; /* what BPF is told */
	struct filter filter; /* what user space decides */
	struct identity user; /* to run as once all is open; uid 0: no change */
	bool no_sandbox; /* keep all rights */
	int verbosity; /* enum log_level */
};

/* Exits with status 2 and one clear line when the words make no sense, 0 after --help. */
void options_parse(struct options *o, int argc, char **argv);

/*
 * Filters alone, written as on the command line, with or without the dashes: "--port=443
 * cause=port-closed". Cuts `words` up; `o` points into them. Passes all that no word excludes.
 * false: `error` says why, and `o` is of no use.
 */
#define OPTIONS_ERROR_LEN 160
bool options_parse_filter(struct options *o, char *words, char error[OPTIONS_ERROR_LEN]);

#endif
