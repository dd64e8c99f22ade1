// SPDX-License-Identifier: GPL-2.0
/* Load: connects to a closed port, one after the other. Each is one reset sent and one received. */
#include "load.h"

static void refused(void)
{
	struct sockaddr_in to = loopback(0, PORT_CLOSED);
	int fd = tcp_socket();

	if (!connect(fd, (struct sockaddr *)&to, sizeof(to)) || errno != ECONNREFUSED)
		die("connect to a closed port");
	close(fd);
}

int main(int argc, char **argv)
{
	struct load load = load_begin(argc, argv);

	while (load_goes_on(&load))
		refused();
	load_say(&load);
	return 0;
}
