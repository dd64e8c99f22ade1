# SPDX-License-Identifier: GPL-2.0-only
"""A link between two hosts that a scenario can hold: "in flight" without any clock.

A process of its own carries packets between the TUN devices of two hosts. hold("right") keeps what
travels to the right host, release() lets it go on in order.
"""

import os
import pickle
import select
import signal
import socket

import netns
import packet
from waiting import PATIENCE, until


class Cable:
    """To be given the TUN descriptors of the left and the right host."""

    def __init__(self, left, right):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            _carry({"left": left, "right": right}, theirs)
        theirs.close()
        self.pipe = ours

    def _ask(self, *words):
        self.pipe.send(pickle.dumps(words))
        if not select.select([self.pipe], [], [], PATIENCE)[0]:
            raise TimeoutError("the cable does not answer")
        return pickle.loads(self.pipe.recv(1 << 20))

    def hold(self, towards):
        """Keep what travels to "left" or "right"."""
        self._ask("hold", towards)

    def release(self, towards):
        """Let everything pass again, what was held first."""
        self._ask("release", towards)

    def pass_first(self, towards, count):
        """Let only the first so many held segments pass; the rest is lost, and all that follows.
        Retransmissions, which a slow machine sees more of, so do no harm."""
        self._ask("pass", towards, count)

    def wait_held(self, towards, count=1):
        """Wait until so many TCP segments are held; their flags."""
        until(lambda: len(self._ask("held", towards)) >= count, "%d segments held" % count)
        return self._ask("held", towards)

    def kill(self):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0
            self.pipe.close()


def _carry(devices, pipe):
    """The life of the cable's process. Never returns."""
    try:
        netns.die_with_parent(signal.SIGKILL)
        other = {"left": "right", "right": "left"}
        held = {"left": None, "right": None}
        while True:
            for file in select.select([pipe, *devices.values()], [], [])[0]:
                if file is pipe:
                    pipe.send(pickle.dumps(_obey(devices, held, *pickle.loads(pipe.recv(65536)))))
                    continue
                towards = other["left" if file == devices["left"] else "right"]
                raw = os.read(file, 65536)
                if held[towards] is None:
                    os.write(devices[towards], raw)
                elif packet.parse(raw):
                    held[towards].append(raw)
    finally:
        os._exit(0)


def _obey(devices, held, what, towards, count=None):
    if what == "held":
        return [packet.parse(raw).flags for raw in held[towards]]
    if what == "hold":
        held[towards] = []
        return None
    for raw in held[towards][:count]:
        os.write(devices[towards], raw)
    held[towards] = None if what == "release" else []
    return None
