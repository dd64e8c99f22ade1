// SPDX-License-Identifier: GPL-2.0
/*
 * Load: SYNs of a raw socket to closed ports, from every CPU, as fast as the machine makes them.
 * Source and destination are loopback addresses: nothing leaves the namespace.
 */
#define _GNU_SOURCE /* sendmmsg() */
#include "load.h"

#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define BATCH 64
#define PORTS_CLOSED 1000 /* from 1 on */

struct packet {
	struct iphdr ip;
	struct tcphdr tcp;
};

static uint16_t checksum(const struct packet *p)
{
	uint16_t words[sizeof(p->tcp) / 2];
	uint32_t sum = (p->ip.saddr & 0xffff) + (p->ip.saddr >> 16) + (p->ip.daddr & 0xffff) +
		       (p->ip.daddr >> 16) + htons(IPPROTO_TCP) + htons(sizeof(p->tcp));

	memcpy(words, &p->tcp, sizeof(words));
	for (unsigned i = 0; i < sizeof(words) / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return ~(sum + (sum >> 16));
}

static struct packet syn(uint64_t n)
{
	struct packet p = {
		.ip =
			{
				.version = 4,
				.ihl = sizeof(p.ip) / 4,
				.ttl = 64,
				.protocol = IPPROTO_TCP,
				.saddr = loopback(n / PORTS_CLOSED, 0).sin_addr.s_addr,
				.daddr = htonl(INADDR_LOOPBACK),
			},
		.tcp =
			{
				.source = htons(1024 + n % 60000),
				.dest = htons(1 + n % PORTS_CLOSED),
				.seq = htonl((uint32_t)n),
				.doff = sizeof(p.tcp) / 4,
				.syn = 1,
				.window = htons(65535),
			},
	};

	p.tcp.check = checksum(&p);
	return p;
}

static unsigned send_batch(int fd, uint64_t n)
{
	static struct packet packets[BATCH];
	static struct iovec parts[BATCH];
	static struct mmsghdr messages[BATCH];
	struct sockaddr_in to = loopback(0, 0);
	int sent;

	for (unsigned i = 0; i < BATCH; i++) {
		packets[i] = syn(n + i);
		parts[i] = (struct iovec){&packets[i], sizeof(packets[i])};
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &to,
			.msg_namelen = sizeof(to),
			.msg_iov = &parts[i],
			.msg_iovlen = 1,
		};
	}
	sent = sendmmsg(fd, messages, BATCH, 0);
	if (sent < 0 && errno != ENOBUFS)
		die("send a SYN");
	return sent > 0 ? sent : 0;
}

static void flood(const struct load *l, unsigned cpu, uint64_t *sent)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);

	if (fd < 0)
		die("raw socket");
	while (*sent < l->max && now_ns() < l->end_ns)
		*sent += send_batch(fd, cpu * 1000000000ULL + *sent);
}

int main(int argc, char **argv)
{
	unsigned cpus = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t *sent = mmap(NULL, cpus * sizeof(*sent), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct load load = load_begin(argc, argv);

	if (sent == MAP_FAILED)
		die("mmap");
	for (unsigned i = 0; i < cpus; i++) {
		if (!fork_child()) {
			flood(&load, i, &sent[i]);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	for (unsigned i = 0; i < cpus; i++)
		load.n += sent[i];
	load_say(&load);
	return 0;
}
