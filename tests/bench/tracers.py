# SPDX-License-Identifier: GPL-2.0
"""rstwhy and its peers as things that are started, found ready, and stopped.

To add a peer: a function that returns its command, and a row in PEERS: that function, the one that
counts what it showed, and a word of the descriptor that it has when it traces.
"""

import glob
import os
import re
import select
import shutil
import signal
import subprocess
import time

PATIENCE = 15
READY = b"rstwhy: tracing"
FORMATS = "/sys/kernel/tracing/events/tcp/%s/format"
EVENTS = ("tcp_send_reset", "tcp_receive_reset")


class Missing(Exception):
    """A peer is not here or does not work; the text is what it said."""


class Process:
    """What all have in common. `shown` is the number of resets it told of; None: not known."""

    ready = peak_kb = None
    shown = None

    def begin(self, command, output):
        self.output = output
        self.begun = time.monotonic()
        with open(output, "wb") as file:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=file,
                                            stderr=subprocess.PIPE)
        self.pid = self.process.pid
        self.said = b""

    def cpu_seconds(self):
        return time.clock_gettime((~self.pid << 3) | 2)     # clock_getcpuclockid() of all threads

    def look(self):
        """Note the peak of its resident memory, as long as it is there."""
        with open("/proc/%d/status" % self.pid) as file:
            found = re.search(r"VmHWM:\s+(\d+)", file.read())
        self.peak_kb = int(found.group(1)) if found else None

    def end(self):
        if self.process.poll() is None:
            self.look()
            self.process.send_signal(signal.SIGINT)
        try:
            self.said += self.process.communicate(timeout=PATIENCE)[1]
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.said += self.process.communicate()[1]

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.end()
        if self.output != os.devnull:
            os.unlink(self.output)


class Rstwhy(Process):
    counts = None       # of its closing line: counted, shown, filtered, suppressed, lost

    def __init__(self, binary, options, output):
        self.begin([binary, *options], output)
        deadline = self.begun + PATIENCE
        while READY not in self.said:
            if not select.select([self.process.stderr], [], [], deadline - time.monotonic())[0]:
                break
            got = os.read(self.process.stderr.fileno(), 4096)
            if not got:
                break
            self.said += got
        self.ready = time.monotonic() - self.begun
        if READY not in self.said:
            self.process.kill()
            raise SystemExit("bench: rstwhy does not start: " + self.said.decode().strip())

    def end(self):
        super().end()
        found = re.search(rb"counted (\d+) = shown (\d+) \+ filtered (\d+) \+ suppressed (\d+) "
                          rb"\+ lost (\d+)", self.said)
        if self.process.returncode or not found:
            raise SystemExit("bench: rstwhy ended with status %d: %s" % (
                self.process.returncode, self.said.decode().strip()))
        self.counts = dict(zip(("counted", "shown", "filtered", "suppressed", "lost"),
                               map(int, found.groups())))
        self.shown = self.counts["shown"]


class Peer(Process):
    """A peer says in no common way that it is ready: it is when it has what it traces with (the
    target of a descriptor, if it has one) and no longer works."""

    QUIET = 0.3
    HARDLY = 0.02       # seconds of CPU time within QUIET: some poll

    def __init__(self, name, output):
        command, self.lines_of, self.sign = PEERS[name]
        self.begin(command(output), output)
        self.ready = self.settle(PATIENCE) - self.begun

    def has_sign(self):
        try:
            names = glob.glob("/proc/%d/fd/*" % self.pid)
            return not self.sign or any(self.sign in os.readlink(name) for name in names)
        except OSError:     # closed meanwhile: it still works
            return False

    def settle(self, patience):
        """Wait until it has used hardly any CPU time for a moment; when that moment began."""
        deadline, used, since = time.monotonic() + patience, 0, time.monotonic()
        while time.monotonic() < min(deadline, since + self.QUIET):
            time.sleep(0.02)
            if self.process.poll() is not None:
                break
            now = self.cpu_seconds()
            if now > used + self.HARDLY or not self.has_sign():
                used, since = now, time.monotonic()
        return since

    def end(self):
        self.settle(1)      # what it still has to print
        super().end()
        self.shown = self.lines_of(self.output)


def lines(output):
    with open(output, "rb") as file:
        return sum(b"sent" in line or b"received" in line or b"_reset" in line for line in file)


def trace_cmd_lines(output):
    done = subprocess.run(["trace-cmd", "report", "-i", output + ".dat"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL)
    for file in glob.glob(output + ".dat*"):
        os.unlink(file)
    return sum(b"_reset:" in line for line in done.stdout.splitlines())


def ends_of_flow(event):
    """bpftrace words for both ends: since 6.10 tcp_send_reset has them as struct sockaddr."""
    with open(FORMATS % event) as file:
        fields = file.read()
    if " sport;" in fields:
        return ("%s:%d %s:%d", "ntop(args->saddr), args->sport, ntop(args->daddr), args->dport")
    ends = ["args->%s[%d]" % (end, byte) for end in ("saddr", "daddr") for byte in range(2, 8)]
    return "%d,%d:%d.%d.%d.%d %d,%d:%d.%d.%d.%d", ", ".join(ends)


def bpftrace(output):
    program = ""
    for event in EVENTS:
        form, words = ends_of_flow(event)
        program += 'tracepoint:tcp:%s { printf("%%llu %s %s %%s %%d\\n", nsecs, %s, comm, pid); } ' % (
            event, event, form, words)
    return ["bpftrace", "-B", "full", "-e", program]


def perf_trace(output):
    return ["perf", "trace", "-a", "-o", output] + [
        word for event in EVENTS for word in ("-e", "tcp:" + event)]


def trace_cmd(output):
    # An instance of its own: the host's ring buffer is not touched.
    return ["trace-cmd", "record", "-o", output + ".dat", "-B", "rstwhy-bench"] + [
        word for event in EVENTS for word in ("-e", "tcp:" + event)]


def bcc(output):
    return ["trace-bpfcc"] + ["t:tcp:%s" % event for event in EVENTS]


PEERS = {
    "bpftrace": (bpftrace, lines, "perf_event"),
    "perf trace": (perf_trace, lines, "perf_event"),
    "trace-cmd": (trace_cmd, trace_cmd_lines, None),
    "bcc (trace)": (bcc, lines, "perf_event"),
}


def last_words(said):
    useful = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    return " / ".join(useful[-3:])[-300:] or "nothing"


def try_peer(name, output, load):
    """None, or Missing with the reason: it is not installed, or shows nothing of a short load."""
    command = PEERS[name][0](output)
    if not shutil.which(command[0]):
        raise Missing("%s is not installed" % command[0])
    with Peer(name, output) as peer:
        load()
    if not peer.shown:
        raise Missing("%s shows nothing (status %s); it said: %s" % (
            command[0], peer.process.returncode, last_words(peer.said)))
