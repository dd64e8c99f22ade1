// SPDX-License-Identifier: GPL-2.0
/* What the running kernel offers. */
#include "kernel.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log.h"
#include "names.h"

#define LENGTH(a) (sizeof(a) / sizeof((a)[0]))

/* Values outside of `names`, names without the prefix (sentinels) and second names are left out. */
static int read_enum(const struct kernel *k, const char *name, const char *prefix, char *names[],
		     size_t len)
{
	int id = btf__find_by_name_kind(k->btf, name, BTF_KIND_ENUM);
	const struct btf_type *type = id > 0 ? btf__type_by_id(k->btf, id) : NULL;
	const struct btf_enum *value = type ? btf_enum(type) : NULL;

	for (unsigned i = 0; type && i < btf_vlen(type); i++, value++) {
		const char *text = btf__name_by_offset(k->btf, value->name_off);
		__u32 number = value->val;

		if (number >= len || names[number] || strncmp(text, prefix, strlen(prefix)))
			continue;
		names[number] = strdup(text + strlen(prefix));
		if (!names[number])
			return -ENOMEM;
	}
	return 0;
}

static int read_reasons(struct kernel *k)
{
	int err = read_enum(k, "sk_rst_reason", "SK_RST_REASON_", k->reasons, KERNEL_REASONS);

	for (int i = 0; i < KERNEL_REASONS; i++)
		if (k->reasons[i])
			k->reason_of[i] = reason_of(k->reasons[i]);
	if (err)
		return err;
	return read_enum(k, "skb_drop_reason", "SKB_DROP_REASON_", k->drop_reasons, DROP_REASONS);
}

/* One level below ours: users read our words, libbpf's only on request. */
static int on_libbpf_message(enum libbpf_print_level level, const char *format, va_list args)
{
	if (log_level() < (level == LIBBPF_DEBUG ? LOG_LIBRARY + 1 : LOG_LIBRARY))
		return 0;
	return log_library(format, args);
}

/* libbpf, which looks in many places, says ESRCH whatever is wrong: the first of them says more. */
static struct btf *load_types(void)
{
	struct btf *btf = btf__load_vmlinux_btf();

	return btf || errno != ESRCH ? btf : btf__parse("/sys/kernel/btf/vmlinux", NULL);
}

int kernel_open(struct kernel *k)
{
	int err;

	libbpf_set_print(on_libbpf_message);

	memset(k, 0, sizeof(*k));
	k->btf = load_types();
	if (!k->btf)
		return -errno;
	err = read_reasons(k);
	if (err)
		kernel_close(k);
	return err;
}

void kernel_forget_types(struct kernel *k)
{
	btf__free(k->btf);
	k->btf = NULL;
}

void kernel_close(struct kernel *k)
{
	kernel_forget_types(k);
	for (int i = 0; i < KERNEL_REASONS; i++)
		free(k->reasons[i]);
	for (int i = 0; i < DROP_REASONS; i++)
		free(k->drop_reasons[i]);
	memset(k, 0, sizeof(*k));
}

/* A tracepoint NAME has a typedef btf_trace_NAME: pointer to a function of (void *, args...). */
int kernel_tracepoint_args(const struct kernel *k, const char *tracepoint)
{
	char name[128];
	const struct btf_type *type;
	int id;

	snprintf(name, sizeof(name), "btf_trace_%s", tracepoint);
	id = btf__find_by_name_kind(k->btf, name, BTF_KIND_TYPEDEF);
	if (id < 0)
		return -ENOENT;
	type = btf__type_by_id(k->btf, id);
	type = btf__type_by_id(k->btf, type->type);
	type = btf__type_by_id(k->btf, type->type);
	return btf_vlen(type) - 1;
}

int kernel_function_args(const struct kernel *k, const char *function)
{
	int id = btf__find_by_name_kind(k->btf, function, BTF_KIND_FUNC);
	const struct btf_type *type;

	if (id < 0)
		return -ENOENT;
	type = btf__type_by_id(k->btf, id);
	return btf_vlen(btf__type_by_id(k->btf, type->type));
}

static const struct bpf_insn empty[] = {
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
	{.code = BPF_JMP | BPF_EXIT},
};

/* Not attached: to take it away again the kernel waits for every CPU, some 20 ms. */
int kernel_try_raw_tp(void)
{
	int prog = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "rstwhy_try", "GPL", empty,
				 LENGTH(empty), NULL);

	if (prog < 0)
		return prog;
	close(prog);
	return 0;
}

int kernel_try_fentry(const struct kernel *k, const char *function)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_FENTRY);
	int id = btf__find_by_name_kind(k->btf, function, BTF_KIND_FUNC);
	int prog, link;

	if (id < 0)
		return -ENOENT;
	opts.attach_btf_id = id;
	prog = bpf_prog_load(BPF_PROG_TYPE_TRACING, "rstwhy_try", "GPL", empty, LENGTH(empty),
			     &opts);
	if (prog < 0)
		return prog;
	link = bpf_raw_tracepoint_open(NULL, prog);
	close(prog);
	if (link < 0)
		return link;
	close(link);
	return 0;
}

bool kernel_can_make_cookies(const struct kernel *k)
{
	const struct bpf_insn ask[] = {
		/* r1 = the first argument, the socket */
		{.code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_1},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_socket_cookie},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = BPF_TRACE_RAW_TP);
	int id = btf__find_by_name_kind(k->btf, "btf_trace_inet_sock_set_state", BTF_KIND_TYPEDEF);
	int prog;

	if (id < 0)
		return false;
	opts.attach_btf_id = id;
	prog = bpf_prog_load(BPF_PROG_TYPE_TRACING, "rstwhy_try", "GPL", ask, LENGTH(ask), &opts);
	if (prog < 0)
		return false;
	close(prog);
	return true;
}

/* perf_event_open() of type kprobe; its number is in sysfs (Documentation/trace/kprobes.rst). */
int kernel_try_kprobe(const char *function)
{
	struct perf_event_attr attr = {.size = sizeof(attr)};
	FILE *f = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	unsigned type = 0;
	int fd;

	if (!f)
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	if (fscanf(f, "%u", &type) != 1)
		type = 0;
	fclose(f);
	if (!type)
		return -EOPNOTSUPP;
	attr.type = type;
	attr.config1 = (unsigned long)function;
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}
