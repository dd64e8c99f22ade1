// SPDX-License-Identifier: GPL-2.0
/* From an event to a record: what this host knows beside the facts. */
#include "enrich.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "active.h"
#include "cgroups.h"
#include "community_id.h"
#include "event_id.h"
#include "facts.h"
#include "owner.h"
#include "process.h"
#include "symbols.h"
#include "who.h"

#define FRESH_NS 1000000 /* nobody sets the clock for less */

struct enricher {
	const struct kernel *kernel;
	const char *host;
	struct owners *owners;
	struct symbols *symbols;
	struct cgroups *cgroups;
	struct processes *processes;
	/* The path asked about last, and what it tells: it is often the same again. */
	char cgroup[CGROUP_LEN];
	struct container container;
	struct community_ids *community_ids;
	unsigned hz;
	uint64_t boot; /* tells the events of two boots apart */
	/* What the wall clock is ahead of the monotonic one, and when that was looked at. */
	uint64_t ahead_ns;
	uint64_t looked_ns;
};

static uint64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

struct enricher *enricher_new(const struct kernel *k, struct probe *p, const char *host)
{
	struct enricher *en = calloc(1, sizeof(*en));

	if (!en)
		return NULL;
	en->kernel = k;
	en->host = host;
	en->processes = processes_new();
	en->owners = en->processes ? owners_new(p, en->processes) : NULL;
	en->symbols = symbols_new();
	en->cgroups = cgroups_new();
	en->community_ids = community_ids_new();
	en->boot = (clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC)) / 1000000000;
	if (!en->owners || !en->symbols || !en->cgroups || !en->community_ids) {
		enricher_free(en);
		return NULL;
	}
	return en;
}

void enricher_free(struct enricher *en)
{
	if (!en)
		return;
	owners_free(en->owners);
	symbols_free(en->symbols);
	cgroups_free(en->cgroups);
	processes_free(en->processes);
	community_ids_free(en->community_ids);
	free(en);
}

/*
 * Jiffies start at 2^32 - 300 s (INITIAL_JIFFIES, include/linux/jiffies.h) and count with the
 * monotonic clock, so one pair of stamps tells which of the four possible rates this kernel has.
 */
static unsigned find_hz(const struct event *e)
{
	static const unsigned rates[] = {100, 250, 300, 1000};
	double seconds = (double)e->time_ns / 1e9, best = INFINITY;
	unsigned hz = 0;

	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		double expected = 4294967296.0 + (seconds - 300) * rates[i];
		double error = fabs((double)e->jiffies - expected) / rates[i];

		if (error < best) {
			best = error;
			hz = rates[i];
		}
	}
	return hz;
}

/* Ours, not the kernel's: what tracing itself puts on the stack. */
static bool is_scaffold(const char *name)
{
	static const char *const prefixes[] = {
		"bpf_prog_",     "bpf_trace_run", "bpf_trampoline_",
		"__bpf_trace_",  "__traceiter_",  "trace_event_raw_event_",
		"bpf_get_stack", "__bpf_prog_",   "__do_trace_",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

static void name_stack(struct enricher *en, const __u64 *stack, struct record *r)
{
	for (unsigned i = 0; stack && i < r->e.stack_len && r->stack_len < STACK_DEPTH; i++) {
		const char *name = symbols_caller(en->symbols, stack[i]);

		if (name && (r->stack_len || !is_scaffold(name)))
			r->stack[r->stack_len++] = name;
	}
}

static void name_reason(const struct kernel *k, struct record *r)
{
	uint32_t number = r->e.reason;

	if (has(r, HAVE_DROP_REASON) && number < DROP_REASONS)
		r->drop_reason = k->drop_reasons[number];
	if (!has(r, HAVE_REASON))
		return;
	r->reason = REASON_OTHER;
	r->reason_name = "unnamed";
	if (number < KERNEL_REASONS && k->reasons[number]) {
		r->reason = k->reason_of[number];
		r->reason_name = k->reasons[number];
	}
}

/* Asking costs a walk through all open files: only where the answer can matter. */
static bool owner_matters(const struct record *r)
{
	if (!r->e.sock.inode)
		return false;
	/* Unless another process has it locked, to destroy it. */
	if (r->e.state == STATE_SYN_SENT && r->e.life.opener.pid &&
	    (!sock_is(r, SOCK_BIT_OWNED) || r->e.task.pid == r->e.life.opener.pid))
		return false;
	return r->e.state != STATE_CLOSE || !sock_is(r, SOCK_BIT_OWNED);
}

static void find_owner(struct enricher *en, struct record *r)
{
	const struct guesses guesses = {
		4,
		{sock_is(r, SOCK_BIT_OWNED) ? r->e.task.pid : 0, r->e.life.opener.pid,
		 r->e.life.closer.pid, r->e.listener.pid},
	};

	if (owner_matters(r))
		owners_find(en->owners, r->e.sock.inode, &guesses, &r->owner);
}

/* Only destruction sends a reset from a live socket: then the running process is a stranger. */
static bool is_destroyed(const struct record *r)
{
	return is_active(r) && r->e.state != STATE_CLOSE;
}

/* Whose cgroup the socket's is: of who destroys it least of all. NULL: not known. */
static const struct task *holder(const struct record *r)
{
	struct verdict v; /* only who is filled, kilobytes of texts are not */

	if (r->owner.pid)
		return &r->owner;
	v.who = NULL;
	if (is_destroyed(r))
		(void)(who_closed(r, &v) || who_connected(r, &v) || who_listens(r, &v));
	else
		who_holds(r, &v);
	return v.who;
}

static void name_process(struct enricher *en, struct record *r)
{
	struct verdict v; /* filled where it is read */
	const struct process *process;

	if (!who_holds(r, &v))
		return;
	process = processes_find(en->processes, v.who);
	if (!process)
		return;
	r->executable_pid = v.who->pid;
	strcpy(r->executable, process->executable);
}

/*
 * The socket's own cgroup; where that is nobody's, its holder's: cgroup v1 has no sockets in it,
 * and systemd opens those it activates a service by.
 */
static void name_cgroup(struct enricher *en, struct record *r)
{
	const struct task *task;
	const struct process *process;

	cgroups_path(en->cgroups, r->e.sock.cgroup, r->cgroup, sizeof(r->cgroup));
	if (container_is_nobody(r->cgroup)) {
		task = holder(r);
		process = task ? processes_find(en->processes, task) : NULL;
		if (process && process->cgroup[0])
			strcpy(r->cgroup, process->cgroup);
	}
	if (!r->cgroup[0])
		return;
	if (strcmp(en->cgroup, r->cgroup)) {
		strcpy(en->cgroup, r->cgroup);
		container_of(en->cgroup, &en->container);
	}
	r->container = en->container;
}

static void read_line(const char *path, char *line, size_t size)
{
	FILE *f = fopen(path, "re");

	if (!f || !fgets(line, size, f))
		snprintf(line, size, "not known");
	line[strcspn(line, "\n")] = '\0';
	for (char *tab = line; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	if (f)
		fclose(f);
}

/* Both belong to the host, not to a namespace; BPF has no way to read the first. */
static void read_limits(struct record *r)
{
	char orphans[32], memory[64];

	read_line("/proc/sys/net/ipv4/tcp_max_orphans", orphans, sizeof(orphans));
	read_line("/proc/sys/net/ipv4/tcp_mem", memory, sizeof(memory));
	snprintf(r->limits, sizeof(r->limits),
		 "net.ipv4.tcp_max_orphans is %s, net.ipv4.tcp_mem is %s pages", orphans, memory);
}

/* An orphan aborted from this end, not for its TCP_LINGER2: one of the limits was met. */
static bool limits_matter(const struct record *r)
{
	return r->reason == REASON_TCP_ABORT_ON_MEMORY ||
	       (r->reason == REASON_NONE && r->e.direction == DIRECTION_SENT &&
		!has(r, HAVE_SEGMENT) && sock_is(r, SOCK_BIT_DEAD));
}

/* The wall clock may be set at any time: the difference is never older than FRESH_NS. */
static uint64_t wall_clock(struct enricher *en, uint64_t time_ns)
{
	if (time_ns - en->looked_ns >= FRESH_NS) {
		en->looked_ns = time_ns;
		en->ahead_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
	}
	return en->ahead_ns + time_ns;
}

void enrich(struct enricher *en, const struct event *e, const __u64 *stack, struct record *r)
{
	record_begin(r, e);
	r->time_ns = wall_clock(en, e->time_ns);
	r->host = en->host;
	if (!en->hz)
		en->hz = find_hz(e);
	r->hz = en->hz;
	name_reason(en->kernel, r);
	name_stack(en, stack, r);
	if (limits_matter(r))
		read_limits(r);
	if (e->location)
		r->location = symbols_caller(en->symbols, e->location);
	find_owner(en, r);
	name_process(en, r);
	name_cgroup(en, r);
	strcpy(r->community_id, community_ids_find(en->community_ids, &e->flow));
	event_id(en->boot, &r->e, r->id);
}
