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
#include "probe.h"

static void put_text(struct out *o, const struct probe *p, const char *release)
{
	out_format(o, "kernel  %s, types in /sys/kernel/btf/vmlinux\n\nhooks\n", release);
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = probe_hook(p, i);

		out_format(o, "  %-4s %-26s %s\n", h->attached ? "yes" : "no", h->name,
			   h->attached ? h->sees : h->why);
	}
	out_string(o, blind_count(p) ? "\nnot visible\n" : "\nnothing is hidden\n");
	for (const struct blind *b = blind_spots; b->id; b++)
		if (b->is_blind(p))
			out_format(o, "  %-20s %s\n", b->id, b->text);
}

static void put_pair(struct out *o, const char *before, const char *value)
{
	out_string(o, before);
	json_string(o, value, strlen(value));
}

static void put_json(struct out *o, const struct probe *p, const char *release)
{
	bool first = true;

	put_pair(o, "{\"kernel\":", release);
	out_string(o, ",\"hooks\":[");
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = probe_hook(p, i);

		put_pair(o, i ? ",{\"hook\":" : "{\"hook\":", h->name);
		out_format(o, ",\"attached\":%s", h->attached ? "true" : "false");
		put_pair(o, ",\"sees\":", h->sees);
		if (!h->attached)
			put_pair(o, ",\"why\":", h->why);
		out_char(o, '}');
	}
	out_string(o, "],\"blind\":[");
	for (const struct blind *b = blind_spots; b->id; b++) {
		if (!b->is_blind(p))
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
	struct probe *p = NULL;
	struct utsname uts = {0};
	struct out *out = out_new(STDOUT_FILENO);
	int err = kernel_open(&k);

	if (err) {
		log_error("read the kernel's types from /sys/kernel/btf/vmlinux: %s",
			  strerror(-err));
		out_free(out);
		return 1;
	}
	uname(&uts);
	err = out ? probe_survey(&p, &k) : -ENOMEM;
	if (!err) {
		if (!strcmp(o->format->name, "json"))
			put_json(out, p, uts.release);
		else
			put_text(out, p, uts.release);
		err = out_flush(out);
	}
	if (err)
		log_error("doctor: %s", strerror(-err));
	probe_close(p);
	kernel_close(&k);
	out_free(out);
	return err ? 1 : 0;
}
