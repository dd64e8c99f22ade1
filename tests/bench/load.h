/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the load generators share: a loop bounded in time and in number, and its result. They are
 * started in a network namespace of their own (bench.py) and refuse to run where there is more
 * than a loopback.
 *
 *   ./load SECONDS MAX [WORD]    prints "OPERATIONS NANOSECONDS" of wall time
 */
#ifndef RSTWHY_BENCH_LOAD_H
#define RSTWHY_BENCH_LOAD_H

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT_OPEN 8080
#define PORT_CLOSED 9

struct load {
	uint64_t begin_ns, end_ns, n, max;
};

static inline void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static inline uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static inline void check_namespace(void)
{
	struct if_nameindex *i = if_nameindex();

	if (!i || i[0].if_index == 0 || strcmp(i[0].if_name, "lo") != 0 || i[1].if_index) {
		fputs("bench: only in a network namespace with nothing but lo\n", stderr);
		exit(1);
	}
	if_freenameindex(i);
}

static inline struct load load_begin(int argc, char **argv)
{
	struct load l = {0};

	if (argc < 3) {
		fprintf(stderr, "usage: %s SECONDS MAX [WORD]\n", argv[0]);
		exit(2);
	}
	check_namespace();
	l.max = strtoull(argv[2], NULL, 10);
	l.begin_ns = now_ns();
	l.end_ns = l.begin_ns + (uint64_t)(atof(argv[1]) * 1e9);
	return l;
}

static inline bool load_goes_on(struct load *l)
{
	/* The clock is no part of what is measured. */
	if (l->n == l->max || (l->n % 16 == 0 && now_ns() >= l->end_ns))
		return false;
	l->n++;
	return true;
}

static inline void load_say(const struct load *l)
{
	printf("%llu %llu\n", (unsigned long long)l->n,
	       (unsigned long long)(now_ns() - l->begin_ns));
}

/* The n-th address of 127.0.0.0/8 after 127.0.0.1: a flow of one connection meets no other's. */
static inline struct sockaddr_in loopback(uint64_t n, uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK + n % 0xfffff0),
	};
}

static inline int tcp_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

static inline int listen_everywhere(void)
{
	struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(PORT_OPEN)};
	int fd = tcp_socket(), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) || listen(fd, 4096))
		die("listen");
	return fd;
}

/* As fork(), but the child does not outlive its parent. */
static inline pid_t fork_child(void)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	return pid;
}

#endif
