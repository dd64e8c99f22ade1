// SPDX-License-Identifier: GPL-2.0
/* What this process may do, and what the kernel forbids everybody. */
#include "rights.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>

const struct right rights[] = {
	{CAP_BPF, "no tracing: programs and maps cannot be loaded"},
	{CAP_PERFMON, "no tracing: the programs cannot read the kernel's memory"},
	{CAP_SYSLOG, "no names of kernel functions: verdicts that the stack decides are less sure"},
	{CAP_DAC_READ_SEARCH, "no paths of cgroups"},
	{CAP_SYS_PTRACE, "no executables of other users' processes"},
	{0, NULL},
};

bool right_held(const struct right *right)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t value = CAP_CLEAR;

	if (!caps)
		return false;
	cap_get_flag(caps, right->capability, CAP_EFFECTIVE, &value);
	cap_free(caps);
	return value == CAP_SET;
}

const char *right_name(const struct right *right, char buf[32])
{
	char *name = cap_to_name(right->capability);

	snprintf(buf, 32, "%s", name ? name : "?");
	cap_free(name);
	for (char *c = buf; *c; c++)
		*c = toupper((unsigned char)*c);
	return buf;
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
