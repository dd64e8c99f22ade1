// SPDX-License-Identifier: GPL-2.0
/*
 * Load: connections one after the other: connect, accept, the server closes, the client closes.
 *
 *   accept SECONDS MAX [one|two|abort]
 *
 * one: both ends in one process (the default); two: each in its own; abort: as one, but the server
 * resets each connection, which so dies by one reset sent and one received.
 */
#include "load.h"

static int connected(uint64_t n)
{
	struct sockaddr_in to = loopback(n, PORT_OPEN);
	int fd = tcp_socket();

	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die("connect");
	return fd;
}

static void serve_one(int listener, bool abort)
{
	struct linger zero = {.l_onoff = 1};
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		die("accept");
	if (abort)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &zero, sizeof(zero));
	close(fd);
}

/* The server closes first, so it is the client that waits. */
static void await_end(int fd, bool abort)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, 0);

	if (abort ? n != -1 || errno != ECONNRESET : n != 0)
		die("the end of a connection is not what it should be");
	close(fd);
}

static pid_t serve(int listener)
{
	pid_t pid = fork_child();

	if (!pid)
		for (;;)
			serve_one(listener, false);
	return pid;
}

int main(int argc, char **argv)
{
	const char *word = argc > 3 ? argv[3] : "one";
	bool two = !strcmp(word, "two"), abort = !strcmp(word, "abort");
	int listener = listen_everywhere();
	pid_t server = two ? serve(listener) : 0;
	struct load load;

	load = load_begin(argc, argv);
	while (load_goes_on(&load)) {
		int fd = connected(load.n);

		if (!two)
			serve_one(listener, abort);
		await_end(fd, abort);
	}
	load_say(&load);
	if (server)
		kill(server, SIGKILL);
	return 0;
}
