# SPDX-License-Identifier: GPL-2.0
"""The load generators, each run in a network namespace of its own with nothing but loopback."""

import contextlib
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))

import netns  # noqa: E402

MAX = 100_000_000


@contextlib.contextmanager
def namespace():
    """A descriptor of a fresh one; its inode is what --netns takes."""
    fd = netns.new()
    try:
        with netns.inside(fd):
            subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        yield fd
    finally:
        os.close(fd)


def inode(fd):
    return os.fstat(fd).st_ino


def resets_sent(fd):
    """What the namespace's own kernel counter says."""
    with netns.inside(fd), open("/proc/thread-self/net/snmp") as file:
        names, values = [line.split() for line in file if line.startswith("Tcp:")]
    return int(values[names.index("OutRsts")])


class Loads:
    def __init__(self, build):
        self.build = build

    def start(self, fd, name, *words, **how):
        with netns.inside(fd):
            return subprocess.Popen([os.path.join(self.build, name), *map(str, words)],
                                    stdout=subprocess.PIPE, **how)

    def run_in(self, fd, name, seconds, *words):
        """(operations, nanoseconds)"""
        process = self.start(fd, name, seconds, MAX, *words)
        said = process.communicate(timeout=seconds * 3 + 30)[0]
        if process.returncode:
            raise SystemExit("bench: %s failed" % name)
        return tuple(map(int, said.split()))

    def run(self, name, seconds, *words):
        with namespace() as fd:
            return self.run_in(fd, name, seconds, *words)

    @contextlib.contextmanager
    def held(self, sockets):
        """So many open sockets, in a namespace of their own."""
        with namespace() as fd:
            process = self.start(fd, "hold", sockets, stdin=subprocess.PIPE)
            try:
                yield process.stdout.readline() == b"ready\n"
            finally:
                process.stdin.close()
                process.wait()
                process.stdout.close()
