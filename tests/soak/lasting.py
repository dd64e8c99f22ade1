# SPDX-License-Identifier: GPL-2.0-only
"""Tracers that run the whole time: their samples, their sums, their files."""

import json
import os
import signal
import time

import left
import watch
from shortrun import SUM
from waiting import until


NAMES = ("counted", "shown", "filtered", "suppressed", "lost", "under way")


class Lasting:
    """A run (shortrun.py) that is watched. letter: in the graph."""

    def __init__(self, name, letter, run):
        self.name, self.letter, self.run = name, letter, run
        self.samples, self.sums, self.begun = [], [], time.monotonic()
        self.bpf = left.bpf_of(run.pid)

    def sample(self):
        self.samples.append(watch.sample(self.run.pid, self.begun))
        self.bpf |= left.bpf_of(self.run.pid)

    def ask(self):
        """For the sum so far."""
        self.run.process.send_signal(signal.SIGUSR1)

    def end(self):
        """It must end well. `sums` is what it said: asked for, and at the end."""
        self.run.end(signal.SIGTERM)
        found = [SUM.match(line) for line in self.run.talk]
        self.sums = [dict(zip(NAMES, (int(n or 0) for n in match.groups())))
                     for match in found if match]


def closes(numbers):
    return numbers["counted"] == sum(n for name, n in numbers.items() if name != "counted")


def wrong_sums(sums):
    """Those that do not close, and those where a number is below the one before."""
    found = [str(numbers) for numbers in sums if not closes(numbers)]
    for before, after in zip(sums, sums[1:]):
        if any(before[name] > after[name] for name in NAMES[:-1]):
            found.append("%s after %s" % (after, before))
    return found


class Rotated:
    """The file of a run, begun anew by SIGHUP again and again. What was read is removed."""

    def __init__(self, path, run):
        self.path, self.run = path, run
        self.shown = self.suppressed = self.files = 0

    def rotate(self):
        old = self.path + ".old"
        os.rename(self.path, old)
        self.run.process.send_signal(signal.SIGHUP)
        until(lambda: os.path.exists(self.path), "a new file")
        self.read(old)

    def read(self, path):
        """Count the events, and those that a line stands for; every line must be whole."""
        with open(path, "rb") as file:
            for line in file:
                if b'"suppressed":' in line:
                    self.suppressed += json.loads(line)["reset"]["suppressed"]
                elif line.startswith(b'{"time":') and line.endswith(b"}\n"):
                    self.shown += 1
                else:
                    raise AssertionError("half a line: %r" % line[:200])
        self.files += 1
        os.unlink(path)
