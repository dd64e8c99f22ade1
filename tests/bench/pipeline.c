// SPDX-License-Identifier: GPL-2.0
/*
 * How many events one core takes through the whole of user space in a second: enrich, hold,
 * history, judge, JSON, to /dev/null; without BPF. They are those of a loop of refused connects on
 * loopback, as recorded on Linux 6.18: each connect is a reset sent and the same one received, and
 * the two find each other.
 *
 *   pipeline SECONDS ROUNDS    prints events a second, a number a line
 */
#define _GNU_SOURCE /* sched_setaffinity() */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "causes.h"
#include "enrich.h"
#include "history.h"
#include "hold.h"
#include "output.h"

#define BATCH 256 /* events between two writes */
#define CONNECT_NS 8000 /* from one connect to the next */
#define ANSWER_NS 1800 /* from the reset sent to the reset received */
#define PORT_CLOSED 9
#define FIRST_PORT 32768 /* net.ipv4.ip_local_port_range */
#define PORTS 28232
#define LOOPBACK                                \
	{                                       \
		[10] = 0xff, 0xff, 127, 0, 0, 1 \
	}

struct pipeline {
	struct enricher *enricher;
	struct hold *hold;
	struct history *history;
	struct out *out;
	uint64_t connects;
};

static const struct kernel kernel = {
	.reasons = {[1] = "NO_SOCKET"},
	.reason_of = {[1] = REASON_NO_SOCKET},
};

static struct event sent = {
	.have = HAVE_SEGMENT | HAVE_TASK | HAVE_REASON,
	.hook = HOOK_SEND_RESET_TP,
	.direction = DIRECTION_SENT,
	.reason = 1,
	.kind = {.direction = DIRECTION_SENT, .reason = 1, .trigger = TRIGGER_SYN},
	.flow = {.local = LOOPBACK,
		 .peer = LOOPBACK,
		 .local_port = PORT_CLOSED,
		 .netns = 4026532177},
	.segment =
		{
			.seq = 3457542932,
			.window = 65495,
			.ip_id = 57470,
			.flags = 2,
			.ttl = 64,
			.dont_fragment = 1,
			.options_len = 20,
			.options = {2,    4, 0xff, 0xd7, 4, 2, 8, 10, 0xe6, 0xa2,
				    0x0c, 0, 0,    0,    0, 0, 1, 3,  3,    10},
		},
	.task = {.comm = "pipeline"},
};

static struct event received = {
	.sk = 0xffff8885c4a3e400,
	.have = HAVE_SOCK | HAVE_TASK | HAVE_LIFE,
	.hook = HOOK_RECEIVE_RESET_TP,
	.direction = DIRECTION_RECEIVED,
	.state = STATE_SYN_SENT,
	.family = 2,
	.kind = {.direction = DIRECTION_RECEIVED, .state = STATE_SYN_SENT},
	.flow = {.local = LOOPBACK,
		 .peer = LOOPBACK,
		 .peer_port = PORT_CLOSED,
		 .netns = 4026532177},
	.sock =
		{
			.cookie = 17277062,
			.inode = 25910357,
			.cgroup = 1,
			.bits = SOCK_BIT_SOCKET | SOCK_BIT_OWNED,
			.snd_una = 3457542932,
			.snd_nxt = 3457542933,
			.write_seq = 3457542933,
			.rcv_wnd = 65495,
			.packets_out = 1,
			.segs_in = 1,
			.segs_out = 1,
			.rto_jiffies = 250,
			.syn_retries = 6,
			.retries2 = 15,
			.fin_timeout_jiffies = 15000,
		},
	.task = {.comm = "pipeline"},
	.life = {.opener = {.comm = "pipeline"}},
};

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void stay_on_one_core(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Their process is this one: it is looked up in /proc. */
static void name_process(void)
{
	sent.task.pid = received.task.pid = received.life.opener.pid = getpid();
}

/* The next connect of the loop. */
static void advance(uint64_t n)
{
	uint64_t now = 12413777861643 + n * CONNECT_NS;
	unsigned port = FIRST_PORT + n % PORTS;

	sent.time_ns = now;
	received.time_ns = now + ANSWER_NS;
	received.life.born_ns = now - ANSWER_NS;
	sent.jiffies = received.jiffies = 4294892296 + now / 1000000;
	sent.flow.peer_port = received.flow.local_port = port;
}

static void show(struct pipeline *p, struct record *r)
{
	static const struct style style;
	struct verdict v;

	history_add(p->history, r);
	judge(r, &v);
	json_put(p->out, &style, r, &v);
}

static void push(struct pipeline *p, const struct event *e)
{
	uint64_t now = now_ns();
	struct record *r;

	enrich(p->enricher, e, NULL, hold_slot(p->hold));
	hold_push(p->hold, now);
	while ((r = hold_pop(p->hold, now)))
		show(p, r);
}

static void push_batch(struct pipeline *p)
{
	for (unsigned i = 0; i < BATCH / 2; i++) {
		advance(p->connects++);
		push(p, &sent);
		push(p, &received);
	}
	out_flush(p->out);
}

/* Events a second. */
static double rate(struct pipeline *p, double seconds)
{
	uint64_t begin = now_ns(), end = begin + (uint64_t)(seconds * 1e9), n = 0;

	do {
		push_batch(p);
		n += BATCH;
	} while (now_ns() < end);
	return n * 1e9 / (now_ns() - begin);
}

int main(int argc, char **argv)
{
	double seconds = argc > 1 ? atof(argv[1]) : 0.5;
	int rounds = argc > 2 ? atoi(argv[2]) : 5, fd = open("/dev/null", O_WRONLY);
	struct pipeline p = {
		.enricher = enricher_new(&kernel, NULL, "web1.example"),
		.hold = hold_new(),
		.history = history_new(),
		.out = out_new(fd),
	};

	if (fd < 0 || !p.enricher || !p.hold || !p.history || !p.out)
		return 1;
	name_process();
	stay_on_one_core();
	for (int i = 0; i < rounds; i++)
		printf("%.0f\n", rate(&p, seconds));
	out_free(p.out);
	history_free(p.history);
	hold_free(p.hold);
	enricher_free(p.enricher);
	return 0;
}
