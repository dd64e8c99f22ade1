#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Several tracers side by side under everything at once, for as long as wished: is their memory
flat, are their descriptors, do their counts agree with the kernel's, and is nothing left behind?

The load: all scenarios of tests/e2e that cause resets, over and over; floods; short-lived network
namespaces, 10,000 in 20 minutes; a tracer that is ended and killed in turns. The tracers:

    whole     everything, JSON to a file that SIGHUP begins anew
    served    everything, metrics, scraped without a pause, counted also by namespace
    busy      the resets sent in the namespace of the floods: counted must be its OutRsts
    filtered  the port of the short-lived namespaces and half of their causes, all of them shown

All are asked for their counts by SIGUSR1 meanwhile. Needs root.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..", "bench")]

import left  # noqa: E402
import netns  # noqa: E402
import run as e2e  # noqa: E402
import watch  # noqa: E402
import work as load  # noqa: E402
from lasting import Lasting, Rotated, closes, wrong_sums  # noqa: E402
from loads import Loads, inode, namespace, resets_sent  # noqa: E402
from play import Play  # noqa: E402
from scraper import Server  # noqa: E402
from waiting import until  # noqa: E402

NAMESPACES_A_MINUTE = 500
SAMPLE_SECONDS, ROTATE_SECONDS, ASK_SECONDS = 1, 5, 7
# Others' namespaces come and go, and the kernel counts memory that a CPU has set aside for new
# ones. If those made here were kept, there would be 1000 after two minutes.
OTHERS_NAMESPACES = 250
HALF_OF_THE_CAUSES = "port-closed,close-linger-zero"


class Verdict:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, what, fine, said=""):
        self.passed += bool(fine)
        self.failed += not fine
        print("%-8s %s%s" % ("ok" if fine else "FAILED", what, ": %s" % said if said else ""))


class Clock:
    """Calls an action every so many seconds, late rather than twice."""

    def __init__(self):
        self.rows = []

    def every(self, seconds, action):
        self.rows.append([time.monotonic() + seconds, seconds, action])

    def run(self, until_seconds):
        while time.monotonic() < until_seconds:
            for row in self.rows:
                if time.monotonic() >= row[0]:
                    row[2]()
                    row[0] = time.monotonic() + row[1]
            nearest = min(row[0] for row in self.rows)
            time.sleep(max(0, min(nearest, until_seconds) - time.monotonic()))


class Soak:
    def __init__(self, arguments, directory, busy):
        self.arguments, self.directory, self.busy = arguments, directory, busy
        self.seconds = arguments.minutes * 60
        self.namespaces = round(arguments.minutes * NAMESPACES_A_MINUTE)
        self.before = left.namespaces()
        self.work, self.verdict = load.Work(), Verdict()
        self.loads = Loads(arguments.loads)
        self.play = Play("v4", None, arguments.binary, set())

    def path(self, name):
        return os.path.join(self.directory, name)

    def start(self, name, letter, *options):
        run = self.play.run("--format=json", *options, before=die_with_parent).ready()
        return Lasting(name, letter, run)

    def start_tracers(self):
        everything = ("--silent", "--ignored")
        self.whole = self.start("whole", "w", *everything, "-o", self.path("whole"))
        self.rotated = Rotated(self.path("whole"), self.whole.run)
        self.served = self.start_served(*everything)
        self.tracer_of_busy = self.start("busy", "b", "--sent", "--netns=%d" % inode(self.busy),
                                         "-o", os.devnull)
        self.filtered = self.start("filtered", "f", "--rate=0", "--port=%d" % load.PORT,
                                   "--cause=" + HALF_OF_THE_CAUSES, "-o", self.path("filtered"))
        self.tracers = [self.whole, self.served, self.tracer_of_busy, self.filtered]

    def start_served(self, *options):
        self.server = Server(self.play, *options, "--label=netns", "-o", os.devnull,
                             everywhere=True)
        return Lasting("served", "s", self.server.run)

    def start_load(self):
        work, binary = self.work, self.arguments.binary
        work.start(load.play_scenarios, binary)
        work.start(load.short_lived_namespaces, self.namespaces, self.seconds * 0.9)
        work.start(load.floods, self.loads, self.busy)
        work.start(load.scrape, self.server)
        work.start(load.restart, binary)

    def watch(self):
        clock = Clock()
        for tracer in self.tracers:
            clock.every(SAMPLE_SECONDS, tracer.sample)
            clock.every(ASK_SECONDS, tracer.ask)
        clock.every(ROTATE_SECONDS, self.rotated.rotate)
        clock.run(time.monotonic() + self.seconds)

    def end(self):
        """The load first, so that nothing is under way when the tracers end."""
        self.work.stop()
        for tracer in self.tracers:
            tracer.end()
        self.sums = {tracer.name: tracer.sums[-1] for tracer in self.tracers}
        self.rotated.read(self.path("whole"))
        with open(self.path("filtered")) as file:
            self.filtered_lines = sum(1 for _ in file)

    # what came of it

    def judge(self):
        self.judge_load()
        self.judge_counts()
        for tracer in self.tracers:
            self.judge_size(tracer)

    def judge_load(self):
        work, check = self.work, self.verdict.check
        wrong = work.complaints()
        check("nothing went wrong meanwhile", not wrong, " | ".join(wrong)[:3000])
        check("namespaces", work.count("namespaces") == self.namespaces,
              "%d of %d, %d resets sent in them" % (
                  work.count("namespaces"), self.namespaces, work.count("namespace_resets")))
        for name in ("scenarios", "floods", "scrapes", "terminated", "killed"):
            check(name, work.count(name), work.count(name))
        check("files begun anew by SIGHUP", self.rotated.files > 1, self.rotated.files)
        wrong = ["%s: %s" % (t.name, text) for t in self.tracers for text in wrong_sums(t.sums)]
        check("every sum closes", not wrong,
              " | ".join(wrong) or "%d sums" % sum(len(t.sums) for t in self.tracers))

    def judge_counts(self):
        whole, filtered = self.sums["whole"], self.sums["filtered"]
        check, rotated = self.verdict.check, self.rotated
        check("whole: shown is what its files hold",
              (whole["shown"], whole["suppressed"]) == (rotated.shown, rotated.suppressed),
              "%s; files: %d shown, %d suppressed" % (whole, rotated.shown, rotated.suppressed))
        self.agrees("busy", self.sums["busy"], resets_sent(self.busy))
        self.agrees("filtered", filtered, self.both_ends(),
                    most=2 * self.work.count("namespace_resets"))
        check("filtered: shown is what its file holds",
              filtered["shown"] == self.filtered_lines and filtered["filtered"],
              "%s; file: %d" % (filtered, self.filtered_lines))
        print("lost events unaccounted: %d of %d that the four counted, %d lost" % (
            self.unaccounted(), *(sum(s[name] for s in self.sums.values())
                                  for name in ("counted", "lost"))))

    def both_ends(self):
        """Resets of the short-lived namespaces, sent and received: both ends are on this host."""
        return self.work.count("namespace_resets") + self.work.count("namespace_obeyed")

    def agrees(self, name, numbers, sent, most=None):
        """A run of a program that the kernel skipped is lost, and may have been of no reset."""
        surplus = numbers["counted"] - (most or sent)
        self.verdict.check("%s: counted is what the kernel sent" % name,
                           closes(numbers) and sent <= numbers["counted"]
                           and surplus <= numbers["lost"],
                           "%s; OutRsts say %d" % (numbers, sent))

    def unaccounted(self):
        """Resets that the kernel's counters have and ours do not, and what breaks a sum."""
        wanted = {"busy": resets_sent(self.busy),
                  "filtered": self.both_ends()}
        missing = sum(max(0, n - self.sums[name]["counted"]) for name, n in wanted.items())
        return missing + sum(abs(2 * s["counted"] - sum(s.values()))
                             for s in self.sums.values())

    def judge_size(self, tracer):
        check, samples, name = self.verdict.check, tracer.samples, tracer.name
        for what, title in (("rss", "resident memory"), ("anon", "its heap and stack")):
            flat = watch.flatness(samples, what)
            check("%s: %s is flat" % (name, title), flat.is_flat, flat)
        check("%s: descriptors are flat" % name, watch.are_fds_flat(samples),
              "%d, at most %d" % (watch.lowest_fds(samples)[1], max(s.fds for s in samples)))
        check("%s: one thread" % name, {s.threads for s in samples} == {1},
              "%.1f s of CPU time" % samples[-1].cpu)

    def judge_rest(self):
        """Once everything has ended."""
        held = set().union(*(tracer.bpf for tracer in self.tracers))
        check = self.verdict.check
        check("programs and maps are gone", held and comes(lambda: not held & left.bpf_loaded()),
              "%d there were" % len(held))
        check("processes are gone", comes(lambda: not left.has_children()))
        check("temporary files are gone", not os.listdir(tempfile.tempdir),
              " ".join(os.listdir(tempfile.tempdir)))
        if self.before is not None:
            check("namespaces are gone",
                  comes(lambda: left.namespaces() < self.before + OTHERS_NAMESPACES),
                  "the kernel has %d, had %d" % (left.namespaces(), self.before))

    def show(self):
        print("resident memory (%s; *: several):" % ", ".join(
            "%s: %s" % (t.letter, t.name) for t in self.tracers))
        print("\n".join(watch.graph({t.letter: t.samples for t in self.tracers})))
        watch.write(self.arguments.samples, {t.name: t.samples for t in self.tracers})

    def run(self):
        try:
            self.start_tracers()
            self.work.finish(load.fill_tables, self.loads, self.busy)
            self.start_load()
            self.watch()
            self.end()
        finally:
            self.work.stop()
            self.play.stop()
            for host in self.play.hosts:
                host.forget()


def die_with_parent():
    netns.die_with_parent(9)


def comes(condition):
    """Whether it comes true in good time."""
    with contextlib.suppress(TimeoutError):
        return until(condition, "it")
    return False


def parse_arguments():
    parser = argparse.ArgumentParser(description="a soak of rstwhy")
    parser.add_argument("--binary", type=os.path.abspath, required=True)
    parser.add_argument("--loads", type=os.path.abspath, required=True, help="where they are built")
    parser.add_argument("--samples", required=True, metavar="FILE", help="to write")
    parser.add_argument("--minutes", type=float, default=20)
    return parser.parse_args()


def soak(arguments, directory):
    tempfile.tempdir = os.path.join(directory, "tmp")
    os.mkdir(tempfile.tempdir)
    os.environ["TMPDIR"] = tempfile.tempdir
    with namespace() as busy:
        one = Soak(arguments, directory, busy)
        print("soak: %g minutes, %d short-lived namespaces%s" % (
            arguments.minutes, one.namespaces,
            "" if arguments.minutes >= 20 else " (10,000 in 20 minutes)"), flush=True)
        one.run()
        one.judge()
    one.judge_rest()
    one.show()
    print("soaked: %g minutes" % arguments.minutes)
    return one.verdict


def main():
    arguments = parse_arguments()
    if os.geteuid() != 0:
        sys.exit("soak.py: needs root: namespaces and BPF")
    netns.check(netns.libc.prctl(left.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")
    e2e.load_scenarios()
    with tempfile.TemporaryDirectory(prefix="rstwhy-soak-") as directory:
        verdict = soak(arguments, directory)
    print("%d passed, %d failed" % (verdict.passed, verdict.failed))
    return 1 if verdict.failed else 0


if __name__ == "__main__":
    sys.exit(main())
