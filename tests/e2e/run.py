#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""End-to-end tests of rstwhy: real resets of the real kernel, and what the tracer says of them.

Needs root, network namespaces, ip and nft; TUN for the scenarios with a peer in user space; nginx,
redis, curl and nc for those with real programs. What is missing makes a scenario "not applicable",
what doctor calls blind makes it "not visible". Nothing outside the scenarios' own namespaces is
changed. --no-tracer plays the scenarios and checks only that the kernel sends the expected resets.

To add a scenario: write a function in the file of scenarios/ that has its theme (play.py shows one;
a new file needs its name in THEMES). The docstring tells the story, the decorator names the case of
the catalogue. Use the helpers of play.py, hosts.py, programs.py and tunpeer.py; wait for what
happens (await_error, wait_state, expect), never for time. Then say what must come:

    play.sent(server, "close-unread-data", {"socket.unread": 904})
    play.received(client, "peer-aborted")

Addresses, ports, IP version, namespace and the owner's pid are compared without being mentioned,
and what every event must have (expect.check_always) too. An event nobody expected is a failure.
A scenario about a run of the binary, not about a cause, is told `alone` and uses play.run().
Try it with `run.py --no-tracer -v NAME` first, then with the tracer.
"""

import argparse
import collections
import datetime
import importlib
import json
import os
import sys
import time
import traceback

import expect
import reject
from checker import Checker
from play import SCENARIOS, Play
from tracer import Tracer, TracerError, doctor
from waiting import PATIENCE, NotApplicable

THEMES = ("closed_port", "abort", "after_close", "lost", "handshake", "death", "ending", "firewall",
          "listener", "owner", "prompt", "containers", "hints", "real_programs", "rare", "ignored",
          "early", "filters", "surroundings", "runs", "budgets", "several", "faults", "packets",
          "service", "kafka", "journal", "ecs", "metrics", "live", "dashboard", "replay", "report",
          "rights", "hostile", "top", "files")
IDLE_SECONDS = 5
LATE_SECONDS = 1
KEPT_HOSTS = 16
RIGHT, WRONG, NOT_VISIBLE, NOT_APPLICABLE = "right", "wrong", "not visible", "not applicable"
SHOWN = {RIGHT: "ok", WRONG: "FAIL"}


class Runner:
    """One run: the tracers, the results, and hosts kept so that no inode is used twice."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.tracers, self.own, self.results, self.old_hosts = {}, [], [], []
        self.tried = collections.Counter()
        self.checker = Checker(arguments.checker_logs)
        if not arguments.no_tracer:
            reject.bring()      # the tracer hooks a module some milliseconds after it has come
        said = {} if arguments.no_tracer else doctor(arguments.binary)
        self.blind = {entry.get("id") for entry in said.get("blind") or []}

    def tracer(self, options):
        """The tracer with these options, started when first needed and again when it died."""
        running = self.tracers.get(options)
        if running is None or running.process.poll() is not None:
            running = self.tracers[options] = Tracer(self.arguments.binary, options)
        return running

    def start_own(self, options=()):
        """A tracer of this scenario only; None when there shall be none."""
        if self.arguments.no_tracer:
            return None
        self.own.append(Tracer(self.arguments.binary, options))
        return self.own[-1]

    def run(self, scenario):
        """Play it; with --again once more if it went wrong, and say so."""
        begun = time.monotonic()
        result, detail = self.attempt(scenario)
        if result == WRONG and self.arguments.again:
            print("%-14s %s" % ("again", scenario.name))
            for text in detail:
                print("    " + text)
            result, detail = self.attempt(scenario)
        found = self.checker.news()
        self.report(scenario.name, WRONG if found else result, detail + found,
                    time.monotonic() - begun)

    def attempt(self, scenario):
        try:
            result, detail = self._play(scenario)
        except NotApplicable as missing:
            result, detail = NOT_APPLICABLE, [str(missing)]
        except (TracerError, AssertionError) as error:
            result, detail = WRONG, [str(error)]
        except Exception as error:
            result, detail = WRONG, ["the scenario broke: %s: %s" % (type(error).__name__, error)]
            if self.arguments.verbose:
                traceback.print_exc()
        while self.own:
            detail += self.own.pop().stop()
        return WRONG if detail and result == RIGHT else result, detail

    def report(self, name, result, detail, seconds):
        self.results.append({"name": name, "result": result, "detail": "; ".join(detail)})
        line = "%-14s %s" % (SHOWN.get(result, result), name)
        if self.arguments.verbose:
            line += " (%.1f s)" % seconds
        if result == NOT_APPLICABLE:
            line += ": " + detail[0]
        print(line)
        if result == WRONG:
            for text in detail:
                print("    " + text)
        sys.stdout.flush()

    def _play(self, scenario):
        if scenario.flood and self.arguments.own_machine:
            raise NotApplicable("an emulated machine is no match for a flood")
        if self.arguments.checker and (scenario.flood or scenario.plain):
            raise NotApplicable("under a checker: " + (scenario.plain or "too slow for a flood"))
        if scenario.guest and not self.arguments.own_machine:
            raise NotApplicable("changes settings of the whole machine (--own-machine)")
        if scenario.alone and self.arguments.no_tracer:
            raise NotApplicable("has nothing to show without the tracer")
        if scenario.alone:
            self.stop()     # its floods would be too much for a tracer that nobody reads meanwhile
        play = Play(scenario.family, self.start_own, self.arguments.binary, self.blind)
        tracer = None
        try:
            if not (scenario.fresh or scenario.alone or self.arguments.no_tracer):
                tracer = self.tracer(scenario.options)
            begun = datetime.datetime.now(datetime.timezone.utc)
            scenario.play(play)
            self.tried += play.tried
            if scenario.alone:
                return RIGHT, []
            play.wait_wire()
            play.sentinels()
            wrong = expect.check_wire(play.expected, play.hosts)
            if self.arguments.verbose:
                self._show_kernel(play.hosts)
            tracer = self.own[-1] if scenario.fresh and self.own else tracer
            if tracer:
                wrong += self._compare(play, tracer, begun.strftime("%Y-%m-%dT%H:%M:%S.%f"))
        finally:
            play.stop()
            self._keep(play.hosts)
        if wrong:
            return WRONG, wrong
        hidden = [e for e in play.expected if e.hidden(self.blind)]
        return (NOT_VISIBLE if hidden and len(hidden) == len(play.expected) else RIGHT), []

    def _compare(self, play, tracer, begun):
        """What is wrong with the events of the scenario's hosts."""
        events = self._events(play, tracer, begun)
        wrong = expect.compare(play.expected, events, self.blind) + _check_times(events)
        self._show(events, bool(wrong))
        if wrong:
            tracer.wait(lambda: False, LATE_SECONDS)
            late = self._events(play, tracer, begun)[len(events):]
            wrong += ["came too late: " + json.dumps(event) for event in late]
        return wrong

    def _events(self, play, tracer, begun):
        """The events of the scenario's hosts, once all sentinels have been told.

        An older event with one of their inode numbers was of a namespace that is gone.
        """
        inodes = {host.inode for host in play.hosts}
        wanted = {(inode, "received") for inode in inodes}
        if "sent-no-socket" not in self.blind:
            wanted |= {(inode, "sent") for inode in inodes}

        def mine():
            wanted_netns = inodes | {expect.ABSENT}
            return [e for e in tracer.events if e.get("time", begun) >= begun
                    and expect.lookup(e, "linux.netns") in wanted_netns]

        def told():
            return wanted <= {(e["linux"]["netns"], e["reset"]["direction"]) for e in mine()
                              if expect.is_sentinel(e) and "linux" in e}
        if not tracer.wait(told):
            self._show(mine(), True)
            raise TracerError("the closing reset was not told within %g s" % PATIENCE)
        return [e for e in mine() if not expect.is_sentinel(e)]

    def _show(self, events, wrong):
        if self.arguments.verbose or wrong:
            for event in events:
                print("    " + json.dumps(event))

    def _show_kernel(self, hosts):
        for host in hosts:
            print("    %s (netns %d): %s" % (host.name, host.inode, host.counters()))
            for segment in host.wire.sent:
                print("        sent " + str(segment))

    def _keep(self, hosts):
        """Free the namespaces of earlier scenarios only: inode numbers are reused at once."""
        self.old_hosts += hosts
        while len(self.old_hosts) > KEPT_HOSTS:
            self.old_hosts.pop(0).forget()

    def measure(self):
        """What the tracer costs when nothing happens. Measurements, not assertions."""
        tracer = self.tracer(())
        before = tracer.cpu_seconds()
        try:
            tracer.wait(lambda: False, IDLE_SECONDS)
            used = tracer.cpu_seconds() - before
        except (TracerError, OSError):
            return
        print("seconds to start: %.2f" % tracer.seconds_to_start)
        print("cpu seconds while idle for %d s: %.2f" % (IDLE_SECONDS, used))

    def stop(self):
        """End the tracers; their own behaviour is a result too."""
        for options, tracer in self.tracers.items():
            if not options and tracer.process.poll() is None:
                print("resident memory at the end: %d KiB" % tracer.memory_kb())
            wrong = tracer.stop() + self.checker.news()
            self.report(" ".join(("tracer",) + options), WRONG if wrong else RIGHT, wrong, 0)
        self.tracers.clear()

    def kill(self):
        for tracer in list(self.tracers.values()) + self.own:
            tracer.kill()


def _check_times(events):
    """No event is of the future."""
    now = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)).isoformat()
    return ["time: %s is yet to come" % e["time"] for e in events if e.get("time", now) > now]


def load_scenarios():
    """All of them, into SCENARIOS."""
    for theme in THEMES:
        importlib.import_module("scenarios." + theme)


def choose(names, of_kernel):
    """The scenarios asked for, those with equal options next to each other."""
    unknown = set(names) - {s.name for s in SCENARIOS}
    if unknown:
        sys.exit("run.py: no such scenario: " + " ".join(sorted(unknown)))
    chosen = [s for s in SCENARIOS if not names or s.name in names]
    if of_kernel:
        chosen = [s for s in chosen if s.guest or s.kernel or not s.alone]
    return sorted(chosen, key=lambda s: s.options)


def parse_arguments(words=None):
    """Of the command line, or these."""
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="end-to-end tests of rstwhy")
    # Absolute: some runs have another working directory.
    parser.add_argument("--binary", type=os.path.abspath,
                        default=os.path.join(here, "..", "..", "build", "rstwhy"))
    parser.add_argument("--result", metavar="FILE", help="write the results as JSON")
    parser.add_argument("--list", action="store_true", help="list the scenarios and end")
    parser.add_argument("--no-tracer", action="store_true",
                        help="check the scenarios, not the tracer")
    parser.add_argument("--own-machine", action="store_true",
                        help="a throwaway guest: also scenarios that change the whole machine")
    parser.add_argument("--kernel", action="store_true",
                        help="leave out what does not depend on the kernel: options, output, ends")
    parser.add_argument("--again", action="store_true",
                        help="a crowded machine: play what went wrong once more")
    parser.add_argument("--checker", action="store_true",
                        help="the binary runs under one (sanitizers, valgrind): leave out what is"
                             " about its speed, size, allocator or system calls")
    parser.add_argument("--checker-logs", metavar="DIRECTORY",
                        help="where valgrind writes them: an error in one is a failure")
    parser.add_argument("-v", "--verbose", action="store_true", help="show the events")
    parser.add_argument("names", nargs="*", metavar="NAME")
    return parser.parse_args(words)


def list_scenarios():
    for scenario in SCENARIOS:
        print("%-34s %-10s %s" % (scenario.name, scenario.case, scenario.story.split("\n")[0]))


def write_results(path, results):
    with open(path, "w") as file:
        json.dump({"kernel": os.uname().release, "scenarios": results}, file, indent=1)
        file.write("\n")


def main():
    arguments = parse_arguments()
    load_scenarios()
    if arguments.list:
        return list_scenarios()
    if os.geteuid() != 0:
        sys.exit("run.py: needs root: namespaces and BPF")
    runner = Runner(arguments)
    try:
        if not arguments.names and not arguments.no_tracer:
            runner.measure()
        for scenario in choose(arguments.names, arguments.kernel):
            runner.run(scenario)
        runner.stop()
    except TracerError as error:
        runner.report("tracer", WRONG, [str(error)], 0)
    finally:
        runner.kill()
    if arguments.result:
        write_results(arguments.result, runner.results)
    return conclude(runner.results, runner.tried)


def conclude(results, tried):
    count = {kind: sum(r["result"] == kind for r in results) for kind in (RIGHT, WRONG)}
    skipped = len(results) - count[RIGHT] - count[WRONG]
    if tried:
        print("tried: " + ", ".join("%d %s" % (tried[what], what) for what in sorted(tried)))
    tail = ", %d skipped" % skipped if skipped else ""
    print("%d passed, %d failed%s" % (count[RIGHT], count[WRONG], tail))
    return 1 if count[WRONG] else 0


if __name__ == "__main__":
    sys.exit(main())
