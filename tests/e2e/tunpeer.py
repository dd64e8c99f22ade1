# SPDX-License-Identifier: GPL-2.0-only
"""A TCP peer in user space, behind a TUN device: it says exactly what a scenario tells it.

    flow = peer.client(kernel_port)      a connection to the kernel
    flow.send("S"); flow.expect("SA"); flow.send("A")
    flow.send("PA", b"hello")

Sequence and acknowledgement numbers follow by themselves; seq= and ack= overrule them for one
segment. The peer never answers on its own: who does not answer is a dead host.
"""

import itertools
import os
import select
import time

import packet
from packet import Segment
from programs import Endpoint
from waiting import PATIENCE

ISN = 1000000

# No port twice in a run: the addresses are those of earlier scenarios, and so may the inode number
# of the namespace be; a tracer that remembers connections must not take one for the other.
PORTS = itertools.count(20000)


class TunPeer:
    """The far end of a host's TUN device."""

    def __init__(self, host, fd, v4, v6):
        self.host, self.fd = host, fd
        self.addresses = {"v4": v4, "v6": v6, "mapped": v4}
        self.inbox = []

    def client(self, kernel_port, family="v4"):
        """A flow that this peer opens to a port of the kernel."""
        return self.flow(next(PORTS), kernel_port, family)

    def flow(self, port, kernel_port=None, family="v4"):
        kernel = self.host.v6 if family == "v6" else self.host.v4
        return Flow(self, (self.addresses[family], port), (kernel, kernel_port))

    def listener(self, port, family="v4"):
        """A flow that the kernel will open to a port of this peer."""
        return self.flow(port, None, family)

    def inject(self, raw):
        os.write(self.fd, raw)

    def receive(self, wanted, what, patience=PATIENCE):
        """The next segment that wanted() accepts; others of the same flow are passed over."""
        deadline = time.monotonic() + patience
        while True:
            for at, (segment, raw) in enumerate(self.inbox):
                if wanted(segment):
                    del self.inbox[at]
                    return segment, raw
            left = deadline - time.monotonic()
            if left <= 0:
                seen = "; ".join(str(s) for s, _ in self.inbox[-5:]) or "nothing"
                raise TimeoutError("the peer waited for %s and saw %s" % (what, seen))
            if select.select([self.fd], [], [], left)[0]:
                self._read()

    def _read(self):
        raw = os.read(self.fd, 65536)
        segment = packet.parse(raw)
        if segment:
            self.inbox.append((segment, raw))


class Flow:
    """One connection, seen by the peer."""

    def __init__(self, peer, local, kernel):
        self.peer, self.local, self.kernel_address = peer, local, kernel
        self.seq, self.ack = ISN, 0
        self.options = b""
        self.last_raw = None

    def kernel(self, program=None):
        """The kernel's end of it."""
        return Endpoint(self.peer.host, self.kernel_address, self.local, program)

    def send(self, flags, data=b"", seq=None, ack=None, window=65535, options=None):
        segment = Segment(*self.local, *self.kernel_address, flags,
                          self.seq if seq is None else seq, 0, window,
                          self.options if options is None else options, data)
        if "A" in flags:
            segment.ack = self.ack if ack is None else ack
        if seq is None:
            self.seq += segment.length
        self.peer.inject(packet.build(segment))

    def expect(self, flags, patience=PATIENCE):
        """Wait for a segment with these flags (PSH does not count) and take note of it."""
        segment, self.last_raw = self.peer.receive(
            lambda s: self._mine(s) and s.has(flags), "%s on %s" % (flags, self), patience)
        self.kernel_address = (segment.src, segment.sport)
        if "R" not in flags:
            self.ack = segment.seq + segment.length
        return segment

    def _mine(self, segment):
        return ((segment.dst, segment.dport) == self.local
                and segment.src == self.kernel_address[0]
                and self.kernel_address[1] in (None, segment.sport))

    def open(self, options=packet.option_mss(1460), window=65535):
        """The three-way handshake, as the client."""
        self.send("S", options=options, window=window)
        self.expect("SA")
        self.send("A", window=window)
        return self

    def answer(self, options=packet.option_mss(1460)):
        """The three-way handshake, as the server of a connect() that has begun."""
        self.expect("S")
        self.send("SA", options=options)
        self.expect("A")
        return self

    def __str__(self):
        return "%s:%s > %s:%s" % (self.local + self.kernel_address)
