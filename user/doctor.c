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
#include "rights.h"
#include "hooks.h"

static void text_rights(struct out *o)
{
	char name[32], mode[32];

	out_format(o, "lockdown  %s\n\nrights\n", lockdown_mode(mode));
	for (const struct right *right = rights; right->without; right++) {
		bool held = right_held(right);

		out_format(o, "  %-5s %-20s %s\n", held ? "yes" : "no", right_name(right, name),
			   held ? "" : right->without);
	}
}

static void text_hooks(struct out *o, const struct hooks *hooks)
{
	out_string(o, "\nhooks\n");
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = &hooks->status[i];

		out_format(o, "  %-5s %-33s %s\n",
			   h->attached ? "yes"
			   : h->waits  ? "waits"
				       : "no",
			   hook_rows[i].name, h->attached ? hook_rows[i].sees : h->why);
	}
}

static void text_blind(struct out *o, const struct hooks *hooks)
{
	char why[512];

	out_string(o, blind_count(hooks) ? "\nwill not be seen\n" : "\nnothing is hidden\n");
	for (const struct blind *b = blind_spots; b->id; b++) {
		if (!b->is_blind(hooks))
			continue;
		blind_why(b, hooks, why, sizeof(why));
		out_format(o, "  %s: %s\n", b->id, b->text);
		if (*why)
			out_format(o, "    %s\n", why);
	}
}

static void put_text(struct out *o, const struct hooks *hooks, const char *release)
{
	out_format(o, "kernel    %s\ntypes     /sys/kernel/btf/vmlinux\n", release);
	text_rights(o);
	text_hooks(o, hooks);
	text_blind(o, hooks);
}

static void put_pair(struct out *o, const char *before, const char *value)
{
	out_string(o, before);
	json_string(o, value, strlen(value));
}

static void json_rights(struct out *o)
{
	char name[32], mode[32];

	put_pair(o, ",\"lockdown\":", lockdown_mode(mode));
	out_string(o, ",\"rights\":{");
	for (const struct right *right = rights; right->without; right++) {
		put_pair(o, right == rights ? "" : ",", right_name(right, name));
		out_string(o, right_held(right) ? ":true" : ":false");
	}
	out_char(o, '}');
}

static void json_hooks(struct out *o, const struct hooks *hooks)
{
	out_string(o, ",\"hooks\":[");
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = &hooks->status[i];

		put_pair(o, i ? ",{\"hook\":" : "{\"hook\":", hook_rows[i].name);
		out_format(o, ",\"attached\":%s,\"waits\":%s", h->attached ? "true" : "false",
			   h->waits ? "true" : "false");
		put_pair(o, ",\"sees\":", hook_rows[i].sees);
		if (!h->attached)
			put_pair(o, ",\"why\":", h->why);
		out_char(o, '}');
	}
	out_char(o, ']');
}

static void json_blind(struct out *o, const struct hooks *hooks)
{
	bool first = true;
	char why[512];

	out_string(o, ",\"blind\":[");
	for (const struct blind *b = blind_spots; b->id; b++) {
		if (!b->is_blind(hooks))
			continue;
		blind_why(b, hooks, why, sizeof(why));
		put_pair(o, first ? "{\"id\":" : ",{\"id\":", b->id);
		put_pair(o, ",\"text\":", b->text);
		put_pair(o, ",\"why\":", why);
		out_char(o, '}');
		first = false;
	}
	out_char(o, ']');
}

static void put_json(struct out *o, const struct hooks *hooks, const char *release)
{
	put_pair(o, "{\"kernel\":", release);
	json_rights(o);
	json_hooks(o, hooks);
	json_blind(o, hooks);
	out_string(o, "}\n");
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
