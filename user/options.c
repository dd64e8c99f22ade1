// SPDX-License-Identifier: GPL-2.0
/* The command line: one row of rows[] and one case of parse() for each option. */
#include "options.h"

#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "timeouts.h"

#ifndef VERSION
#define VERSION "0"
#endif

#define RATE_DEFAULT 1000
#define BUFFER_DEFAULT (2ul << 20)
#define BUFFER_MIN (64ul << 10)
#define BUFFER_MAX (1024ul << 20)

const char *argp_program_version = "rstwhy " VERSION;

static const char doc[] =
	"Say why each TCP reset of this host happened.\v"
	"Commands: without one, trace until interrupted, --duration or --count; "
	"'explain' lists the causes, 'explain CAUSE' explains one; "
	"'doctor' tells what this kernel lets rstwhy see.\n"
	"\n"
	"Data goes to stdout, talk to stderr. Exit status: 0 fine, 1 failed, 2 wrong usage.\n"
	"\n"
	"  rstwhy                          everything, as text\n"
	"  rstwhy -f json --port=443       resets of port 443, one JSON object a line\n"
	"  rstwhy --cause=port-closed -d 10\n"
	"  rstwhy explain close-unread-data\n";

static const char usage[] = "\nexplain [CAUSE]\ndoctor";

enum key {
	KEY_SENT = 256,
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
	KEY_TIMEOUTS,
};

static const struct argp_option rows[] = {
	{"format", 'f', "FORMAT", 0, "text (the default): for a person; json: one object a line",
	 1},
	{"output", 'o', "FILE", 0, "Write to FILE instead of stdout", 1},
	{"duration", 'd', "SECONDS", 0, "Stop after SECONDS", 1},
	{"count", 'n', "N", 0, "Stop after N events", 1},
	{"rate", KEY_RATE, "N", 0,
	 "Show at most N events of one kind a second, count the rest (default 1000; 0: all)", 1},
	{"buffer", KEY_BUFFER, "SIZE", 0,
	 "Of the ring buffer: a power of two, as 2M (the default) or 512K", 1},
	{"stack", KEY_STACK, NULL, 0, "With the kernel stack", 1},
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
	{"verbose", 'v', NULL, 0,
	 "With the evidence, and what was attached; -v -v: libbpf's words too", 6},
	{"quiet", 'q', NULL, 0, "Only errors on stderr", 6},
	{0},
};

static unsigned long parse_number(struct argp_state *state, const char *what, const char *text,
				  unsigned long min, unsigned long max)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || n < min || n > max)
		argp_error(state, "--%s=%s: not a number from %lu to %lu", what, text, min, max);
	return n;
}

/* The kernel takes a power of two of whole pages. */
static unsigned long parse_size(struct argp_state *state, const char *text)
{
	char *end;
	unsigned long size;

	errno = 0;
	size = strtoul(text, &end, 10);
	if (*end == 'K' || *end == 'M')
		size <<= *end++ == 'K' ? 10 : 20;
	if (errno || *end || *text < '0' || *text > '9' || size & (size - 1) || size < BUFFER_MIN ||
	    size > BUFFER_MAX)
		argp_error(state, "--buffer=%s: not a power of two from 64K to 1024M", text);
	return size;
}

static double parse_duration(struct argp_state *state, const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (*end || end == text || !(seconds > 0) || !isfinite(seconds))
		argp_error(state, "--duration=%s: not a number of seconds above 0", text);
	return seconds;
}

static unsigned long parse_prefix(struct argp_state *state, const char *address, const char *text,
				  unsigned long max)
{
	char *end;
	unsigned long bits = strtoul(text, &end, 10);

	if (*end || *text < '0' || *text > '9' || bits > max)
		argp_error(state, "--address=%s: the length is no number from 0 to %lu", address,
			   max);
	return bits;
}

/* Both families as 16 bytes; an IPv4 prefix lies behind the 96 bits of ::ffff:0:0. */
static void parse_address(struct argp_state *state, struct config *c, const char *text)
{
	char address[64];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	bool v4;
	unsigned long bits;

	if (len >= sizeof(address))
		argp_error(state, "--address=%s: not an IP address", text);
	memcpy(address, text, len);
	address[len] = '\0';
	memset(c->address, 0, sizeof(c->address));
	v4 = inet_pton(AF_INET, address, c->address + 12) == 1;
	if (v4)
		c->address[10] = c->address[11] = 0xff;
	else if (inet_pton(AF_INET6, address, c->address) != 1)
		argp_error(state, "--address=%s: not an IP address", text);
	bits = v4 ? 32 : 128;
	if (slash)
		bits = parse_prefix(state, text, slash + 1, bits);
	bits += v4 ? 96 : 0;
	for (unsigned i = 0; i < 16; i++) {
		unsigned in_byte = bits > i * 8 ? bits - i * 8 : 0;

		c->address_mask[i] = in_byte >= 8 ? 0xff : (uint8_t)(0xff00 >> in_byte);
		c->address[i] &= c->address_mask[i];
	}
	c->has_address = true;
}

static void parse_causes(struct argp_state *state, const struct cause *list[], char *text)
{
	size_t n = 0;

	while (list[n])
		n++;
	if (!text[strspn(text, ",")])
		argp_error(state, "no cause given; 'rstwhy explain' lists them");
	for (char *id = strtok(text, ","); id; id = strtok(NULL, ",")) {
		const struct cause *cause = cause_find(id);

		if (!cause)
			argp_error(state, "no cause '%s'; 'rstwhy explain' lists them", id);
		if (n == FILTER_CAUSES_MAX)
			argp_error(state, "more than %d causes", FILTER_CAUSES_MAX);
		list[n++] = cause;
	}
}

static void parse_format(struct argp_state *state, struct options *o, const char *text)
{
	o->format = format_find(text);
	if (!o->format)
		argp_error(state, "--format=%s: no such format; there are text and json", text);
}

static void parse_timeouts(struct argp_state *state, const char *path)
{
	char error[TIMEOUTS_ERROR_LEN];

	if (timeouts_read(path, error))
		argp_error(state, "%s", error);
}

static void parse_argument(struct argp_state *state, struct options *o, const char *text)
{
	static const char *const commands[] = {
		[COMMAND_EXPLAIN] = "explain",
		[COMMAND_DOCTOR] = "doctor",
	};

	if (o->command == COMMAND_EXPLAIN && !o->argument) {
		o->argument = text;
		return;
	}
	for (int i = COMMAND_EXPLAIN; i <= COMMAND_DOCTOR && o->command == COMMAND_TRACE; i++) {
		if (!strcmp(commands[i], text)) {
			o->command = i;
			return;
		}
	}
	argp_error(state, "'%s' is too much, or no command; there are explain and doctor", text);
}

static void check(struct argp_state *state, struct options *o)
{
	if (o->sent_only && o->received_only)
		argp_error(state, "--sent and --received exclude each other");
	o->config.sent = !o->received_only;
	o->config.received = !o->sent_only;
	o->filter.direction[DIRECTION_SENT] = o->config.sent;
	o->filter.direction[DIRECTION_RECEIVED] = o->config.received;
	o->filter.direction[DIRECTION_NONE] = o->config.silent;
	o->filter.ignored = o->config.ignored;
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
		o->buffer = parse_size(state, arg);
		break;
	case KEY_STACK:
		c->stack = true;
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
		break;
	case KEY_COMM:
		o->filter.comm = arg;
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
		check(state, o);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void options_parse(struct options *o, int argc, char **argv)
{
	static const struct argp argp = {rows, parse, usage, doc, NULL, NULL, NULL};

	memset(o, 0, sizeof(*o));
	o->format = format_find("text");
	o->config.rate = RATE_DEFAULT;
	o->buffer = BUFFER_DEFAULT;
	argp_err_exit_status = 2;
	if (argp_parse(&argp, argc, argv, 0, NULL, o))
		exit(2);
}
