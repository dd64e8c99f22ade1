// SPDX-License-Identifier: GPL-2.0
/* The command line: one row of rows[] and one case of parse() for each option. */
#include "options.h"

#include <argp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "built_with.h"
#include "host.h"
#include "log.h"
#include "option_checks.h"
#include "option_error.h"
#include "option_values.h"

#ifndef VERSION
#define VERSION "0"
#endif

#define RATE_DEFAULT 1000
#define BUFFER_DEFAULT (4UL << 20) /* bytes */
#define LISTEN_DEFAULT "127.0.0.1:19435"

static void print_version(FILE *to, struct argp_state *state)
{
	(void)state;
	fprintf(to, "rstwhy %s\n", VERSION);
	for (const struct feature *f = features; f->library; f++)
		fprintf(to, "%s %s (%s)\n", f->is_built_in ? "with" : "without", f->library,
			f->option);
}

void (*argp_program_version_hook)(FILE *, struct argp_state *) = print_version;

static const char doc[] =
	"Say why each TCP reset of this host happened.\v"
	"Commands: without one, trace until interrupted, --duration or --count; "
	"'explain' lists the causes, 'explain CAUSE' explains one; "
	"'doctor' tells what this kernel lets rstwhy see; "
	"'replay FILE' judges and shows recorded events again (JSON lines; '-': stdin); "
	"'report FILE...' makes one web page of them, to be opened without a network; "
	"'top' shows what happens now, on the whole terminal.\n"
	"\n"
	"Data goes to stdout, talk to stderr. Exit status: 0 fine, 1 failed, 2 wrong usage.\n"
	"\n"
	"  rstwhy                          everything, as text\n"
	"  rstwhy -f json --port=443       resets of port 443, one JSON object a line\n"
	"  rstwhy --cause=port-closed -d 10\n"
	"  rstwhy explain close-unread-data\n"
	"  rstwhy replay -v events.json\n"
	"  rstwhy report events.json -o report.html\n"
	"  rstwhy top --sent\n";

static const char usage[] = "\nexplain [CAUSE]\ndoctor\nreplay FILE\nreport FILE...\ntop";

enum key {
	KEY_APPEND = 256,
	KEY_OUTPUT_SIZE,
	KEY_SENT,
	KEY_RECEIVED,
	KEY_SILENT,
	KEY_IGNORED,
	KEY_ADDRESS,
	KEY_PORT,
	KEY_LOCAL_PORT,
	KEY_PEER_PORT,
	KEY_PID,
	KEY_COMM,
	KEY_NETNS,
	KEY_CGROUP,
	KEY_CAUSE,
	KEY_EXCLUDE_CAUSE,
	KEY_STACK,
	KEY_RATE,
	KEY_BUFFER,
	KEY_HOST,
	KEY_TIMEOUTS,
	KEY_LISTEN,
	KEY_PUBLIC,
	KEY_LABEL,
	KEY_PCAPNG,
	KEY_PCAPNG_SIZE,
	KEY_KAFKA,
	KEY_KAFKA_CONFIG,
	KEY_JOURNAL,
	KEY_USER,
	KEY_NO_SANDBOX,
};

static const struct argp_option rows[] = {
	{"format", 'f', "FORMAT", 0,
	 "text (the default): for a person; json: one object a line; ecs: the same in the fields "
	 "of the Elastic Common Schema",
	 1},
	{"output", 'o', "FILE", 0, "Write to FILE instead of stdout", 1},
	{"append", KEY_APPEND, NULL, 0,
	 "Continue the files of --output and --pcapng, do not overwrite them", 1},
	{"output-size", KEY_OUTPUT_SIZE, "SIZE", 0,
	 "Begin a new FILE of --output after SIZE, as 100M; ten are kept", 1},
	{"duration", 'd', "SECONDS", 0, "Stop after SECONDS", 1},
	{"count", 'n', "N", 0, "Stop after N events", 1},
	{"rate", KEY_RATE, "N", 0,
	 "Show at most N events of one kind a second, count the rest (default 1000; 0: all)", 1},
	{"buffer", KEY_BUFFER, "SIZE", 0,
	 "Of the ring buffer: a power of two, as 4M (the default) or 512K", 1},
	{"stack", KEY_STACK, NULL, 0, "With the kernel stack", 1},
	{"host", KEY_HOST, "NAME", 0,
	 "The host of the events (host.name), if it is not to be what hostname(1) prints", 1},
	{"sent", KEY_SENT, NULL, 0, "Only resets this host sends", 2},
	{"received", KEY_RECEIVED, NULL, 0, "Only resets this host receives", 2},
	{"silent", KEY_SILENT, NULL, 0, "Also connections that die without a reset", 2},
	{"ignored", KEY_IGNORED, NULL, 0, "Also resets that arrived and were not obeyed", 2},
	{"address", KEY_ADDRESS, "IP[/LEN]", 0, "Only this address or network, at either end", 3},
	{"port", KEY_PORT, "N", 0, "Only this port, at either end", 3},
	{"local-port", KEY_LOCAL_PORT, "N", 0, "Only this port of this host", 3},
	{"peer-port", KEY_PEER_PORT, "N", 0, "Only this port of the peer", 3},
	{"netns", KEY_NETNS, "INODE", 0, "Only this network namespace (stat -L /proc/PID/ns/net)",
	 3},
	{"pid", KEY_PID, "N", 0, "Only resets of this process", 3},
	{"comm", KEY_COMM, "NAME", 0, "Only resets of processes with this name", 3},
	{"cgroup", KEY_CGROUP, "PATH", 0, "Only this cgroup and those below it", 3},
	{"cause", KEY_CAUSE, "ID[,ID]", 0, "Only these causes", 4},
	{"exclude-cause", KEY_EXCLUDE_CAUSE, "ID[,ID]", 0, "All but these causes", 4},
	{"timeouts", KEY_TIMEOUTS, "FILE", 0,
	 "Idle timeouts of this site, for the hint idle-timeout: SECONDS <tab> WHO [<tab> SOURCE]",
	 5},
	{"listen", KEY_LISTEN, "[ADDRESS]:PORT", OPTION_ARG_OPTIONAL,
	 "Serve a live page and metrics over HTTP (default " LISTEN_DEFAULT ")", 6},
	{"public", KEY_PUBLIC, NULL, 0,
	 "The page of --listen, which tells names and addresses, is for whoever reaches it, not for "
	 "this host alone",
	 6},
	{"label", KEY_LABEL, "unit|container|netns", 0, "Metrics also by systemd unit, ...", 6},
	{"journal", KEY_JOURNAL, NULL, 0, "Also write to the systemd journal", 6},
	{"pcapng", KEY_PCAPNG, "FILE", 0,
	 "Also write the segments, with the verdict as comment, for Wireshark", 6},
	{"pcapng-size", KEY_PCAPNG_SIZE, "SIZE", 0,
	 "Begin a new FILE after SIZE, as 100M; ten are kept", 6},
	{"kafka", KEY_KAFKA, "BROKER[,BROKER]/TOPIC", 0, "Also write JSON to Kafka", 6},
	{"kafka-config", KEY_KAFKA_CONFIG, "FILE", 0,
	 "Settings of librdkafka (TLS, SASL ...), a line KEY=VALUE each", 6},
	{"user", KEY_USER, "USER[:GROUP]", 0,
	 "Run as this user, names or numbers, once everything is open", 7},
	{"no-sandbox", KEY_NO_SANDBOX, NULL, 0, "Keep all rights and system calls: for debugging",
	 7},
	{"verbose", 'v', NULL, 0,
	 "With the evidence, and what was attached; -v -v: libbpf's words too", 7},
	{"quiet", 'q', NULL, 0, "Only errors on stderr", 7},
	{0},
};

static void parse_argument(struct argp_state *state, struct options *o, const char *text)
{
	static const char *const commands[] = {
		[COMMAND_EXPLAIN] = "explain", [COMMAND_DOCTOR] = "doctor",
		[COMMAND_REPLAY] = "replay",   [COMMAND_REPORT] = "report",
		[COMMAND_TOP] = "top",
	};
	const int len = sizeof(commands) / sizeof(commands[0]);

	if (o->command == COMMAND_REPORT) { /* takes all that follow: options came first */
		o->files = (const char *const *)state->argv + state->next - 1;
		o->files_len = state->argc - state->next + 1;
		state->next = state->argc;
		return;
	}
	if ((o->command == COMMAND_EXPLAIN || o->command == COMMAND_REPLAY) && !o->argument) {
		o->argument = text;
		return;
	}
	for (int i = COMMAND_EXPLAIN; i < len && o->command == COMMAND_TRACE; i++) {
		if (!strcmp(commands[i], text)) {
			o->command = i;
			return;
		}
	}
	usage_error(state,
		    "'%s' is too much, or no command; there are explain, doctor, replay, report "
		    "and top",
		    text);
}

/* Where events go, beside the main output. */
static error_t parse_sink(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case KEY_APPEND:
		o->append = true;
		break;
	case KEY_OUTPUT_SIZE:
		o->output_size = parse_file_size(state, "output-size", arg);
		break;
	case KEY_LISTEN:
		o->listen = arg ? parse_listen(state, arg) : LISTEN_DEFAULT;
		break;
	case KEY_PUBLIC:
		o->is_public = true;
		break;
	case KEY_LABEL:
		o->label = parse_label(state, arg);
		break;
	case KEY_JOURNAL:
		o->journal = true;
		break;
	case KEY_PCAPNG:
		o->pcapng = arg;
		break;
	case KEY_PCAPNG_SIZE:
		o->pcapng_size = parse_file_size(state, "pcapng-size", arg);
		break;
	case KEY_KAFKA:
		o->kafka = parse_kafka(state, arg);
		break;
	case KEY_KAFKA_CONFIG:
		o->kafka_config = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* Its events are of another time, and may be of another host. */
static bool is_recorded(const struct options *o)
{
	return o->command == COMMAND_REPLAY || o->command == COMMAND_REPORT;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;
	struct config *c = &o->config;

	switch (key) {
	case 'f':
		parse_format(state, o, arg);
		break;
	case 'o':
		o->output = arg;
		break;
	case 'd':
		o->duration = parse_duration(state, arg);
		break;
	case 'n':
		o->count = parse_number(state, "count", arg, 1, ULONG_MAX);
		break;
	case KEY_RATE:
		c->rate = parse_number(state, "rate", arg, 0, UINT32_MAX);
		break;
	case KEY_BUFFER:
		o->buffer = parse_buffer(state, arg);
		break;
	case KEY_STACK:
		c->stack = true;
		break;
	case KEY_HOST:
		o->host = parse_host(state, arg);
		break;
	case KEY_SENT:
		o->sent_only = true;
		break;
	case KEY_RECEIVED:
		o->received_only = true;
		break;
	case KEY_SILENT:
		c->silent = true;
		break;
	case KEY_IGNORED:
		c->ignored = true;
		break;
	case KEY_ADDRESS:
		parse_address(state, c, arg);
		break;
	case KEY_PORT:
		c->port = parse_number(state, "port", arg, 1, 65535);
		break;
	case KEY_LOCAL_PORT:
		c->local_port = parse_number(state, "local-port", arg, 1, 65535);
		break;
	case KEY_PEER_PORT:
		c->peer_port = parse_number(state, "peer-port", arg, 1, 65535);
		break;
	case KEY_NETNS:
		c->netns = parse_number(state, "netns", arg, 1, UINT32_MAX);
		break;
	case KEY_PID:
		o->filter.pid = parse_number(state, "pid", arg, 1, INT32_MAX);
		o->config.pid = o->filter.pid;
		break;
	case KEY_COMM:
		o->filter.comm = arg;
		memcpy(o->config.comm, arg, strnlen(arg, COMM_LEN));
		break;
	case KEY_CGROUP:
		o->filter.cgroup = arg;
		break;
	case KEY_CAUSE:
		parse_causes(state, o->filter.only, arg);
		break;
	case KEY_EXCLUDE_CAUSE:
		parse_causes(state, o->filter.except, arg);
		break;
	case KEY_TIMEOUTS:
		parse_timeouts(state, arg);
		break;
	case KEY_USER:
		parse_identity(state, o, arg);
		break;
	case KEY_NO_SANDBOX:
		o->no_sandbox = true;
		break;
	case 'v':
		o->verbosity++;
		break;
	case 'q':
		o->verbosity = LOG_QUIET;
		break;
	case ARGP_KEY_ARG:
		parse_argument(state, o, arg);
		break;
	case ARGP_KEY_END:
		check_options(state, o);
		break;
	default:
		return parse_sink(key, arg, state);
	}
	return 0;
}

void options_parse(struct options *o, int argc, char **argv)
{
	static const struct argp argp = {rows, parse, usage, doc, NULL, NULL, NULL};
	error_t err;

	memset(o, 0, sizeof(*o));
	o->format = format_find("text");
	o->config.rate = RATE_DEFAULT;
	o->buffer = BUFFER_DEFAULT;
	argp_err_exit_status = 2;
	err = argp_parse(&argp, argc, argv, 0, NULL, o);
	if (err) { /* not of the options: those are told by argp itself */
		log_error("read the options: %s", strerror(err));
		exit(1);
	}
	if (!o->host && !is_recorded(o))
		o->host = host_own();
}

/* The groups of rows[] that say which events. */
static const struct argp_option *find_filter(const char *name, size_t len)
{
	for (const struct argp_option *row = rows; row->name; row++)
		if (row->group >= 2 && row->group <= 4 && strlen(row->name) == len &&
		    !memcmp(row->name, name, len))
			return row;
	return NULL;
}

static void parse_filter_word(struct argp_state *state, char *word)
{
	char *name = word + strspn(word, "-"), *value = strchr(name, '=');
	size_t len = strcspn(name, "=");
	const struct argp_option *row = find_filter(name, len);

	if (!row)
		usage_error(state, "'%s' is no filter; write --port=443, --comm=NAME, --sent ...",
			    word);
	if (row->arg && !(value && value[1]))
		usage_error(state, "--%s needs a value: --%s=%s", row->name, row->name, row->arg);
	if (!row->arg && value)
		usage_error(state, "--%s takes no value", row->name);
	parse(row->key, value ? value + 1 : name + len, state);
}

bool options_parse_filter(struct options *o, char *words, char error[OPTIONS_ERROR_LEN])
{
	struct argp_state state = {.input = o};
	char *rest;

	memset(o, 0, sizeof(*o));
	o->format = format_find("text");
	if (setjmp(*usage_error_to(error))) {
		usage_error_to(NULL);
		return false;
	}
	for (char *w = strtok_r(words, " ", &rest); w; w = strtok_r(NULL, " ", &rest))
		parse_filter_word(&state, w);
	check_options(&state, o);
	want_recorded(o);
	usage_error_to(NULL);
	return true;
}
