# SPDX-License-Identifier: GPL-2.0-only
"""How soon the first event after quiet is told. Quiet is a time, so these sleep; and a crowded
machine makes everybody late at times, so the best of a few runs counts."""

import contextlib
import os
import select
import socket
import struct
import subprocess
import time

import netns
from play import scenario
from refusals import refused, start
from scenarios.owner import kernel
from waiting import PATIENCE, NotApplicable, until

SECONDS = 0.05      # the aim
QUIET = 0.3         # the reader has looked once more, and sleeps until something happens
TRIES = 5


def seconds_to_tell(play, host, act):
    """From act() to the first byte of a fresh run."""
    read_end, write_end = os.pipe()
    run = start(play, host, stdout=write_end)
    os.close(write_end)
    time.sleep(QUIET)
    began = time.monotonic()
    act()
    if not select.select([read_end], [], [], PATIENCE)[0]:
        raise AssertionError("nothing was told")
    seconds = time.monotonic() - began
    run.end()
    os.close(read_end)
    return seconds


def expect_prompt(play, prepare):
    """prepare(host): what to do when it is quiet."""
    tries = []
    for _ in range(TRIES):
        host = play.host()
        tries.append(seconds_to_tell(play, host, prepare(host)))
        if tries[-1] <= SECONDS:
            return
    raise AssertionError("told after %s s" % ", ".join("%.3f" % seconds for seconds in tries))


def rests(run):
    """How often it has waited for something."""
    with open("/proc/%d/status" % run.pid) as file:
        return next(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt"))


@scenario("prompt", alone=True, plain="it is about speed")
def sleeps_when_quiet(play):
    """After an event, and a look at what is left of it, nothing wakes it but the second in which
    what was suppressed would be summed up."""
    host = play.host()
    run = start(play, host)
    refused(host)
    until(lambda: len(run.events()) == 2, "both events")
    time.sleep(QUIET)
    before = rests(run)
    time.sleep(2)
    times = rests(run) - before
    run.end()
    if times > 5:
        raise AssertionError("it woke %d times in two quiet seconds" % times)


def connected(host):
    """Both ends of a connection within the host, in this process."""
    with netns.inside(host.fd), socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        return client, listener.accept()[0]


@scenario("prompt", alone=True, flood=True, plain="it is about speed")
def first_event_plain(play):
    """A refused connection, whose verdict needs no stack."""
    expect_prompt(play, lambda host: lambda: refused(host))


def expect_prompt_abort(play):
    """Of a connection within the host: a stack is named, and who holds the other end is found."""
    with contextlib.ExitStack() as ends:
        def prepare(host):
            client, server = map(ends.enter_context, connected(host))
            server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return server.close
        expect_prompt(play, prepare)


@scenario("prompt", alone=True, flood=True, plain="it is about speed")
def first_event_with_stack(play):
    """An aborted connection, whose verdict needs the names of kernel functions."""
    if kernel() < (5, 14):
        raise NotApplicable("this kernel cannot be asked for single names")
    expect_prompt_abort(play)


@contextlib.contextmanager
def held(play, sockets):
    """So many sockets that another process has open, on a host of their own."""
    path = os.path.join(os.path.dirname(os.path.abspath(play.binary)), "bench", "hold")
    if not os.path.exists(path):
        raise NotApplicable("hold is not built (make e2e)")
    with netns.inside(play.host().fd):
        process = subprocess.Popen([path, str(sockets)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
    with process:
        if process.stdout.readline() != b"ready\n":
            raise NotApplicable("%d sockets cannot be held here" % sockets)
        yield
        process.stdin.close()


@scenario("prompt", alone=True, flood=True, plain="it is about speed")
def first_event_of_unknown_socket(play):
    """Others have so many files open that a look at all takes a tenth of a second."""
    if kernel() < (6, 1):
        raise NotApplicable("this kernel cannot be asked for the files of one process")
    with held(play, 60000):
        expect_prompt_abort(play)
