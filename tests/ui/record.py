#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Record real resets: plays scenarios of tests/e2e under one rstwhy and writes its JSON lines.

Only lines of the scenarios' own namespaces are written: other programs of this machine have resets
too. Usage: record.py RSTWHY FILE [SCENARIO...]
"""

import importlib
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
sys.dont_write_bytecode = True

from play import SCENARIOS, Play  # noqa: E402
from tracer import Tracer, TracerError  # noqa: E402
from waiting import NotApplicable  # noqa: E402

THEMES = ("closed_port", "abort", "after_close", "lost", "handshake", "death", "ending", "firewall",
          "listener", "hints")


class Recorder(Tracer):
    """Keeps the lines as they came, beside the events."""

    def __init__(self, binary):
        self.lines = []
        super().__init__(binary, ("--ignored",))

    def _line(self, line):
        before = len(self.events)
        super()._line(line)
        if len(self.events) > before:
            self.lines.append(line)

    def of(self, inodes):
        """The lines of these namespaces."""
        return [line for event, line in zip(self.events, self.lines)
                if event.get("linux", {}).get("netns") in inodes]


def play_one(recorder, scenario):
    """The lines of one scenario; none when this machine cannot play it."""
    play = Play(scenario.family, lambda *options: None, recorder.process.args[0], set())
    try:
        scenario.play(play)
        play.wait_wire()
        inodes = {host.inode for host in play.hosts}
        recorder.wait(lambda: len(recorder.of(inodes)) >= len(play.expected))
        return recorder.of(inodes)
    except (NotApplicable, AssertionError) as missing:
        print("left out: %s: %s" % (scenario.name, missing))
        return []
    finally:
        play.stop()
        recorder.events.clear()
        recorder.lines.clear()


def chosen(names):
    for theme in THEMES:
        importlib.import_module("scenarios." + theme)
    plain = [s for s in SCENARIOS if not (s.options or s.fresh or s.guest or s.alone or s.flood)]
    if not names:
        return plain
    known = {s.name: s for s in plain}
    unknown = set(names) - set(known)
    if unknown:
        sys.exit("record.py: no such scenario: " + " ".join(sorted(unknown)))
    return [known[name] for name in names]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    if os.geteuid():
        sys.exit("record.py: network namespaces and BPF need root")
    binary, path, *names = sys.argv[1:]
    scenarios = chosen(names)
    recorder = Recorder(os.path.abspath(binary))
    try:
        with open(path, "w") as file:
            for scenario in scenarios:
                file.writelines(line + "\n" for line in play_one(recorder, scenario))
        recorder.stop()
    except TracerError as error:
        sys.exit("record.py: %s" % error)
    finally:
        recorder.kill()


if __name__ == "__main__":
    main()
