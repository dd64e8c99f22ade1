// SPDX-License-Identifier: GPL-2.0
/* What this kernel offers, what will be visible, what will not, and why. */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "blind.h"
#include "log.h"
#include "hooks.h"

static void put_text(struct out *o, const struct hooks *hooks, const char *release)
{
	out_format(o, "kernel  %s, types in /sys/kernel/btf/vmlinux\n\nhooks\n", release);
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = &hooks->status[i];

		out_format(o, "  %-5s %-33s %s\n",
			   h->attached ? "yes"
			   : h->waits  ? "waits"
				       : "no",
			   hook_rows[i].name, h->attached ? hook_rows[i].sees : h->why);
	}
	out_string(o, blind_count(hooks) ? "\nnot visible\n" : "\nnothing is hidden\n");
	for (const struct blind *b = blind_spots; b->id; b++)
		if (b->is_blind(hooks))
			out_format(o, "  %-20s %s\n", b->id, b->text);
}

static void put_pair(struct out *o, const char *before, const char *value)
{
	out_string(o, before);
	json_string(o, value, strlen(value));
}

static void put_json(struct out *o, const struct hooks *hooks, const char *release)
{
	bool first = true;

	put_pair(o, "{\"kernel\":", release);
	out_string(o, ",\"hooks\":[");
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = &hooks->status[i];

		put_pair(o, i ? ",{\"hook\":" : "{\"hook\":", hook_rows[i].name);
		out_format(o, ",\"attached\":%s", h->attached ? "true" : "false");
		put_pair(o, ",\"sees\":", hook_rows[i].sees);
		if (!h->attached)
			put_pair(o, ",\"why\":", h->why);
		out_char(o, '}');
	}
	out_string(o, "],\"blind\":[");
	for (const struct blind *b = blind_spots; b->id; b++) {
		if (!b->is_blind(hooks))
			continue;
		put_pair(o, first ? "{\"id\":" : ",{\"id\":", b->id);
		put_pair(o, ",\"text\":", b->text);
		out_char(o, '}');
		first = false;
	}
	out_string(o, "]}\n");
}

int doctor(const struct options *o)
{
	struct kernel k;
	struct hooks hooks;
	struct utsname uts = {0};
	struct out *out = out_new(STDOUT_FILENO);
	int err = out ? kernel_open(&k) : -ENOMEM;

	if (err) {
		log_error("read the kernel's types from /sys/kernel/btf/vmlinux: %s",
			  strerror(-err));
		out_free(out);
		return 1;
	}
	uname(&uts);
	hooks_choose(&hooks, &k, true);
	if (!strcmp(o->format->name, "json"))
		put_json(out, &hooks, uts.release);
	else
		put_text(out, &hooks, uts.release);
	err = out_flush(out);
	if (err)
		log_error("write to stdout: %s", strerror(-err));
	kernel_close(&k);
	out_free(out);
	return err ? 1 : 0;
}
