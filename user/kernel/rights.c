// SPDX-License-Identifier: GPL-2.0
/* What this process may do, what it keeps while it traces, and what the kernel forbids everybody. */
#include "rights.h"

#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

/* Without memory of its own: a right that only seems to be missing would be a wrong answer. */
bool right_is_held(int capability)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

	return !capget(&header, data) &&
	       data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

/* Of a distribution's kernel: above 2 perf_event_open() asks for CAP_SYS_ADMIN. */
static bool is_perf_forbidden(void)
{
	FILE *f = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	int level = 0;

	if (f && fscanf(f, "%d", &level) != 1)
		level = 0;
	if (f)
		fclose(f);
	return level > 2;
}

/* It stands for the first two where those are not held. */
static bool is_admin_needed(const struct hooks *hooks)
{
	if (!right_is_held(CAP_BPF) || !right_is_held(CAP_PERFMON))
		return true;
	return hooks->status[HOOK_MODULE_LOAD_TP].attached && is_perf_forbidden();
}

#define RIGHT(capability) capability, #capability

const struct right rights[] = {
	{RIGHT(CAP_BPF), "no tracing: programs and maps cannot be loaded",
	 "counts, owners of sockets, names of kernel functions, modules that come", NULL},
	{RIGHT(CAP_PERFMON), "no tracing: the programs cannot read the kernel's memory",
	 "owners of sockets, modules that come", NULL},
	/* /proc/kallsyms shows its addresses to who was allowed to see them when it was opened. */
	{RIGHT(CAP_SYSLOG),
	 "before Linux 5.14 no names of kernel functions: verdicts that the stack decides are less "
	 "sure",
	 NULL, NULL},
	/* open_by_handle_at(); and /proc/PID/fd is a directory of that user's own. */
	{RIGHT(CAP_DAC_READ_SEARCH), "no paths of cgroups",
	 "paths of cgroups, whether a process still holds a socket", NULL},
	{RIGHT(CAP_SYS_PTRACE), "no executables of other users' processes",
	 "executables of other users' processes, and whether they still hold a socket", NULL},
	{RIGHT(CAP_SYS_ADMIN), "no kprobes where kernel.perf_event_paranoid is above 2",
	 "functions of modules that come: kernel.perf_event_paranoid is above 2", is_admin_needed},
	{0, NULL, NULL, NULL, NULL},
};

bool right_is_kept(const struct right *right, const struct hooks *hooks)
{
	return right->kept_for && (!right->is_needed || right->is_needed(hooks));
}

void rights_kept(struct kept_rights *ret, const struct hooks *hooks)
{
	ret->len = 0;
	for (const struct right *right = rights; right->without; right++)
		if (right_is_held(right->capability) && right_is_kept(right, hooks))
			ret->list[ret->len++] = right;
}

bool kept_rights_have(const struct kept_rights *kept, int capability)
{
	for (unsigned i = 0; i < kept->len; i++)
		if (kept->list[i]->capability == capability)
			return true;
	return false;
}

/* "none [integrity] confidentiality" */
const char *lockdown_mode(char buf[32])
{
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	char line[128] = "", *begin, *end;

	if (f) {
		if (!fgets(line, sizeof(line), f))
			line[0] = '\0';
		fclose(f);
	}
	begin = strchr(line, '[');
	end = begin ? strchr(begin, ']') : NULL;
	if (end)
		snprintf(buf, 32, "%.*s", (int)(end - begin - 1), begin + 1);
	else
		snprintf(buf, 32, "not known");
	return buf;
}
