// SPDX-License-Identifier: GPL-2.0
/* What this kernel offers, what will be visible, what will not, and why. */
#include "doctor.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "blind.h"
#include "calls.h"
#include "log.h"
#include "paths.h"
#include "rights.h"
#include "hooks.h"

static void text_rights(struct out *o, const struct hooks *hooks)
{
	char mode[32];

	out_format(o, "lockdown  %s\n\nrights\n", lockdown_mode(mode));
	for (const struct right *right = rights; right->without; right++) {
		bool held = right_is_held(right->capability);
		bool kept = held && right_is_kept(right, hooks);

		out_format(o, "  %-5s %-20s %s%s\n", held ? "yes" : "no", right->name,
			   kept ? "kept while tracing: " : "",
			   !held  ? right->without
			   : kept ? right->kept_for
				  : "given up when tracing begins");
	}
	out_format(o, "  %-5s %-20s %s\n", calls_can_be_refused() ? "yes" : "no", "seccomp",
		   calls_can_be_refused() ? "system calls that tracing does not need are refused"
					  : "system calls that are not needed cannot be refused");
	out_format(o, "  %-5s %-20s %s\n", paths_can_be_closed() ? "yes" : "no", "Landlock",
		   paths_can_be_closed() ? "replay and report write beside their outputs only"
					 : "replay and report could write elsewhere");
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
	text_rights(o, hooks);
	text_hooks(o, hooks);
	text_blind(o, hooks);
}

static void put_pair(struct out *o, const char *before, const char *value)
{
	out_string(o, before);
	json_string(o, value, strlen(value));
}

static void json_rights(struct out *o, const struct hooks *hooks)
{
	char mode[32];
	bool first = true;

	put_pair(o, ",\"lockdown\":", lockdown_mode(mode));
	out_string(o, ",\"rights\":{");
	for (const struct right *right = rights; right->without; right++) {
		put_pair(o, right == rights ? "" : ",", right->name);
		out_string(o, right_is_held(right->capability) ? ":true" : ":false");
	}
	out_string(o, "},\"kept\":{");
	for (const struct right *right = rights; right->without; right++) {
		if (!right_is_held(right->capability) || !right_is_kept(right, hooks))
			continue;
		put_pair(o, first ? "" : ",", right->name);
		put_pair(o, ":", right->kept_for);
		first = false;
	}
	out_format(o, "},\"seccomp\":%s,\"landlock\":%s", calls_can_be_refused() ? "true" : "false",
		   paths_can_be_closed() ? "true" : "false");
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
	json_rights(o, hooks);
	json_hooks(o, hooks);
	json_blind(o, hooks);
	out_string(o, "}\n");
}

int doctor(const struct options *o)
{
	static const struct config everything = {.sent = 1, .received = 1, .ignored = 1};
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
	err = hooks_choose(&hooks, &k, &everything);
	if (err) {
		log_error("try what this kernel can be asked for: %s", strerror(-err));
		kernel_close(&k);
		out_free(out);
		return 1;
	}
	if (strcmp(o->format->name, "text"))
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
