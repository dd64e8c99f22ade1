// SPDX-License-Identifier: GPL-2.0
/* The BPF side as the rest of user space sees it. */
#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/membarrier.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "probed.h"
#include "loaded.skel.h"

/* The first two pages of a ring buffer. libbpf has no word for them before 1.3. */
#define POSITIONS 2
#define CONSUMER 0
#define PRODUCER 1

#define RUN_MAX_NS 100000000 /* longer than a hypervisor mostly holds a CPU */

struct probe {
	struct rstwhy_bpf *skel;
	struct ring_buffer *ring;
	const char
		*positions; /* how far it was read, how far places were taken; NULL: not mapped */
	long page;
	struct bpf_link *links[HOOK_MAX];
	struct hooks hooks;
	/* During probe_read(). */
	probe_event_fn fn;
	void *context;
	unsigned taken, limit;
	int cpus;
	bool takes_loads; /* the kernel: see bpf/read.bpf.h */
};

static int failed(const char *tried, int err)
{
	char why[128];

	libbpf_strerror(err, why, sizeof(why)); /* it has errors of its own */
	if (err == -ESRCH)
		log_error("%s: libbpf could not read the kernel's types; -v -v shows why", tried);
	else if (err == -EPERM)
		log_error("%s: %s; run as root, or give it CAP_BPF and CAP_PERFMON (before Linux "
			  "5.11 CAP_SYS_RESOURCE, too)",
			  tried, why);
	else
		log_error("%s: %s; -v -v shows what the kernel said", tried, why);
	return err;
}

static int buffer_refused(unsigned long bytes)
{
	bool is_mega = bytes >= 1 << 20;

	log_error("allocate a ring buffer of %lu%c: %s; try a smaller --buffer",
		  is_mega ? bytes >> 20 : bytes >> 10, is_mega ? 'M' : 'K', strerror(ENOMEM));
	return -ENOMEM;
}

/* libbpf does not tell for which map there was no memory: is there any for this one alone? */
static bool is_buffer_too_large(unsigned long bytes)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "rstwhy_try", 0, 0, bytes, NULL);

	if (fd >= 0)
		close(fd);
	return fd == -ENOMEM;
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

/* As rstwhy_bpf__open() does it, with the object that this kernel takes. */
static int open_programs(struct probe *p)
{
	p->skel = calloc(1, sizeof(*p->skel));
	if (!p->skel || rstwhy_bpf__create_skeleton(p->skel))
		return -ENOMEM;
	if (!p->takes_loads)
		p->skel->skeleton->data = probed_object(&p->skel->skeleton->data_sz);
	return bpf_object__open_skeleton(p->skel->skeleton, NULL);
}

static int load(struct probe *p, const struct config *config, unsigned long buffer)
{
	int err = open_programs(p);

	if (err)
		return failed("open the BPF programs", err);
	memcpy((struct config *)&p->skel->rodata->config, config, sizeof(*config));
	bpf_map__set_max_entries(p->skel->maps.events, buffer);
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *status = &p->hooks.status[i];

		bpf_program__set_autoload(program_of(p, i), status->attached || status->waits);
	}
	err = rstwhy_bpf__load(p->skel);
	if (err == -ENOMEM && is_buffer_too_large(buffer))
		return buffer_refused(buffer);
	if (err)
		return failed("load the BPF programs", err);
	/* libbpf goes on without when the kernel would not let it map an array. */
	return p->skel->data ? 0 : failed("map the data of the BPF programs", -EOPNOTSUPP);
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

/* It is mapped twice, one behind the other. */
static int open_ring(struct probe *p, unsigned long buffer)
{
	p->ring = ring_buffer__new(bpf_map__fd(p->skel->maps.events), on_sample, p, NULL);
	if (!p->ring && errno == ENOMEM)
		return buffer_refused(buffer);
	if (!p->ring)
		return failed("open the ring buffer", -errno);
	p->page = sysconf(_SC_PAGESIZE);
	p->positions = mmap(NULL, POSITIONS * p->page, PROT_READ, MAP_SHARED,
			    bpf_map__fd(p->skel->maps.events), 0);
	if (p->positions != MAP_FAILED)
		return 0;
	p->positions = NULL;
	return failed("map the positions of the ring buffer", -errno);
}

int probe_open(struct probe **ret, struct kernel *k, const struct config *wanted,
	       unsigned long buffer)
{
	struct probe *p = calloc(1, sizeof(*p));
	struct config config = *wanted;
	int err;

	if (!p)
		return failed("allocate memory", -ENOMEM);
	err = hooks_choose(&p->hooks, k, &config);
	if (err) {
		free(p);
		return failed("try what this kernel can be asked for", err);
	}
	p->takes_loads = kernel_function_args(k, "bpf_rdonly_cast") >= 0;
	configure(p, k, &config);
	kernel_forget_types(k);
	p->cpus = libbpf_num_possible_cpus();
	err = p->cpus < 0 ? failed("count the CPUs", p->cpus) : load(p, &config, buffer);
	if (!err)
		err = open_ring(p, buffer);
	if (!err)
		err = attach(p);
	if (err) {
		probe_close(p);
		return err;
	}
	*ret = p;
	return 0;
}

static void detach(struct probe *p)
{
	for (int i = 0; i < HOOK_MAX; i++) {
		bpf_link__destroy(p->links[i]);
		p->links[i] = NULL;
	}
}

/*
 * A program may be between its first and its last count, on a CPU that an interrupt or a hypervisor
 * holds, and nothing of a link tells. Programs run in RCU's read side, and this waits for all of
 * it (kernel/sched/membarrier.c). It is refused with nohz_full=.
 */
static void wait_for_runs(void)
{
	const struct timespec moment = {.tv_nsec = RUN_MAX_NS};

	if (syscall(__NR_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0))
		nanosleep(&moment, NULL);
}

void probe_detach(struct probe *p)
{
	detach(p);
	wait_for_runs();
}

void probe_close(struct probe *p)
{
	if (!p)
		return;
	detach(p);
	if (p->positions)
		munmap((void *)p->positions, POSITIONS * p->page);
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
static __u64 runs_skipped(const struct probe *p, bool resets_only)
{
	__u64 skipped = 0;

	for (int i = 0; i < HOOK_MAX; i++) {
		struct bpf_prog_info info = {0};
		__u32 len = sizeof(info);
		int fd = bpf_program__fd(program_of(p, i));

		if (hook_rows[i].resets_only != resets_only || fd < 0 ||
		    bpf_obj_get_info_by_fd(fd, &info, &len))
			continue;
		skipped += info.recursion_misses;
	}
	return skipped;
}

__u64 probe_missed_runs(const struct probe *p)
{
	return runs_skipped(p, true);
}

__u64 probe_skipped_runs(const struct probe *p)
{
	return runs_skipped(p, false);
}

bool probe_is_retracted(const struct probe *p, const struct event *e)
{
	struct retraction key = {.sk = e->sk, .time_ns = e->time_ns};
	__u8 yes;

	return !bpf_map_lookup_elem(bpf_map__fd(p->skel->maps.retractions), &key, &yes);
}

void probe_wake_me(struct probe *p)
{
	p->skel->data->reader_sleeps = 1;
}

static unsigned long position(const struct probe *p, int which)
{
	return __atomic_load_n((const unsigned long *)(p->positions + which * p->page),
			       __ATOMIC_ACQUIRE);
}

bool probe_is_empty(const struct probe *p)
{
	return position(p, CONSUMER) == position(p, PRODUCER);
}

static void add_counts(struct kind_counts *sum, const struct kind_counts *counts)
{
	sum->counted += counts->counted;
	sum->suppressed += counts->suppressed;
	sum->lost += counts->lost;
	sum->phantom += counts->phantom;
}

/* The sum over all CPUs of the element. 0 or -errno, all zero then. */
static int sum_counts(const struct probe *p, const struct bpf_map *map, const void *key,
		      struct kind_counts *ret)
{
	struct kind_counts per_cpu[p->cpus];
	int err;

	/* What an error leaves. And valgrind takes bpf() to write the share of one CPU only. */
	memset(per_cpu, 0, sizeof(per_cpu));
	memset(ret, 0, sizeof(*ret));
	err = bpf_map_lookup_elem(bpf_map__fd(map), key, per_cpu);
	for (int cpu = 0; cpu < p->cpus; cpu++)
		add_counts(ret, &per_cpu[cpu]);
	return err;
}

int probe_kinds(const struct probe *p, probe_kind_fn fn, void *context)
{
	int fd = bpf_map__fd(p->skel->maps.kinds), end, failed = 0;
	struct kind kind, *last = NULL;
	struct kind_counts sum;

	for (; !(end = bpf_map_get_next_key(fd, last, &kind)); last = &kind) {
		int err = sum_counts(p, p->skel->maps.kinds, &kind, &sum);

		if (!err)
			fn(context, &kind, &sum);
		failed = err ? err : failed;
	}
	if (end != -ENOENT)
		failed = end;
	for (__u32 direction = 0; direction < DIRECTION_MAX; direction++) {
		int err = sum_counts(p, p->skel->maps.kinds_beyond, &direction, &sum);

		kind = (struct kind){.direction = direction};
		if (sum.counted)
			fn(context, &kind, &sum);
		failed = err ? err : failed;
	}
	return failed;
}

static void add_to_totals(void *context, const struct kind *kind, const struct kind_counts *counts)
{
	__u64 *totals = context;

	totals[count_of(kind->direction)] += counts->counted;
	totals[COUNT_PHANTOM] += counts->phantom;
	totals[COUNT_SUPPRESSED] += counts->suppressed;
	totals[COUNT_LOST] += counts->lost;
}

int probe_counts(const struct probe *p, __u64 counts[COUNT_MAX])
{
	int err;

	memset(counts, 0, COUNT_MAX * sizeof(counts[0]));
	err = probe_kinds(p, add_to_totals, counts);
	counts[COUNT_MISSED] = probe_missed_runs(p);
	counts[COUNT_LOST] += counts[COUNT_MISSED];
	counts[COUNT_SKIPPED] = probe_skipped_runs(p);
	return err;
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

/*
 * Before 6.1, commit f0d74c4da1f0 "bpf: Parameterize task iterators.", the kernel says E2BIG: it
 * has no such member, and it is not 0.
 */
int probe_owners(const struct probe *p, unsigned pid, struct owner **ret, size_t *ret_len)
{
	union bpf_iter_link_info info = {.task = {.pid = pid}};
	LIBBPF_OPTS(bpf_iter_attach_opts, opts, .link_info = &info, .link_info_len = sizeof(info));
	struct bpf_link *link = bpf_program__attach_iter(p->skel->progs.owners, pid ? &opts : NULL);
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
