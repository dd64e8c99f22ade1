# SPDX-License-Identifier: GPL-2.0-only
"""A run of the binary that a scenario starts, ends and judges itself: its status, words, numbers.

    run = play.run("--format=json", "--netns=%d" % host.inode).ready()
    ...
    run.end(signal.SIGTERM)
    run.finished(status=0)

What it says goes to files, so nobody has to read while it runs.
"""

import json
import os
import re
import signal
import subprocess
import tempfile

import netns
from waiting import PATIENCE, NotApplicable, until

READY = "rstwhy: tracing"
# What stderr holds when all is well: the beginning and the summary.
TALK = re.compile(r"rstwhy: (tracing |\d+ events in | *\d+  [a-z0-9-]+(, and \d+ suppressed)?$|counted |"
                  r"among the lost: \d+ runs? skipped|"
                  r"\d+ runs? of other programs skipped$)")
EVENTS = re.compile(r"rstwhy: (\d+) events in [\d.]+ s: (\d+) sent, (\d+) received, (\d+) silent$")
CAUSE = re.compile(r"rstwhy: +(\d+)  [a-z0-9-]+(?:, and \d+ suppressed)?$")
SUM = re.compile(r"rstwhy: counted (\d+) = shown (\d+) \+ filtered (\d+) \+ suppressed (\d+)"
                 r" \+ lost (\d+)(?: \+ under way (\d+))?$")
CLONE_NEWNS = 0x00020000
MS_REC, MS_PRIVATE = 0x4000, 1 << 18


class Run:
    """One process. It is called rstwhy, whatever the file is called."""

    def __init__(self, binary, options, stdin=subprocess.DEVNULL, stdout=None, before=None,
                 env=None, user=None):
        self.files = [tempfile.TemporaryFile() for _ in range(2)]
        self.process = subprocess.Popen(
            ["rstwhy", *options], executable=binary, stdin=stdin,
            stdout=self.files[0] if stdout is None else stdout, stderr=self.files[1],
            preexec_fn=before, env=dict(os.environ, **env or {}), user=user, group=user,
            extra_groups=None if user is None else [])
        self.pid = self.process.pid

    def _said(self, number):
        """Not read(): the place in the file is shared with the process."""
        fd = self.files[number].fileno()
        return os.pread(fd, os.fstat(fd).st_size, 0).decode(errors="replace")

    @property
    def output(self):
        return self._said(0)

    @property
    def talk(self):
        return self._said(1).splitlines()

    def events(self, path=None):
        """The events that were written: here, or to the file that -o named."""
        text = self.output
        if path:
            with open(path) as file:
                text = file.read()
        return [json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines()]

    def ready(self):
        """Wait until it traces."""
        def begun():
            return (self.process.poll() is not None
                    or any(line.startswith(READY) for line in self.talk))
        until(begun, "the run to begin", PATIENCE * 3)
        if self.process.poll() is not None:
            raise AssertionError("ended before it traced: " + " | ".join(self.talk))
        return self

    def freeze(self):
        os.kill(self.pid, signal.SIGSTOP)
        until(lambda: self._state() == "T", "the run to stop")

    def _state(self):
        with open("/proc/%d/stat" % self.pid) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0]

    def wake(self):
        os.kill(self.pid, signal.SIGCONT)

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.pid) as stat:
            words = stat.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def end(self, number=signal.SIGINT, complaint=None):
        """Interrupt it; it must end well."""
        self.process.send_signal(number)
        return self.finished(complaint=complaint)

    def finished(self, status=0, complaint=None):
        """Wait for its end. complaint: what the one line must hold that is no talk."""
        got = self.process.wait(PATIENCE)
        lines = [line for line in self.talk if not TALK.match(line) and not usage(line)]
        said = "status %s: %s" % (got, " | ".join(self.talk))
        if got != status:
            raise AssertionError("expected status %d, got %s" % (status, said))
        if len(lines) != (complaint is not None):
            raise AssertionError("%d complaints, %s" % (len(lines), said))
        if lines and not (lines[0].startswith("rstwhy: ") and complaint in lines[0]):
            raise AssertionError("nothing of '%s', %s" % (complaint, said))
        return self

    def numbers(self):
        """The sum of the summary, which must close: counted, shown, filtered, suppressed, lost. At
        the end nothing is under way."""
        (counted, *parts), = self._summary(SUM)
        (shown, *directions), = self._summary(EVENTS)
        causes = [number for number, in self._summary(CAUSE)]
        if counted != sum(parts[:4]) or not shown == parts[0] == sum(directions) == sum(causes):
            raise AssertionError("does not add up: " + " | ".join(self.talk))
        return dict(zip(("shown", "filtered", "suppressed", "lost"), parts), counted=counted)

    def _summary(self, kind):
        """The numbers in each line of that kind."""
        found = [kind.match(line) for line in self.talk]
        return [tuple(int(n or 0) for n in match.groups()) for match in found if match]

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for file in self.files:
            file.close()


def usage(line):
    """argp's word behind the complaint."""
    return line.startswith("Try `rstwhy --help'")


def need_own_mounts():
    """In a plain chroot no mount can be kept from the rest of the machine."""
    with open("/proc/self/mountinfo") as file:
        if not any(line.split()[4] == "/" for line in file):
            raise NotApplicable("the root directory is no mount point (a chroot?)")


def hide(*directories):
    """For `before`: the process sees these empty, nobody else does."""
    need_own_mounts()

    def act():
        netns.check(netns.libc.unshare(CLONE_NEWNS), "unshare(CLONE_NEWNS)")
        _mount(b"none", b"/", None, MS_REC | MS_PRIVATE)
        for directory in filter(os.path.isdir, directories):
            _mount(b"tmpfs", directory.encode(), b"tmpfs", 0)
    return act


def _mount(source, target, kind, flags):
    netns.check(netns.libc.mount(source, target, kind, flags, None), "mount " + target.decode())
