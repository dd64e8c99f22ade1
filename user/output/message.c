// SPDX-License-Identifier: GPL-2.0
/* An event in one line among those of other programs. */
#include "message.h"

#include "causes.h"
#include "print.h"

/* What happened to one, with its near end and its far end, and what happened to many. */
static const struct words {
	const char *one, *between, *many;
	bool is_from_peer; /* the peer's end stands first */
} words[DIRECTION_MAX] = {
	[DIRECTION_NONE] = {"TCP connection died without a reset, of", "with",
			    "TCP connections died without a reset", false},
	[DIRECTION_SENT] = {"TCP reset sent from", "to", "TCP resets sent", false},
	[DIRECTION_RECEIVED] = {"TCP reset received from", "at", "TCP resets received", true},
};

void message_text(char to[MESSAGE_LEN], const struct record *r, const struct verdict *v)
{
	const struct words *w = &words[r->e.direction];
	char local[ENDPOINT_LEN], peer[ENDPOINT_LEN];

	if (r->suppressed) {
		print_text(to, MESSAGE_LEN, "%s: %s: %s", w->many, v->cause->id, v->summary);
		return;
	}
	endpoint_text(r->e.flow.local, r->e.flow.local_port, local);
	endpoint_text(r->e.flow.peer, r->e.flow.peer_port, peer);
	print_text(to, MESSAGE_LEN, "%s %s %s %s: %s: %s", w->one, w->is_from_peer ? peer : local,
		   w->between, w->is_from_peer ? local : peer, v->cause->id, v->summary);
}
