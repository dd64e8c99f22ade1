# SPDX-License-Identifier: GPL-2.0-only
"""What goes on meanwhile, each in a process of its own: a function that works until it is told to
stop, and counts what it did.
"""

import contextlib
import itertools
import multiprocessing
import os
import queue
import signal
import socket
import struct
import traceback

import left
import netns
import run as e2e
from hosts import interface_up
from loads import resets_sent
from play import SCENARIOS
from shortrun import Run
from waiting import PATIENCE, until

FORK = multiprocessing.get_context("fork")

# Only the short-lived namespaces use this port, so one filter tells their resets from all others.
PORT = 61998
RESETS_EACH = 2         # of a short-lived namespace
BATCH = 50              # namespaces at once, then a pause
FLOOD_SECONDS, FLOOD_PAUSE = 2, 4
SCRAPE_PAUSE = 0.05
PEERS, PEER_PAUSE = 2500, 0.0013     # to fill 496 pages at random; below 1000 a second
LIVES = (1, 2, 4)       # seconds between a start and an end


class Work:
    """What the processes share: the word to stop, counts, and what went wrong."""

    # namespace_obeyed: of the resets sent there those that a socket was waiting for. On a crowded machine
    # an ACK may come late, and is answered by one more, which nobody receives.
    COUNTS = ("scenarios", "namespaces", "namespace_resets", "namespace_obeyed", "floods", "scrapes", "terminated",
              "killed")

    def __init__(self):
        self._stop, self._wrong, self.processes = FORK.Event(), FORK.Queue(), []
        self.doing = FORK.Array("c", 100)       # of the scenarios: which
        self._counts = {name: FORK.Value("Q", 0) for name in self.COUNTS}

    def goes_on(self, pause=0.0):
        """Wait so many seconds; False: it is time to stop."""
        return not self._stop.wait(pause)

    def add(self, name, n=1):
        with self._counts[name].get_lock():
            self._counts[name].value += n

    def count(self, name):
        return self._counts[name].value

    def complain(self, text):
        self._wrong.put(text)

    def complaints(self):
        found = []
        with contextlib.suppress(queue.Empty):
            while True:
                found.append(self._wrong.get(timeout=0.2))
        return found

    def start(self, act, *args):
        process = FORK.Process(target=self._child, args=(act, *args), name=act.__name__)
        process.start()
        self.processes.append(process)

    def _child(self, act, *args):
        signal.signal(signal.SIGINT, signal.SIG_IGN)    # the parent says when to stop
        netns.die_with_parent(signal.SIGKILL)
        try:
            act(self, *args)
        except BaseException:
            self.complain("%s: %s" % (act.__name__, traceback.format_exc().strip()))

    def finish(self, act, *args):
        """Until it has done all."""
        self.start(act, *args)
        self.processes.pop().join()

    def stop(self):
        self._stop.set()
        for process in self.processes:
            process.join(3 * PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()
                self.complain("%s did not stop%s" % (process.name, self.doing.value.decode()))
        self.processes = []


def play_scenarios(work, binary):
    """All scenarios that cause resets, over and over; the kernel must do what they say. What goes
    wrong on a crowded machine is played once more."""
    runner = e2e.Runner(e2e.parse_arguments(["--no-tracer", "--binary", binary]))
    for scenario in itertools.cycle([s for s in SCENARIOS if not (s.alone or s.guest)]):
        if not work.goes_on():
            break
        work.doing.value = (": " + scenario.name).encode()
        result, detail = runner.attempt(scenario)
        if result == e2e.WRONG and work.goes_on():
            result, detail = runner.attempt(scenario)
        if result == e2e.WRONG:
            work.complain("scenario %s: %s" % (scenario.name, "; ".join(detail)))
        elif result == e2e.RIGHT:
            work.add("scenarios")


def short_lived_namespaces(work, total, seconds):
    """So many network namespaces, spread over that time in batches. Each sees one refused connect
    and one connection that is aborted, and is gone; no process is made for any."""
    batches = -(-total // BATCH)
    for batch in range(batches):
        for _ in range(min(BATCH, total - batch * BATCH)):
            netns.check(netns.libc.unshare(netns.CLONE_NEWNET), "unshare(CLONE_NEWNET)")
            live_short()
            work.add("namespaces")
            work.add("namespace_resets", until(sent_all, "OutRsts"))
            work.add("namespace_obeyed", RESETS_EACH)
        if not work.goes_on(seconds / batches):
            break


def live_short():
    interface_up("lo")
    with socket.create_server(("127.0.0.1", PORT)) as listener:
        be_aborted(listener, "127.0.0.1")
    be_refused("127.0.0.1")


def be_refused(source):
    with socket.socket() as sock:
        sock.bind((source, 0))
        sock.connect_ex(("127.0.0.1", PORT))


def be_aborted(listener, source):
    sock = socket.create_connection(listener.getsockname(), source_address=(source, 0))
    with listener.accept()[0]:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()


def fill_tables(work, loads, fd):
    """What tracers hold and remember is in tables of a fixed size, whose pages are taken as they
    are used: meet as many peers, flows and services as fill them, so slowly that all are shown;
    then as many events at once."""
    netns.enter(fd)
    sources = ["127.1.%d.%d" % (n // 250, 1 + n % 250) for n in range(PEERS)]
    with socket.create_server(("127.0.0.1", PORT)) as listener:
        for source in sources:
            be_aborted(listener, source)
            work.goes_on(PEER_PAUSE)
    for source in sources:
        be_refused(source)
        work.goes_on(PEER_PAUSE)
    work.add("namespace_resets", sent_here())
    work.add("namespace_obeyed", 2 * len(sources))
    loads.run_in(fd, "refuse", FLOOD_SECONDS)


def sent_all():
    """OutRsts, once they are what was caused; None before: the kernel adds some after it has
    sent."""
    sent = sent_here()
    return sent if sent >= RESETS_EACH else None


def sent_here():
    """OutRsts of the namespace that this process is in."""
    own = netns.open_own()
    try:
        return resets_sent(own)
    finally:
        os.close(own)


def floods(work, loads, fd):
    """SYNs to closed ports and refused connects in one namespace, as fast as they go."""
    for name in itertools.cycle(("flood", "refuse")):
        loads.run_in(fd, name, FLOOD_SECONDS)
        work.add("floods")
        if not work.goes_on(FLOOD_PAUSE):
            break


def scrape(work, server):
    """Ask for the metrics all the time; in each answer the counts must close."""
    while work.goes_on(SCRAPE_PAUSE):
        server.scrape()
        work.add("scrapes")


def restart(work, binary):
    """A tracer that is ended and killed in turns. What is ended says a sum that closes; of neither
    a program or a map is left."""
    ends = itertools.cycle((signal.SIGTERM, signal.SIGKILL))
    for number, seconds in zip(ends, itertools.cycle(LIVES)):
        run = Run(binary, ("--format=json", "--output=" + os.devnull, "--stack"))
        mine = left.bpf_of(run.ready().pid)
        go_on = work.goes_on(seconds)
        run.process.send_signal(number)
        if number == signal.SIGTERM:
            run.finished().numbers()
            work.add("terminated")
        else:
            run.process.wait(PATIENCE)
            work.add("killed")
        run.kill()
        until(lambda: not mine & left.bpf_loaded(), "programs and maps to go")
        if not mine or not go_on:
            return None if mine else work.complain("restart: held no program")
