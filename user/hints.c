// SPDX-License-Identifier: GPL-2.0
/* Interpretations beside a cause. */
#include "hints.h"

#include <stdio.h>
#include <string.h>

#include "facts.h"
#include "names.h"

static bool process_killed(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	char name[16];

	if (!v->who || !v->who->exit_signal)
		return false;
	snprintf(text, TEXT_LEN, "%s was being killed by %s: its sockets were closed for it",
		 v->name, signal_name(v->who->exit_signal, name));
	return true;
}

static bool early_response(const struct record *r, const struct verdict *v, char text[TEXT_LEN])
{
	if (strcmp(v->cause->id, "close-unread-data") || !r->e.sock.bytes_acked || v->who == NULL ||
	    v->who->flags & TASK_EXITING)
		return false;
	snprintf(text, TEXT_LEN,
		 "closed after a response of at least %llu bytes while the peer was still sending: "
		 "the "
		 "reset may destroy the response before the peer reads it",
		 (unsigned long long)r->e.sock.bytes_acked);
	return true;
}

const struct hint hints[] = {
	{
		.id = "process-killed",
		.title = "the owner was dying by a signal",
		.test = process_killed,
	},
	{
		.id = "early-response",
		.title = "closed with unread data after having answered",
		.test = early_response,
	},
	{0},
};

void add_hints(const struct record *r, struct verdict *v)
{
	char text[TEXT_LEN];

	for (const struct hint *hint = hints; hint->id; hint++)
		if (hint->test(r, v, text))
			verdict_hint(v, hint, "%s", text);
}
