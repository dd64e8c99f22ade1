# SPDX-License-Identifier: GPL-2.0-only
"""The stage of a scenario: hosts, connections, and what is expected of the tracer.

A scenario is a function with a docstring that tells the story:

    @scenario("C3", family=("v4", "v6"))
    def close_unread_data(play):
        \"\"\"The server reads 4096 of 5000 bytes and closes.\"\"\"
        client, server = play.connection()
        client.send(5000)
        server.wait_unread(5000)
        server.read(4096)
        server.close()
        client.await_error("ECONNRESET")
        play.sent(server, "close-unread-data", {"socket.unread": 904})
        play.received(client, "peer-aborted")

Every event of its hosts must be expected; a scenario without expectations is one where the tracer
must be silent.
"""

import collections
import contextlib
import errno
import inspect
import socket
import tempfile
from dataclasses import dataclass

import expect
import netns
from cable import Cable
from hosts import Host, join
from programs import Endpoint
from shortrun import Run
from tunpeer import TunPeer
from waiting import PATIENCE

SCENARIOS = []


@dataclass
class Scenario:
    """options: of a tracer run of its own kind; fresh: the scenario starts the tracer itself;
    alone: it judges runs of its own (shortrun.py), and no event of its hosts is expected."""

    name: str
    case: str
    play: object
    family: str
    options: tuple
    fresh: bool
    guest: bool
    alone: bool
    kernel: bool
    flood: bool
    plain: str

    @property
    def story(self):
        return inspect.getdoc(self.play)


def scenario(case, family=("v4",), options=(), fresh=False, guest=False, alone=False,
             kernel=False, flood=False, plain=""):
    """Register a scenario, once per address family: v4, v6, mapped (IPv4 on an IPv6 socket).

    guest=True: it changes settings of the whole machine and runs only with --own-machine.
    flood=True: it needs more processor than an emulated machine has.
    alone=True: it uses play.run() and asserts what it wants to see.
    kernel=True: one of those that depends on the kernel all the same: played on each of them.
    plain="why": it says nothing of a binary that runs under a memory checker (--checker), for it is
    about what the checker changes: speed, size, malloc, the filter of system calls, processes.
    """
    def register(function):
        name = function.__name__.replace("_", "-")
        for one in family:
            full = name if one == "v4" else "%s-%s" % (name, one)
            SCENARIOS.append(Scenario(full, case, function, one, tuple(options), fresh, guest,
                                      alone, kernel, flood, plain))
        return function
    return register


class Play:
    """What a scenario function is given."""

    def __init__(self, family, start_tracer, binary, blind):
        self.family, self.binary, self.blind = family, binary, blind
        self.hosts, self.cables, self.expected = [], [], []
        self.start_tracer, self.runs = start_tracer, []
        self.at_end = contextlib.ExitStack()    # what to undo when all programs are gone
        self.tried = collections.Counter()

    # hosts

    def host(self, name="host", v4="127.0.0.1", v6="::1"):
        """A host that has nothing but loopback."""
        self.hosts.append(Host(name, v4, v6))
        return self.hosts[-1]

    def _pair(self):
        return (self.host("client", "10.9.0.1", "fd09::1"),
                self.host("server", "10.9.0.2", "fd09::2"))

    def two_hosts(self):
        """Client host and server host, joined by a veth pair."""
        left, right = self._pair()
        join(left, right)
        return left, right

    def cabled_hosts(self):
        """Client host (left), server host (right) and the cable that can hold packets."""
        left, right = self._pair()
        self.cables.append(Cable(left.open_tun(), right.open_tun()))
        return left, right, self.cables[-1]

    def tun(self):
        """A host whose only neighbour is a peer in user space."""
        host = self.host("host", "10.8.0.1", "fd08::1")
        return host, TunPeer(host, host.open_tun(), "10.8.0.2", "fd08::2")

    def directory(self):
        """An empty directory, removed afterwards."""
        directory = tempfile.TemporaryDirectory(prefix="rstwhy-e2e-")
        self.at_end.callback(directory.cleanup)
        return directory.name

    def run(self, *options, binary=None, **how):
        """A short run of the binary, or of a copy of it; see shortrun.py."""
        self.runs.append(Run(binary or self.binary, options, **how))
        return self.runs[-1]

    # what the tracer stood, for the figures at the end

    def fault(self):
        """It survived that something was refused or went missing, as it should."""
        self.tried["faults survived"] += 1

    def bad_input(self):
        """It met words, names or lines that make no sense, and did as it should."""
        self.tried["bad inputs refused or tamed"] += 1

    # connections

    def connection(self, hosts=None, port=80, keep_listening=True,
                   client_options={}, server_options={}):
        """An accepted connection between programs "client" and "server": their two ends."""
        left, right = hosts or self.two_hosts()
        listener = right.program("server").listen(right.any(self.family), port, **server_options)
        client = left.program("client").connect(right.address(self.family), port, **client_options)
        server = listener.accept()
        server.listener = listener
        if not keep_listening:
            listener.close()
        return client, server

    def connected_flow(self, port=80, keep_listening=True, **options):
        """A connection that the user-space peer opened to program "server": flow and server end."""
        host, peer = self.tun()
        listener = host.program("server").listen(host.any(self.family), port, **options)
        flow = peer.client(port, self.family).open()
        server = listener.accept()
        server.listener = listener
        if not keep_listening:
            listener.close()
        return flow, server

    def connecting_flow(self, port=80, **options):
        """connect() of program "client" towards the peer, not answered yet: flow and client end."""
        host, peer = self.tun()
        flow = peer.listener(port, self.family)
        address = ("::ffff:" if self.family == "mapped" else "") + peer.addresses[self.family]
        client = host.program("client").begin_connect(address, port, **options)
        return flow, client

    # expectations

    def sent(self, end, cause, facts={}, **how):
        """This end sends one reset of this cause."""
        return self._expect(end, "sent", cause, facts, how)

    def received(self, end, cause, facts={}, **how):
        return self._expect(end, "received", cause, facts, how)

    def died(self, end, cause, facts={}, **how):
        """The connection dies without a reset (--silent)."""
        return self._expect(end, "none", cause, facts, how)

    def _expect(self, end, direction, cause, facts, how):
        how.setdefault("blind", expect.BLIND.get(cause))
        how.setdefault("process", None if cause in expect.NOBODY else end.program)
        somebody = how["process"] not in (None, expect.ANYBODY)
        how.setdefault("owned", somebody and cause in expect.OWNED)
        self.expected.append(expect.Expected(end, direction, cause, dict(facts), **how))

    # the end

    def sentinels(self):
        """Cause one reset, sent and received, in every host, to know that all before is told."""
        for host in self.hosts:
            with netns.inside(host.fd), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
                code = sock.connect_ex(("127.0.0.1", expect.SENTINEL_PORT))
            if code != errno.ECONNREFUSED:
                raise AssertionError("sentinel: " + errno.errorcode.get(code, "connected"))

    def wait_wire(self):
        """Wait until the expected resets have left their hosts and have arrived."""
        for host in self.hosts:
            mine = [e.direction for e in self.expected if e.wire and e.end.host is host]
            host.wire.wait(lambda wire: len(wire.sent) >= mine.count("sent")
                           and len(wire.received) >= mine.count("received"), min(PATIENCE, 20))

    def stop(self):
        with self.at_end:
            for run in self.runs:
                run.kill()
            for cable in self.cables:
                cable.kill()
            for host in self.hosts:
                host.stop()


def endpoint(host, segment, program=None):
    """The end of this host that sent a segment."""
    return Endpoint(host, (segment.src, segment.sport), (segment.dst, segment.dport), program)
