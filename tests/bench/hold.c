// SPDX-License-Identifier: GPL-2.0
/*
 * Holds N open TCP sockets, both ends of N/2 idle connections, in as many processes as the limit
 * of open files asks for. Says "ready" and stays until stdin ends.
 *
 *   hold N
 */
#include "load.h"

#include <sys/resource.h>

#define SPARE_FILES 32

static unsigned long files_allowed(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("setrlimit");
	return limit.rlim_cur - SPARE_FILES;
}

static void hold(unsigned long sockets, unsigned process)
{
	struct sockaddr_in to = loopback(1 + process, PORT_OPEN + 1);
	int listener = tcp_socket();

	if (bind(listener, (struct sockaddr *)&to, sizeof(to)) || listen(listener, 4096))
		die("listen");
	for (unsigned long i = 0; i < sockets / 2; i++)
		if (connect(tcp_socket(), (struct sockaddr *)&to, sizeof(to)) ||
		    accept(listener, NULL, NULL) < 0)
			die("open a connection");
}

int main(int argc, char **argv)
{
	unsigned long left = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, each = files_allowed();
	unsigned processes = 0;
	int pipes[2];
	char byte;

	check_namespace();
	if (pipe(pipes))
		die("pipe");
	for (; left; processes++) {
		unsigned long n = left < each ? left : each;

		if (!fork_child()) {
			hold(n, processes);
			if (write(pipes[1], "", 1) != 1)
				die("write");
			for (;;)
				pause();
		}
		left -= n;
	}
	close(pipes[1]);
	while (processes--)
		if (read(pipes[0], &byte, 1) != 1)
			die("wait for the holders");
	puts("ready");
	fflush(stdout);
	return read(STDIN_FILENO, &byte, 1) < 0;
}
