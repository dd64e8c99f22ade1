#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What rstwhy costs, beside its peers: one run, one table.

In every round all variants take their turn, in another order each time, and a ratio is always to
the untraced load of the same round. Load is made in network namespaces of their own, bounded in
time and number. Needs root. What is not reached is followed by a profile that says why.
"""

import argparse
import contextlib
import os
import platform
import statistics
import subprocess
import sys
import time

sys.dont_write_bytecode = True

import programs  # noqa: E402
import tracers  # noqa: E402
from loads import Loads, inode, namespace, netns, resets_sent  # noqa: E402
from table import (Row, at_least, at_most, count, markdown, mb, ms, ns, percent,  # noqa: E402
                   times, us)

ROUNDS = 5
HEALTHY_ROUNDS = 9      # a ratio that shall be within 3 % wants more
SECONDS = 1.0
SHORT = 0.5
FLOOD_SECONDS = 10
IDLE_SECONDS = 10
SOCKETS = (1000, 10000, 100000)
UNTRACED = "untraced"
OURS = "rstwhy,refuse,accept,flood,judge,pipeline"     # whose time a profile tells
CLONE_NEWNS = 0x00020000
SENT, RECEIVED, STATES = "send_reset_tp", "receive_reset_tp", "set_state_tp"


def rotated(names, turn):
    names = list(names)
    return names[turn % len(names):] + names[:turn % len(names)]


class Bench:
    def __init__(self, binary, build):
        self.binary, self.loads = binary, Loads(build)
        self.output = os.path.join(build, "output")
        self.perf_data = os.path.join(build, "perf.data")
        self.rows, self.notes = [], []

    def rstwhy(self, *options, output=None):
        return tracers.Rstwhy(self.binary, options, output or self.output)

    def row(self, *what, **more):
        self.rows.append(Row(*what, **more))
        return self.rows[-1]

    def refuse(self, seconds=SECONDS):
        """Nanoseconds per connect."""
        n, spent = self.loads.run("refuse", seconds)
        return n, spent / n

    def profile(self, why, load, options=None):
        """Where the time of a load goes; of the whole machine, because BPF runs in anybody's."""
        record = ["perf", "record", "-q", "-a", "-F", "999", "-e", "cpu-clock", "-o",
                  self.perf_data]
        with contextlib.ExitStack() as stack:
            if options is not None:
                stack.enter_context(self.rstwhy(*options))
            try:
                perf = stack.enter_context(subprocess.Popen(
                    record, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            except OSError as error:
                self.notes.append("%s: no profile: perf: %s" % (why, error.strerror))
                return
            load()
            perf.terminate()
        report = subprocess.run(["perf", "report", "--stdio", "-q", "--sort", "comm,symbol",
                                 "--comms", OURS, "--percentage", "relative", "-i",
                                 self.perf_data], stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL, text=True).stdout
        hot = [line.rstrip(" -") for line in report.splitlines() if line.strip()][:20]
        self.notes.append("Profile of %s:\n\n%s" % (
            why, "\n".join("    " + line.strip() for line in hot or ["(empty)"])))
        with contextlib.suppress(OSError):
            os.unlink(self.perf_data)

    def explain(self, rows, load, options=None):
        """A profile if one of these rows did not reach its aim."""
        for row in rows:
            if row.reached() is False:
                self.profile("(%s) %s" % (row.part, row.name), load, options)
                return

    # (a)

    def peers(self):
        working = []
        for name in tracers.PEERS:
            try:
                tracers.try_peer(name, self.output, lambda: self.refuse(SHORT))
                working.append(name)
            except (tracers.Missing, OSError) as missing:
                self.notes.append("Not measured: %s: %s." % (name, missing))
        return working

    def refused_connects(self):
        null = os.devnull
        starts = {
            UNTRACED: contextlib.nullcontext,
            "rstwhy, json to a file": lambda: self.rstwhy("-f", "json"),
            "rstwhy, json to a file, --rate=0": lambda: self.rstwhy("-f", "json", "--rate=0"),
            "rstwhy, text to /dev/null": lambda: self.rstwhy(output=null),
            "rstwhy, only counting (--rate=1)": lambda: self.rstwhy("--rate=1", output=null),
        }
        for name in self.peers():
            starts[name] = lambda name=name: tracers.Peer(name, self.output)
        spent = {name: [] for name in starts}
        runs = {name: [] for name in starts}
        for turn in range(ROUNDS):
            for name in rotated(starts, turn):
                with starts[name]() as tracer:
                    n, each = self.refuse()
                spent[name].append(each)
                runs[name].append((tracer, n))
        self.tell_refused(spent, runs)

    def tell_refused(self, spent, runs):
        aims = {"rstwhy, json to a file": at_most(1.15, "<= 1.15"),
                "rstwhy, json to a file, --rate=0": at_most(1.6, "<= 1.60")}
        bare = spent[UNTRACED]
        rows = []
        for name, samples in spent.items():
            rows.append(self.row("a", name, samples, us, aim=aims.get(name),
                                 ratios=[] if name == UNTRACED else
                                 [each / base for each, base in zip(samples, bare)]))
        self.tell_against("bpftrace", spent)
        everything = [t.counts for t, _ in runs["rstwhy, json to a file, --rate=0"]]
        self.row("a", "rstwhy --rate=0: events lost", [c["lost"] for c in everything], count,
                 aim=at_most(0, "0"))
        for name in tracers.PEERS:
            if name not in runs:
                continue
            self.row("a", name + ": shown of the resets",
                     [t.shown / (2 * n) for t, n in runs[name]], percent)
            self.row("e", name + ": start to ready", [t.ready for t, _ in runs[name]], ms)
            self.row("e", name + ": peak memory",
                     [t.peak_kb for t, _ in runs[name] if t.peak_kb], mb)
        for row in rows:
            self.explain([row], self.refuse, ["-f", "json"] + ["--rate=0"] * ("=0" in row.name))

    def tell_against(self, peer, spent):
        """What the peer adds to a connect, over what rstwhy adds."""
        if peer not in spent:
            return
        both = zip(spent[UNTRACED], spent["rstwhy, json to a file"], spent[peer])
        self.row("a", "what %s adds / what rstwhy adds" % peer,
                 [(other - bare) / max(ours - bare, bare / 100) for bare, ours, other in both],
                 times, aim=at_least(3, ">= 3 x"))

    # (b)

    def healthy(self):
        for mode, name in (("one", "one process"), ("two", "two processes")):
            bare, traced = [], []
            for turn in range(HEALTHY_ROUNDS):
                for which in rotated((bare, traced), turn):
                    start = self.rstwhy if which is traced else contextlib.nullcontext
                    with start():
                        n, spent = self.loads.run("accept", SHORT, mode)
                    which.append(spent / n)
            self.row("b", "healthy connections, %s, untraced" % name, bare, us)
            row = self.row("b", "healthy connections, %s, rstwhy" % name, traced, us,
                           ratios=[t / u for t, u in zip(traced, bare)],
                           aim=at_most(1.03, "<= 1.03"))
            self.explain([row], lambda mode=mode: self.loads.run("accept", SECONDS, mode), [])

    # (c)

    def flood(self):
        bare = [self.loads.run("flood", SHORT) for _ in range(ROUNDS)]
        with namespace() as fd:
            with self.rstwhy("-f", "json", "--netns=%d" % inode(fd)) as tracer:
                n, spent = self.loads.run_in(fd, "flood", FLOOD_SECONDS)
                alive = tracer.process.poll() is None
                used = tracer.cpu_seconds()
            sent = resets_sent(fd)
        told = tracer.counts
        self.row("c", "flood of SYNs, untraced: a second", [n / s * 1e9 for n, s in bare], count)
        self.row("c", "flood of SYNs, rstwhy, %d s: a second" % FLOOD_SECONDS, [n / spent * 1e9],
                 count)
        for name in ("counted", "shown", "suppressed", "lost"):
            self.row("c", "flood: " + name, [told[name]], count)
        accounted = sum(told[name] for name in ("shown", "filtered", "suppressed", "lost"))
        self.row("c", "flood: resets the kernel sent, not counted", [abs(sent - told["counted"])],
                 count, aim=at_most(0, "0"))
        self.row("c", "flood: counted, not accounted for", [abs(told["counted"] - accounted)],
                 count, aim=at_most(0, "0"))
        self.row("c", "flood: tool alive at the end", [alive], count, aim=at_least(1, "1"))
        self.row("c", "flood: peak memory", [tracer.peak_kb], mb, aim=at_most(32 * 1024, "< 32 MB"))
        self.row("c", "flood: CPU time of the tool", [used], ms)

    # (d)

    def one_program_round(self, found):
        """Each scenario in turn: what the programs took meanwhile."""
        for options, load, label in (
                (["--rate=0"], ["refuse"], "with details"),
                (["--rate=1"], ["refuse"], "suppressed"),
                (["--rate=0"], ["accept", "abort"], "of an abort, with details"),
                (["--rate=0", "--stack"], ["accept", "abort"], "of an abort, --stack"),
                (["--rate=1"], ["accept"], "healthy connections")):
            with self.rstwhy("-f", "json", *options) as tracer:
                before = programs.usage(tracer.pid)
                self.loads.run(load[0], SHORT, *load[1:])
                after = programs.usage(tracer.pid)
            for name, (spent, runs) in after.items():
                old = before.get(name, (0, 0))
                if runs - old[1] > 100:
                    found.setdefault((name, label), []).append(
                        (spent - old[0]) / (runs - old[1]))

    def program_runs(self):
        found = {}
        with programs.counted():
            for _ in range(ROUNDS):
                self.one_program_round(found)
        rows = []
        for (name, label), samples in sorted(found.items()):
            aim = at_most(200, "<= 200 ns")
            if label.endswith("with details") and name != STATES:
                aim = at_most(1000, "<= 1000 ns")
            if name not in (SENT, RECEIVED, STATES) or label.endswith("--stack"):
                aim = None      # it runs for other things too; what the user asks for
            rows.append(self.row("d", "%s, %s" % (name, label), samples, ns, aim=aim))
        self.explain(rows, self.refuse, ["-f", "json", "--rate=0"])

    # (e)

    def start_and_idle(self):
        with namespace() as fd, contextlib.ExitStack() as stack:
            # Only this quiet namespace: the host's own resets are no idling.
            running = [stack.enter_context(self.rstwhy("--netns=%d" % inode(fd), output=os.devnull))
                       for _ in range(ROUNDS)]
            time.sleep(SHORT)
            before = [tracer.cpu_seconds() for tracer in running]
            time.sleep(IDLE_SECONDS)
            idle = [t.cpu_seconds() - used for t, used in zip(running, before)]
        rows = [self.row("e", "rstwhy: start to ready", [t.ready for t in running], ms,
                         aim=at_most(0.15, "<= 150 ms")),
                self.row("e", "rstwhy: peak memory", [t.peak_kb for t in running], mb,
                         aim=at_most(16 * 1024, "<= 16 MB")),
                self.row("e", "rstwhy: CPU time of %d idle seconds" % IDLE_SECONDS, idle, ms,
                         aim=at_most(0.010, "<= 10 ms"))]
        self.explain([rows[0], rows[2]], lambda: self.rstwhy().__exit__())

    # (f)

    def many_sockets(self):
        all_rows = []
        for sockets in SOCKETS:
            with self.loads.held(sockets) as ready:
                if not ready:
                    self.notes.append("Not measured: %d open sockets cannot be held." % sockets)
                    continue
                all_rows.append(self.with_sockets(sockets))
        if len(all_rows) > 1:
            first, last = (statistics.median(rows.ratios) for rows in (all_rows[0], all_rows[-1]))
            row = self.row("f", "cost with most sockets / with fewest", [last / first],
                           lambda value: "%.2f" % value, aim=at_most(1.1, "flat: <= 1.10"))
            self.explain([row], self.aborts_among_many, [])

    def aborts_among_many(self):
        with self.loads.held(SOCKETS[-1]):
            self.loads.run("accept", SECONDS, "abort")

    def with_sockets(self, sockets):
        bare, traced, ready, used = [], [], [], []
        for turn in range(ROUNDS):
            for which in rotated((bare, traced), turn):
                with self.rstwhy() if which is traced else contextlib.nullcontext() as tracer:
                    before = tracer.cpu_seconds() if tracer else 0
                    n, spent = self.loads.run("accept", SHORT, "abort")
                    if tracer:
                        ready.append(tracer.ready)
                        used.append((tracer.cpu_seconds() - before) / (spent / 1e9))
                which.append(spent / n)
        name = "aborts with %s open sockets" % count(sockets)
        self.row("f", name + ", untraced", bare, us)
        row = self.row("f", name + ", rstwhy", traced, us,
                       ratios=[t / u for t, u in zip(traced, bare)])
        self.row("f", name + ": CPU of the tool", used, percent)
        self.row("f", name + ": start to ready", ready, ms)
        return row

    # (g)

    def measured(self, name):
        """What one of the benchmarks without BPF prints, as words; and how to run it again."""
        program = [os.path.join(self.loads.build, name)]
        said = subprocess.run(program + [str(SHORT), str(ROUNDS)], stdout=subprocess.PIPE,
                              check=True).stdout.split()
        return said, lambda: subprocess.run(program + [str(SHORT), "2"],
                                            stdout=subprocess.DEVNULL)

    def user_space(self):
        said, again = self.measured("judge")
        judged, with_history = said[1::2], said[2::2]
        row = self.row("g", "%d records judged and written as JSON: a second" % int(said[0]),
                       map(float, judged), count, aim=at_least(400000, ">= 400,000"))
        self.row("g", "the same with the history before it", map(float, with_history), count)
        self.explain([row], again)
        said, again = self.measured("pipeline")
        row = self.row("g", "refused connects through all of user space: events a second",
                       map(float, said), count, aim=at_least(250000, ">= 250,000"))
        self.explain([row], again)

    def head(self):
        with open("/proc/cpuinfo") as file:
            model = next((line.split(":")[1].strip() for line in file if "model name" in line),
                         platform.machine())
        version = subprocess.run([self.binary, "--version"], stdout=subprocess.PIPE, text=True)
        return "%s, Linux %s, %d CPUs (%s), load average before: %.1f" % (
            version.stdout.splitlines()[0], platform.release(), os.cpu_count(), model, LOAD_BEFORE)

    def text(self):
        self.rows.sort(key=lambda row: row.part)
        missed = sum(row.reached() is False for row in self.rows)
        aims = sum(row.reached() is not None for row in self.rows)
        return "\n\n".join([self.head(), markdown(self.rows),
                            "%d of %d aims reached." % (aims - missed, aims)] + self.notes) + "\n"


PARTS = {
    "a": Bench.refused_connects,
    "b": Bench.healthy,
    "c": Bench.flood,
    "d": Bench.program_runs,
    "e": Bench.start_and_idle,
    "f": Bench.many_sockets,
    "g": Bench.user_space,
}
LOAD_BEFORE = os.getloadavg()[0]


def mount_tracing():
    """For the peers, and for us alone: the host's mounts stay as they are."""
    netns.check(netns.libc.unshare(CLONE_NEWNS), "unshare(CLONE_NEWNS)")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    for kind, where in (("debugfs", "/sys/kernel/debug"), ("tracefs", "/sys/kernel/tracing")):
        if not os.listdir(where):
            subprocess.run(["mount", "-t", kind, kind, where], stderr=subprocess.DEVNULL)


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default="build/rstwhy")
    parser.add_argument("--build", default="build/bench", help="where the programs are")
    parser.add_argument("--parts", default=",".join(PARTS), help="default: %(default)s")
    arguments = parser.parse_args()
    for part in arguments.parts.split(","):
        if part not in PARTS:
            parser.error("no part '%s'; there are %s" % (part, ", ".join(
                "%s (%s)" % (name, part.__name__) for name, part in PARTS.items())))
    return arguments


def main():
    arguments = parse()
    if os.geteuid():
        sys.exit("bench: network namespaces and BPF need root: sudo make bench")
    mount_tracing()
    bench = Bench(os.path.abspath(arguments.binary), os.path.abspath(arguments.build))
    for part in arguments.parts.split(","):
        print("  BENCH    %s: %s" % (part, PARTS[part].__name__), file=sys.stderr, flush=True)
        PARTS[part](bench)
    print(bench.text(), end="")
    with open(os.path.join(arguments.build, "bench.md"), "w") as file:
        file.write(bench.text())


if __name__ == "__main__":
    main()
