/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The object `facts` of the JSON format: what a record holds and no other key tells, raw and
 * exact, so that a recorded event can be judged again. What is 0, or usual, does not appear.
 * Numbers that only mean something on the running system are left out: kernel addresses, inodes.
 *
 * The tables serve both sides: json_facts.c writes by them, read_facts.c reads. One more number or
 * process is a row there, and a line of the manual page.
 */
#ifndef RSTWHY_JSON_FACTS_H
#define RSTWHY_JSON_FACTS_H

#include "output.h"

enum fact_type {
	FACT_BOOL,
	FACT_U8,
	FACT_U16,
	FACT_U32,
	FACT_U64,
	FACT_S32,
	FACT_DOUBLE,
	FACT_IS_SET, /* of a __u64: written as 1 when it is not 0, and read as 1 */
};

/* What else decides where a fact is told, beside enum have. */
#define TOLD_IPV4 (1u << 28) /* an IPv4 flow */
#define TOLD_QUEUES (1u << 29) /* HAVE_SOCK, not a listener: socket.unacked and .unsent */
#define TOLD_SUMMARY (1u << 31) /* it stands for suppressed events: only its kind is known */
unsigned facts_told(const struct record *r);

/* A number. */
struct fact {
	char key[OUT_SHORT]; /* "snd_una": */
	uint8_t key_len;
	uint8_t type; /* enum fact_type */
	uint16_t offset; /* in struct record */
	unsigned told; /* with all of these bits another key of the line tells it; 0: none does */
	uint8_t usual; /* of a FACT_U8, not 0: what it is without a key, instead of 0 */
};

/* Numbers of one object within `facts`. */
struct fact_group {
	const char *name; /* NULL: they stand in `facts` itself */
	const struct fact *facts; /* ends with one whose key is empty */
	unsigned need; /* one of these bits of facts_told(), or there are none; 0: always asked */
};

/*
 * A process, as [pid, name, flags, exit signal]; the last two are left out when they are 0. One
 * that stands in an earlier row, too, is its pid alone.
 */
struct fact_task {
	const char *key;
	size_t offset;
};

extern const struct fact_group fact_groups[]; /* ends with a group whose facts are NULL */

#define FACT_TASKS 5
extern const struct fact_task fact_tasks[FACT_TASKS];

static inline const struct task *fact_task_at(const struct record *r, unsigned i)
{
	return (const struct task *)((const char *)r + fact_tasks[i].offset);
}

/* As a field of the line; false: there are none. */
bool put_facts(struct out *o, const struct record *r, const struct verdict *v);

#endif
