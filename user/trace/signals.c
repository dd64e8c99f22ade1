// SPDX-License-Identifier: GPL-2.0
/* The signals of a run: what they ask for. */
#include "signals.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "log.h"

/* Of the process, as the signals are. */
static bool end_was_read;
static bool shows_on_terminal;
static bool is_terminal[STDERR_FILENO + 1]; /* at the start: one that is gone is none any more */

static void note_terminals(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		is_terminal[fd] = isatty(fd);
}

static bool is_gone(int terminal)
{
	struct pollfd fd = {.fd = terminal};

	return is_terminal[terminal] && poll(&fd, 1, 0) > 0 && fd.revents & POLLHUP;
}

/*
 * SIGHUP comes from who has renamed the files, or from a terminal that is gone, by way of a shell
 * that tells its jobs: the sender says nothing. A run that shows its events on a terminal has no
 * business without it, and no file to reopen.
 */
static bool hangup_ends(void)
{
	return shows_on_terminal || is_gone(STDIN_FILENO) || is_gone(STDERR_FILENO);
}

int signals_open(bool to_stdout)
{
	sigset_t set;
	int fd;

	note_terminals();
	shows_on_terminal = to_stdout && is_terminal[STDOUT_FILENO];
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd >= 0)
		return fd;
	fd = -errno;
	log_error("open a signalfd: %s", strerror(-fd));
	return fd;
}

static enum request request_of(unsigned number)
{
	if (number == SIGUSR1)
		return REQUEST_COUNTS;
	return number == SIGHUP && !hangup_ends() ? REQUEST_REOPEN : REQUEST_END;
}

enum request signals_read(int fd)
{
	struct signalfd_siginfo info;
	enum request request;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return REQUEST_NONE;
	request = request_of(info.ssi_signo);
	end_was_read |= request == REQUEST_END;
	return request;
}

void signals_ask_end(void)
{
	raise(SIGINT);
}

bool signals_must_end(void)
{
	sigset_t set;

	sigpending(&set);
	return end_was_read || sigismember(&set, SIGINT) || sigismember(&set, SIGTERM) ||
	       (sigismember(&set, SIGHUP) && hangup_ends());
}
