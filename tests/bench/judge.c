// SPDX-License-Identifier: GPL-2.0
/*
 * How many recorded events one core judges and writes as JSON in a second, from memory to
 * /dev/null. The records are those of the unit tests, each as the kernels of several ages tell it.
 *
 *   judge SECONDS ROUNDS    prints the number of records, then two numbers a line: events a second
 *                           judged and written; and with the history before it
 */
#define _GNU_SOURCE /* sched_setaffinity() */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "causes.h"
#include "community_id.h"
#include "history.h"
#include "output.h"
#include "row.h"

#define RECORDS_MAX 8192
#define BATCH 64 /* records between two writes */

static const struct row *const tables[] = {rows_active, rows_answer, rows_received, rows_silent,
					   rows_hints};
static struct record records[RECORDS_MAX];
static size_t records_len;

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* What enrich adds to a real one. */
static void add_record(struct record r)
{
	struct record *to = &records[records_len];

	if (records_len == RECORDS_MAX)
		return;
	records_len++;
	*to = r;
	to->time_ns = 1795180800123456789ULL + records_len * 1000;
	to->e.time_ns += records_len * 1000;
	to->e.flow.peer_port = 1024 + records_len;
	to->e.flow.peer[14] = records_len % 251;
	snprintf(to->id, sizeof(to->id), "%016zx", records_len);
	snprintf(to->cgroup, sizeof(to->cgroup), "/system.slice/nginx.service");
	community_id(&to->e.flow, to->community_id);
}

static void add_row(const struct row *row)
{
	struct record r = record_of(&row->given);

	add_record(r);
	take_stack(&r);
	add_record(r);
	r = record_of(&row->given);
	take_reason(&r);
	add_record(r);
	take_stack(&r);
	add_record(r);
}

static void make_records(void)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct row *row = tables[i]; row->name; row++)
			add_row(row);
}

static void stay_on_one_core(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void work(struct out *out, struct history *h, size_t i)
{
	static const struct style style;
	struct verdict v;

	if (h)
		history_add(h, &records[i]);
	judge(&records[i], &v);
	json_put(out, &style, &records[i], &v);
	if (i % BATCH == 0)
		out_flush(out);
}

/* Events a second. */
static double rate(struct out *out, struct history *h, double seconds)
{
	uint64_t begin = now_ns(), end = begin + (uint64_t)(seconds * 1e9), n = 0;

	do {
		for (size_t i = 0; i < records_len; i++)
			work(out, h, i);
		n += records_len;
	} while (now_ns() < end);
	return n * 1e9 / (now_ns() - begin);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 0.5;
	int rounds = argc > 2 ? atoi(argv[2]) : 5, fd = open("/dev/null", O_WRONLY);
	struct out *out = out_new(fd);

	if (fd < 0 || !out)
		return 1;
	make_records();
	stay_on_one_core();
	printf("%zu\n", records_len);
	for (int i = 0; i < rounds; i++) {
		struct history *h = history_new();

		if (!h)
			return 1;
		printf("%.0f", rate(out, NULL, seconds));
		printf(" %.0f\n", rate(out, h, seconds));
		history_free(h);
	}
	out_free(out);
	return 0;
}
