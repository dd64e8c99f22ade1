// SPDX-License-Identifier: GPL-2.0
/* Who is connected to a server: how long each may take, and who makes room for others. */
#include "crowd.h"

#include <string.h>

#define SECOND 1000000000ULL

struct in6_addr crowd_address(const struct sockaddr *address)
{
	struct in6_addr a = {.s6_addr[10] = 0xff, .s6_addr[11] = 0xff};

	if (address->sa_family == AF_INET6)
		return ((const struct sockaddr_in6 *)address)->sin6_addr;
	memcpy(&a.s6_addr[12], &((const struct sockaddr_in *)address)->sin_addr,
	       sizeof(struct in_addr));
	return a;
}

int crowd_add(struct crowd *c, const struct in6_addr *address, uint64_t now_ns)
{
	for (int i = 0; i < CROWD_PLACES; i++) {
		if (c->clients[i].stage != CROWD_NOBODY)
			continue;
		c->clients[i].address = *address;
		crowd_answered(c, i, now_ns);
		return i;
	}
	return -1;
}

void crowd_remove(struct crowd *c, int client)
{
	c->clients[client].stage = CROWD_NOBODY;
}

static void enter(struct crowd *c, int client, enum crowd_stage stage, uint64_t due_ns)
{
	if (c->clients[client].stage == CROWD_CUT)
		return;
	c->clients[client].stage = stage;
	c->clients[client].due_ns = due_ns;
}

void crowd_asked(struct crowd *c, int client, bool lasting, uint64_t now_ns)
{
	if (lasting)
		enter(c, client, CROWD_LASTING, UINT64_MAX);
	else
		enter(c, client, CROWD_ANSWERED, now_ns + CROWD_ANSWER_S * SECOND);
}

void crowd_answered(struct crowd *c, int client, uint64_t now_ns)
{
	enter(c, client, CROWD_ASKING, now_ns + CROWD_ASK_S * SECOND);
}

void crowd_cut(struct crowd *c, int client)
{
	enter(c, client, CROWD_CUT, UINT64_MAX);
}

static bool is_of(const struct client *client, const struct in6_addr *address)
{
	return !address || IN6_ARE_ADDR_EQUAL(&client->address, address);
}

unsigned crowd_count(const struct crowd *c, const struct in6_addr *address)
{
	unsigned n = 0;

	for (int i = 0; i < CROWD_PLACES; i++)
		n += c->clients[i].stage != CROWD_NOBODY && c->clients[i].stage != CROWD_CUT &&
		     is_of(&c->clients[i], address);
	return n;
}

int crowd_oldest(const struct crowd *c, const struct in6_addr *address)
{
	uint64_t first = UINT64_MAX;
	int oldest = -1;

	for (int i = 0; i < CROWD_PLACES; i++) {
		const struct client *client = &c->clients[i];

		if (client->stage != CROWD_ASKING || !is_of(client, address) ||
		    client->due_ns >= first)
			continue;
		first = client->due_ns;
		oldest = i;
	}
	return oldest;
}

static bool has_clock(const struct client *client)
{
	return client->stage == CROWD_ASKING || client->stage == CROWD_ANSWERED;
}

int crowd_late(const struct crowd *c, uint64_t now_ns)
{
	for (int i = 0; i < CROWD_PLACES; i++)
		if (has_clock(&c->clients[i]) && c->clients[i].due_ns <= now_ns)
			return i;
	return -1;
}

uint64_t crowd_deadline_ns(const struct crowd *c)
{
	uint64_t first = UINT64_MAX;

	for (int i = 0; i < CROWD_PLACES; i++)
		if (has_clock(&c->clients[i]) && c->clients[i].due_ns < first)
			first = c->clients[i].due_ns;
	return first;
}
