// SPDX-License-Identifier: GPL-2.0
/* Which options go together, and what follows from them. */
#include "option_checks.h"

#include <string.h>

#include "built_with.h"
#include "option_error.h"
#include "same_file.h"

/* What is of a live run, and has nothing to do with a recording. */
static void check_recorded(struct argp_state *state, const struct options *o, const char *command)
{
	if (!o->argument && !o->files_len)
		usage_error(state, "%s needs a FILE of recorded events, or - for stdin", command);
	if (o->duration > 0)
		usage_error(state, "--duration: a %s ends with its file", command);
}

/* A report is a page, and nothing beside it. */
static void check_report(struct argp_state *state, const struct options *o)
{
	check_recorded(state, o, "report");
	if (o->listen)
		usage_error(state, "--listen: a report is a file; 'replay' serves its page");
	if (o->format != format_find("text"))
		usage_error(state, "--format: a report is a page, in HTML; 'replay' has formats");
	if (o->pcapng || o->kafka || o->journal)
		usage_error(state, "--pcapng, --kafka, --journal: a report goes nowhere else; "
				   "'replay' does");
	if (o->append || o->output_size)
		usage_error(state, "--append, --output-size: a report is a whole page");
	if (o->count)
		usage_error(state, "--count: a report is of whole files; 'replay' may stop");
}

/* The whole terminal is its output. */
static void check_top(struct argp_state *state, const struct options *o)
{
	if (o->output)
		usage_error(state, "--output: top writes to the terminal; its key w writes a file");
	if (strcmp(o->format->name, "text"))
		usage_error(state, "--format: top is for a person; its key w writes JSON");
}

/* Lines and packets in one file are neither. */
static void check_files(struct argp_state *state, const struct options *o)
{
	if (o->append && !o->output && !o->pcapng)
		usage_error(state, "--append is of files: it needs --output=FILE or "
				   "--pcapng=FILE");
	if (o->output_size && !o->output)
		usage_error(state, "--output-size needs --output=FILE");
	if (o->pcapng && o->command != COMMAND_TOP && same_file(o->output, o->pcapng))
		usage_error(state,
			    "--pcapng=%s: %s is the same file; packets need one of their own",
			    o->pcapng, o->output ? o->output : "stdout");
}

void want_recorded(struct options *o)
{
	if (!o->sent_only && !o->received_only)
		o->filter.direction[DIRECTION_NONE] = true;
	o->filter.ignored = true;
}

void check_options(struct argp_state *state, struct options *o)
{
	if (o->sent_only && o->received_only)
		usage_error(state, "--sent and --received exclude each other");
	if (o->user.uid && o->no_sandbox)
		usage_error(state, "--user and --no-sandbox exclude each other");
	if (o->is_public && !o->listen)
		usage_error(state, "--public is of the page: it needs --listen");
	if (o->label && !o->listen)
		usage_error(state, "--label is of the metrics: it needs --listen");
	check_files(state, o);
	if (o->pcapng_size && !o->pcapng)
		usage_error(state, "--pcapng-size needs --pcapng=FILE");
	if (o->kafka_config && !o->kafka)
		usage_error(state, "--kafka-config needs --kafka=BROKERS/TOPIC");
	for (const struct feature *f = features; f->library; f++)
		if (!f->is_built_in && f->is_asked(o))
			usage_error(state,
				    "%s: this rstwhy was built without %s; install %s and "
				    "build again",
				    f->option, f->library, f->package);
	o->config.sent = !o->received_only;
	o->config.received = !o->sent_only;
	o->filter.direction[DIRECTION_SENT] = o->config.sent;
	o->filter.direction[DIRECTION_RECEIVED] = o->config.received;
	o->filter.direction[DIRECTION_NONE] = o->config.silent;
	o->filter.ignored = o->config.ignored;
	if (o->command == COMMAND_REPLAY) {
		check_recorded(state, o, "replay");
		want_recorded(o);
	}
	if (o->command == COMMAND_REPORT) {
		check_report(state, o);
		want_recorded(o);
	}
	if (o->command == COMMAND_TOP)
		check_top(state, o);
}
