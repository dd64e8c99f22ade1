// SPDX-License-Identifier: GPL-2.0
/* The BPF side as the rest of user space sees it. */
#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "rstwhy.skel.h"

struct probe {
	struct rstwhy_bpf *skel;
	struct ring_buffer *ring;
	struct bpf_link *links[HOOK_MAX];
	struct hooks hooks;
	/* During probe_read(). */
	probe_event_fn fn;
	void *context;
	unsigned taken, limit;
	int cpus;
};

static int failed(const char *tried, int err)
{
	if (err == -EPERM)
		log_error("%s: %s; run as root, or give it CAP_BPF and CAP_PERFMON", tried,
			  strerror(-err));
	else
		log_error("%s: %s; -v -v shows what the kernel said", tried, strerror(-err));
	return err;
}

/* Reasons that alone decide the cause, or do so with the socket's facts: no stack needed. */
static __u64 plain_reasons(const struct kernel *k)
{
	static const enum reason plain[] = {
		REASON_NO_SOCKET,           REASON_TCP_INVALID_ACK_SEQUENCE,
		REASON_TCP_RFC7323_PAWS,    REASON_TCP_FLAGS,
		REASON_TCP_ABORT_ON_DATA,   REASON_TCP_TIMEWAIT_SOCKET,
		REASON_TCP_ABORT_ON_CLOSE,  REASON_TCP_ABORT_ON_LINGER,
		REASON_TCP_ABORT_ON_MEMORY, REASON_TCP_KEEPALIVE_TIMEOUT,
		REASON_INVALID_SYN,
	};
	__u64 bits = 0;

	for (unsigned number = 0; number < KERNEL_REASONS; number++)
		for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
			if (k->reasons[number] && k->reason_of[number] == plain[i])
				bits |= 1ULL << number;
	return bits;
}

/*
 * Drop reasons under which TCP throws a RST away. NOT_SPECIFIED is what a RST gets that was obeyed
 * by a request socket or a TIME_WAIT socket; the others are the ignored ones.
 */
static void choose_drop_reasons(const struct kernel *k, struct config *c)
{
	for (int i = 0; i < DROP_REASONS; i++) {
		const char *name = k->drop_reasons[i];

		if (!name)
			continue;
		if (!strcmp(name, "NOT_SPECIFIED"))
			c->drop_reasons[i] = DROP_UNSPECIFIED;
		else if (c->ignored && (!strncmp(name, "TCP_", 4) || !strcmp(name, "NO_SOCKET") ||
					!strcmp(name, "SOCKET_FILTER")))
			c->drop_reasons[i] = DROP_IGNORED;
	}
}

static void configure(struct probe *p, const struct kernel *k, struct config *c)
{
	const bool *shown = p->hooks.shown;

	c->reason_arg = kernel_tracepoint_args(k, "tcp_send_reset") >= 3;
	c->drop_sk_arg = kernel_tracepoint_args(k, "kfree_skb") >= 4;
	c->confirm_v4 = shown[PATH_REPLY_V4];
	c->confirm_v6 = shown[PATH_REPLY_V6];
	c->has_request_hook = shown[PATH_REQUEST] && shown[PATH_REQUEST_DROP];
	c->has_timewait_hook = shown[PATH_TIMEWAIT] && shown[PATH_TIMEWAIT_KILL];
	c->make_cookie = kernel_can_make_cookies(k);
	c->plain_reasons = plain_reasons(k);
	choose_drop_reasons(k, c);
}

static struct bpf_program *program_of(const struct probe *p, enum hook hook)
{
	return bpf_object__find_program_by_name(p->skel->obj, hook_rows[hook].program);
}

static int load(struct probe *p, const struct kernel *k, const struct config *config,
		unsigned long buffer)
{
	struct config *c;
	int err;

	p->skel = rstwhy_bpf__open();
	if (!p->skel)
		return failed("open the BPF programs", -errno);
	c = (struct config *)&p->skel->rodata->config;
	*c = *config;
	configure(p, k, c);
	bpf_map__set_max_entries(p->skel->maps.events, buffer);
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *status = &p->hooks.status[i];

		bpf_program__set_autoload(program_of(p, i), status->attached || status->waits);
	}
	err = rstwhy_bpf__load(p->skel);
	return err ? failed("load the BPF programs", err) : 0;
}

static int attach_hook(struct probe *p, enum hook hook)
{
	struct hook_status *status = &p->hooks.status[hook];
	char tried[96];
	int err;

	p->links[hook] = bpf_program__attach(program_of(p, hook));
	if (p->links[hook])
		return 0;
	err = -errno;
	status->attached = false;
	snprintf(status->why, sizeof(status->why), "attach: %s", strerror(-err));
	snprintf(tried, sizeof(tried), "attach %s", hook_rows[hook].name);
	return failed(tried, err);
}

static int attach(struct probe *p)
{
	for (int i = 0; i < HOOK_MAX; i++) {
		int err = p->hooks.status[i].attached ? attach_hook(p, i) : 0;

		if (err)
			return err;
	}
	return 0;
}

/* The module was loaded. The kprobe of one that went and came back is dead: it is made anew. */
static void attach_module(struct probe *p, const char *module)
{
	for (int i = 0; i < HOOK_MAX; i++) {
		struct hook_status *status = &p->hooks.status[i];

		if (!hook_rows[i].module || strcmp(hook_rows[i].module, module) ||
		    (!status->waits && !status->attached))
			continue;
		bpf_link__destroy(p->links[i]);
		p->links[i] = bpf_program__attach(program_of(p, i));
		status->attached = p->links[i];
		status->waits = !status->attached;
		log_verbose("%s: %s", hook_rows[i].name,
			    status->attached ? "attached, its module has come" : strerror(errno));
	}
}

static int on_sample(void *context, void *data, size_t size)
{
	struct probe *p = context;
	const struct event *e = data;
	const struct event_with_stack *es = data;

	if (size < sizeof(*e))
		return 0;
	if (e->hook == HOOK_MODULE_LOAD_TP) {
		attach_module(p, e->task.comm);
		return 0;
	}
	p->taken++;
	if (!p->fn(p->context, e, e->stack_len ? es->stack : NULL))
		return -ECANCELED;
	return p->taken == p->limit ? -ECANCELED : 0;
}

static int open_ring(struct probe *p)
{
	p->ring = ring_buffer__new(bpf_map__fd(p->skel->maps.events), on_sample, p, NULL);
	return p->ring ? 0 : failed("open the ring buffer", -errno);
}

int probe_open(struct probe **ret, const struct kernel *k, const struct config *config,
	       unsigned long buffer)
{
	struct probe *p = calloc(1, sizeof(*p));
	int err;

	if (!p)
		return failed("allocate memory", -ENOMEM);
	hooks_choose(&p->hooks, k, config->ignored);
	p->cpus = libbpf_num_possible_cpus();
	if (p->cpus < 0) {
		free(p);
		return failed("count the CPUs", -EINVAL);
	}
	err = load(p, k, config, buffer);
	if (!err)
		err = open_ring(p);
	if (!err)
		err = attach(p);
	if (err) {
		probe_close(p);
		return err;
	}
	*ret = p;
	return 0;
}

void probe_detach(struct probe *p)
{
	for (int i = 0; i < HOOK_MAX; i++) {
		bpf_link__destroy(p->links[i]);
		p->links[i] = NULL;
	}
}

void probe_close(struct probe *p)
{
	if (!p)
		return;
	probe_detach(p);
	ring_buffer__free(p->ring);
	rstwhy_bpf__destroy(p->skel);
	free(p);
}

const struct hooks *probe_hooks(const struct probe *p)
{
	return &p->hooks;
}

int probe_fd(const struct probe *p)
{
	return ring_buffer__epoll_fd(p->ring);
}

int probe_read(struct probe *p, unsigned limit, probe_event_fn fn, void *context)
{
	int err;

	p->fn = fn;
	p->context = context;
	p->taken = 0;
	p->limit = limit;
	err = ring_buffer__consume(p->ring);
	return err < 0 && err != -ECANCELED ? err : (int)p->taken;
}

/* Runs that the kernel skipped because the program was already running on that CPU. */
static __u64 missed_runs(const struct probe *p)
{
	__u64 missed = 0;

	for (int i = 0; i < HOOK_MAX; i++) {
		struct bpf_prog_info info = {0};
		__u32 len = sizeof(info);
		int fd = bpf_program__fd(program_of(p, i));

		if (i == HOOK_SET_STATE_TP || fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
			continue;
		missed += info.recursion_misses;
	}
	return missed;
}

void probe_counts(const struct probe *p, __u64 counts[COUNT_MAX])
{
	__u64 per_cpu[p->cpus];
	int fd = bpf_map__fd(p->skel->maps.totals);

	for (__u32 i = 0; i < COUNT_MAX; i++) {
		counts[i] = 0;
		if (bpf_map_lookup_elem(fd, &i, per_cpu))
			continue;
		for (int cpu = 0; cpu < p->cpus; cpu++)
			counts[i] += per_cpu[cpu];
	}
	counts[COUNT_LOST] += missed_runs(p);
}

void probe_wake_me(struct probe *p)
{
	p->skel->data->reader_sleeps = 1;
}

static void add_counts(struct kind_counts *sum, const struct kind_counts *counts)
{
	sum->counted += counts->counted;
	sum->suppressed += counts->suppressed;
	sum->lost += counts->lost;
	sum->phantom += counts->phantom;
}

int probe_kinds(const struct probe *p, probe_kind_fn fn, void *context)
{
	struct kind_counts *per_cpu = calloc(p->cpus, sizeof(*per_cpu));
	int fd = bpf_map__fd(p->skel->maps.kinds);
	struct kind kind, *last = NULL;

	if (!per_cpu)
		return -ENOMEM;
	for (; !bpf_map_get_next_key(fd, last, &kind); last = &kind) {
		struct kind_counts sum = {0};

		if (bpf_map_lookup_elem(fd, &kind, per_cpu))
			continue;
		for (int cpu = 0; cpu < p->cpus; cpu++)
			add_counts(&sum, &per_cpu[cpu]);
		fn(context, &kind, &sum);
	}
	free(per_cpu);
	return 0;
}

static int grow(struct owner **owners, size_t *size)
{
	size_t new_size = *size ? *size * 2 : 256;
	struct owner *new_owners = realloc(*owners, new_size * sizeof(**owners));

	if (!new_owners)
		return -ENOMEM;
	*owners = new_owners;
	*size = new_size;
	return 0;
}

/* The iterator hands out whole records only. */
static int read_owners(int fd, struct owner **ret, size_t *ret_len)
{
	struct owner_fact facts[64];
	size_t size = 0, len = 0;
	ssize_t n;

	*ret = NULL;
	while ((n = read(fd, facts, sizeof(facts))) > 0) {
		for (size_t i = 0; i < n / sizeof(facts[0]); i++) {
			if (len == size && grow(ret, &size))
				return -ENOMEM;
			(*ret)[len].inode = facts[i].inode;
			(*ret)[len].fd = facts[i].fd;
			(*ret)[len++].task = facts[i].task;
		}
	}
	*ret_len = len;
	return n < 0 ? -errno : 0;
}

int probe_owners(const struct probe *p, struct owner **ret, size_t *ret_len)
{
	struct bpf_link *link = bpf_program__attach_iter(p->skel->progs.owners, NULL);
	int fd, err;

	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	err = fd < 0 ? fd : read_owners(fd, ret, ret_len);
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	if (err) {
		free(*ret);
		*ret = NULL;
	}
	return err;
}
