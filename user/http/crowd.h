/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who is connected to a server: how long each may take, and who makes room for others. Pure.
 *
 * The clock of a client runs from its first moment until its request is there, and again from each
 * answer on: a byte now and then does not stop it.
 */
#ifndef RSTWHY_CROWD_H
#define RSTWHY_CROWD_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

/* Scrapers and readers are few. */
#define CROWD_MAX 64
#define CROWD_PER_ADDRESS 32
/* Who was cut is still there until the server has noticed. */
#define CROWD_PLACES (2 * CROWD_MAX)
#define CROWD_ASK_S 10u /* to ask, from the first byte of silence on */
#define CROWD_ANSWER_S 60u /* to take the answer */

enum crowd_stage {
	CROWD_NOBODY,
	CROWD_ASKING, /* the request is not complete, or there is none */
	CROWD_ANSWERED,
	CROWD_LASTING, /* gets an answer that has no end */
	CROWD_CUT, /* has to go, and does not count any more */
};

struct crowd {
	struct client {
		enum crowd_stage stage;
		struct in6_addr address;
		uint64_t due_ns; /* of those that ask or are answered */
	} clients[CROWD_PLACES];
};

/* A v4 address as the v6 one that stands for it. */
struct in6_addr crowd_address(const struct sockaddr *address);

int crowd_add(struct crowd *c, const struct in6_addr *address, uint64_t now_ns); /* -1: full */
void crowd_remove(struct crowd *c, int client);

void crowd_asked(struct crowd *c, int client, bool lasting, uint64_t now_ns);
void crowd_answered(struct crowd *c, int client, uint64_t now_ns);
void crowd_cut(struct crowd *c, int client);

/* Of this address (NULL: of all) that count. */
unsigned crowd_count(const struct crowd *c, const struct in6_addr *address);

/* Who has waited longest to ask, of this address (NULL: of all); -1: nobody does. */
int crowd_oldest(const struct crowd *c, const struct in6_addr *address);

int crowd_late(const struct crowd *c, uint64_t now_ns); /* whose time is up; -1: nobody's */
uint64_t crowd_deadline_ns(const struct crowd *c); /* UINT64_MAX: none */

#endif
