// SPDX-License-Identifier: GPL-2.0
/* What a run says when tracing has begun. */
#include "announce.h"

#include "blind.h"
#include "log.h"
#include "print.h"

static void say_hooks(const struct hooks *hooks)
{
	for (int i = 0; i < HOOK_MAX; i++) {
		const struct hook_status *h = &hooks->status[i];

		log_verbose("%-33s %s%s", hook_rows[i].name,
			    h->attached ? "attached: " : "left out: ",
			    h->attached ? hook_rows[i].sees : h->why);
	}
}

static void say_blind_spots(const struct hooks *hooks)
{
	for (const struct blind *b = blind_spots; b->id; b++) {
		char why[512];

		blind_why(b, hooks, why, sizeof(why));
		if (b->is_blind(hooks))
			log_verbose("not visible: %s (%s)", b->text, why);
	}
}

void announce(const struct options *o, const struct hooks *hooks)
{
	unsigned blind = blind_count(hooks);

	say_hooks(hooks);
	say_blind_spots(hooks);
	log_info("tracing %s%s; %u blind spot%s%s",
		 o->sent_only       ? "sent resets"
		 : o->received_only ? "received resets"
				    : "resets sent and received",
		 o->config.silent ? " and silent deaths" : "", blind, plural(blind),
		 blind ? " ('rstwhy doctor' tells)" : "");
}
