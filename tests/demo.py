#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Ten seconds of rstwhy for a newcomer: real resets, each told as a story, then explained.

The hosts are throw-away network namespaces: nothing outside them is touched or changed. Usage:
demo.py [RSTWHY]
"""

import importlib
import os
import select
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "e2e"))
sys.dont_write_bytecode = True

from play import SCENARIOS, Play  # noqa: E402
from waiting import NotApplicable  # noqa: E402

THEMES = ("closed_port", "abort", "after_close", "lost", "handshake", "death", "ending", "listener")
# The cases of the source documents that are told quickest, in the order of a lesson.
LESSON = ("closed-port", "close-unread-data", "close-linger-zero", "disconnect",
          "data-after-close", "data-after-shutdown", "listener-closed", "killed-unread-data",
          "peer-crashed", "accept-queue-overflow", "connect-abandoned", "connect-timeout",
          "keepalive-timeout")
DEMO_NETWORK = "--address=10.8.0.0/15"  # what the scenarios' hosts have
PATIENCE = 3
QUIET = 0.1


class Shown:
    """The tracer's text, passed on line by line."""

    def __init__(self, binary):
        self.binary = binary
        self.process = subprocess.Popen([binary, "--silent", DEMO_NETWORK],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.process.stdout.readline()  # the heading
        while not self.process.stderr.readline().startswith(b"rstwhy: tracing"):
            if self.process.poll() is not None:
                sys.exit("demo: rstwhy does not start: %s" % self.process.stderr.read().decode())
        os.set_blocking(self.process.stdout.fileno(), False)

    def events(self, wanted):
        """Pass on the lines of that many events."""
        deadline, seen, text = time.monotonic() + PATIENCE, 0, b""
        while seen < wanted and time.monotonic() < deadline:
            if select.select([self.process.stdout], [], [], 0.1)[0]:
                text += self.process.stdout.read() or b""
                seen = sum(line[:1].isdigit() for line in text.split(b"\n"))
        sys.stdout.write(text.decode(errors="replace"))
        sys.stdout.flush()

    def skip(self):
        """The programs of a story end with it, and their sockets too: no part of any story."""
        while select.select([self.process.stdout], [], [], QUIET)[0]:
            if not self.process.stdout.read():
                break

    def end(self):
        self.process.send_signal(signal.SIGINT)
        print()
        for line in self.process.communicate()[1].decode().splitlines():
            print(line)


def tell(shown, scenario):
    print("\n%s  %s" % (scenario.case, scenario.story.split("\n")[0]))
    play = Play(scenario.family, lambda *options: None, shown.binary, set())
    try:
        scenario.play(play)
        shown.events(len(play.expected))
    except NotApplicable as missing:
        print("   (left out here: %s)" % missing)
    finally:
        play.stop()
        shown.skip()


def main():
    if os.geteuid():
        sys.exit("demo: network namespaces and BPF need root: sudo make demo")
    for theme in THEMES:
        importlib.import_module("scenarios." + theme)
    stories = {scenario.name: scenario for scenario in SCENARIOS}
    shown = Shown(sys.argv[1] if len(sys.argv) > 1 else "build/rstwhy")
    for name in LESSON:
        if name in stories:
            tell(shown, stories[name])
    shown.end()


if __name__ == "__main__":
    main()
