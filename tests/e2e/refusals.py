# SPDX-License-Identifier: GPL-2.0-only
"""The cheapest resets: connect() to a port where nobody listens, within one host."""

import errno
import socket

import netns
from expect import lookup
from waiting import NotApplicable


def start(play, host, *options, **how):
    """A run, tracing, that sees this host only."""
    if "sent-no-socket" in play.blind:
        raise NotApplicable("this kernel does not show who refuses")
    return play.run("--format=json", "--netns=%d" % host.inode, *options, **how).ready()


def refused(host, port=81, address="127.0.0.1", source=None):
    """Be refused; what must be told of it: the reset that is sent, and that is received."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with netns.inside(host.fd), socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.bind((source or address, 0))
        near = sock.getsockname()[:2]
        code = sock.connect_ex((address, port))
    if code != errno.ECONNREFUSED:
        raise AssertionError("connect: " + errno.errorcode.get(code, "connected"))
    far = (address, port)
    return [("sent", far, near), ("received", near, far)]


def refused_program(host, name, port=81):
    """The same, to a program; it, and what must be told."""
    program = host.program(name)
    end = program.connect("127.0.0.1", port, fails="ECONNREFUSED")
    return program, [("sent", end.peer, end.local), ("received", end.local, end.peer)]


def told(events):
    """Events in the same form."""
    def end(event, side):
        return lookup(event, "network.%s.address" % side), lookup(event, "network.%s.port" % side)
    return [(lookup(e, "reset.direction"), end(e, "local"), end(e, "peer")) for e in events]
