# SPDX-License-Identifier: GPL-2.0-only
"""Start the tracer, read its events, end it."""

import fcntl
import json
import os
import select
import signal
import subprocess
import time

from waiting import PATIENCE

F_SETPIPE_SZ = 1031
READY = "rstwhy: tracing"


class TracerError(Exception):
    """The tracer did not do what any run of it must do."""


class Tracer:
    """One running rstwhy. events grows in wait(); problems lists what is wrong with the stream."""

    def __init__(self, binary, options=()):
        self.events, self.problems, self.talk, self.disorder = [], [], [], []
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [binary, "--format=json", "--silent", *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.pid = self.process.pid
        self.open = {self.process.stdout: self._line, self.process.stderr: self._say}
        self.partial = {file: b"" for file in self.open}
        for file in self.open:
            os.set_blocking(file.fileno(), False)
        fcntl.fcntl(self.process.stdout, F_SETPIPE_SZ, 1 << 20)
        self.wait(lambda: any(line.startswith(READY) for line in self.talk), PATIENCE * 3)
        self.seconds_to_start = time.monotonic() - self.begun

    def wait(self, done, patience=PATIENCE):
        """Read until done(); False when patience ends. TracerError when the tracer ends."""
        deadline = time.monotonic() + patience
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            self._read(left)
            if not self.open:
                raise TracerError("the tracer ended with status %s: %s" % (
                    self.process.wait(), " | ".join(self.talk[-5:])))
        return True

    def _read(self, seconds):
        for file in select.select(list(self.open), [], [], seconds)[0]:
            got = os.read(file.fileno(), 1 << 16)
            *lines, self.partial[file] = (self.partial[file] + got).split(b"\n")
            for line in lines:
                self.open[file](line.decode(errors="replace"))
            if not got:
                if self.partial[file]:
                    self.problems.append("output ends in the middle of a line")
                del self.open[file]

    def _say(self, line):
        self.talk.append(line)

    def _line(self, line):
        try:
            event = json.loads(line)
        except ValueError:
            self.problems.append("not JSON: " + line[:300])
            return
        if not isinstance(event, dict):
            self.problems.append("not an object: " + line[:300])
            return
        if self.events and event.get("time", "") < self.events[-1].get("time", ""):
            self.disorder.append("not in order of time: %s after %s" % (
                line[:300], json.dumps(self.events[-1])[:300]))
        self.events.append(event)

    def memory_kb(self):
        """Resident memory."""
        with open("/proc/%d/status" % self.pid) as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))

    def cpu_seconds(self):
        with open("/proc/%d/stat" % self.pid) as file:
            word = file.read().rsplit(")", 1)[1].split()
        return (int(word[11]) + int(word[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Interrupt it; the list of what was wrong with its end and its stream."""
        wrong = list(self.problems)
        # An emulated processor can stand still in the middle of an event, longer than any sorting
        # waits: now and then one comes late. More than that is no accident.
        if len(self.disorder) > 1 + len(self.events) // 500:
            wrong += self.disorder
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        spoken = len(self.talk)
        try:
            self.wait(lambda: not self.open)
        except TracerError:
            pass
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return wrong + ["does not end on SIGINT"]
        if status != 0:
            wrong.append("exit status %d after SIGINT: %s" % (status, " | ".join(self.talk[-3:])))
        if len(self.talk) == spoken:
            wrong.append("no summary on stderr")
        for file in (self.process.stdout, self.process.stderr):
            file.close()
        return wrong

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def doctor(binary):
    """What `rstwhy doctor` says; an empty object when it does not."""
    try:
        done = subprocess.run([binary, "doctor", "--format=json"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              timeout=PATIENCE * 3)
        answer = json.loads(done.stdout)
        return answer if isinstance(answer, dict) else {}
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
