// SPDX-License-Identifier: GPL-2.0
/* By what the table counts. */
#include "views.h"

#include "causes.h"
#include "names.h"
#include "print.h"

static void key_cause(const struct brief *b, char key[RANKING_KEY_LEN])
{
	print_text(key, RANKING_KEY_LEN, "%s", b->cause->id);
}

static void key_place(const struct brief *b, char key[RANKING_KEY_LEN])
{
	print_text(key, RANKING_KEY_LEN, "%s", b->place);
}

static void key_process(const struct brief *b, char key[RANKING_KEY_LEN])
{
	print_text(key, RANKING_KEY_LEN, "%s", b->process);
}

static void key_peer(const struct brief *b, char key[RANKING_KEY_LEN])
{
	address_text(b->flow.peer, key);
}

static void key_port(const struct brief *b, char key[RANKING_KEY_LEN])
{
	print_text(key, RANKING_KEY_LEN, "%u", b->flow.local_port);
}

static void key_netns(const struct brief *b, char key[RANKING_KEY_LEN])
{
	print_text(key, RANKING_KEY_LEN, "%u", b->flow.netns);
}

const struct view views[VIEWS] = {
	[VIEW_CAUSE] = {"cause", "CAUSE", key_cause},
	[VIEW_PLACE] = {"unit", "UNIT / CONTAINER", key_place},
	[VIEW_PROCESS] = {"process", "PROCESS", key_process},
	[VIEW_PEER] = {"peer", "PEER", key_peer},
	[VIEW_PORT] = {"port", "LOCAL PORT", key_port},
	[VIEW_NETNS] = {"netns", "NETWORK NAMESPACE", key_netns},
};

void view_key(unsigned view, const struct brief *b, char key[RANKING_KEY_LEN])
{
	views[view].key(b, key);
	if (!key[0])
		print_text(key, RANKING_KEY_LEN, NOT_KNOWN);
}
