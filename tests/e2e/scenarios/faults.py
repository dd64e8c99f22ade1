# SPDX-License-Identifier: GPL-2.0-only
"""What the kernel or the machine refuses, at every step: one clear line and status 1, or a run that
goes on and counts what it lost. Nothing stays attached, and the counts add up.
"""

import array
import contextlib
import datetime
import errno
import fcntl
import http.client
import itertools
import json
import mmap
import os
import pathlib
import re
import resource
import signal
import socket
import struct
import subprocess
import termios
import time

import netns
from expect import ABSENT, lookup
from hosts import Host
from play import scenario
from refusals import refused, refused_program, start, told
from scenarios.runs import SOON, fill, flood, loaded_programs, programs_of
from shortrun import READY, TALK
from syscalls import Syscalls
from waiting import NotApplicable, until

MAP_CREATE, OBJ_PIN, TEST_RUN, RAW_TRACEPOINT_OPEN, LINK_CREATE = 0, 6, 10, 17, 28
ATTACH = (RAW_TRACEPOINT_OPEN, LINK_CREATE)
REFUSALS = (errno.EPERM, errno.ENOMEM, errno.E2BIG, errno.EINVAL)
STOPPED_SECONDS = 10
DROPPING_SECONDS = 2.5
HOUR = 3600
STEPS = (0, HOUR, -HOUR)     # of the wall clock, against the true one


def complaints(run):
    return [line for line in run.talk if not TALK.match(line)]


def ended(run):
    """Its exit status, once it has ended."""
    return until(lambda: run.process.poll() is not None and (run.process.poll(),), "it to end")[0]


def expect_refusal(run, what, most=1):
    """It has ended with one line that says what was tried; no event was told. most: where several
    things are refused, several may be told."""
    status, lines = ended(run), run.talk
    if status != 1 or not 1 <= len(lines) <= most or run.output:
        raise AssertionError("%s: status %s: %s %s" % (what, status, lines, run.output[:300]))
    if not all(re.match(r"rstwhy: [a-z].*: .", line) for line in lines) or "(null)" in str(lines):
        raise AssertionError("%s: not clear: %s" % (what, lines))


def expect_work(run, host, what, fine=(0,)):
    """It traces as if nothing had been: two events of one refused connection. fine: its status."""
    both = refused(host)
    run.process.send_signal(signal.SIGINT)
    if ended(run) not in fine or sorted(told(run.events())) != sorted(both):
        raise AssertionError("%s: %s told %s" % (what, run.talk, run.output))
    if run.numbers()["shown"] != 2:
        raise AssertionError("%s: %s" % (what, run.talk))


def expect_gone(programs):
    """None of these BPF programs is there any more."""
    until(lambda: not programs & loaded_programs(), "the programs to go")


def blind_spots(run):
    """As the run announces them."""
    return int(re.search(r"(\d+) blind spots?", " ".join(run.talk)).group(1))


def begin(play, host, *options, **how):
    """A run that sees this host; it may have ended when this returns. True: it traces."""
    run = play.run("--format=json", "--netns=%d" % host.inode, *options, **how)
    until(lambda: run.process.poll() is not None
          or any(line.startswith(READY) for line in run.talk), "the run to begin or to end")
    return run, any(line.startswith(READY) for line in run.talk)


def command_of(call):
    return call.arguments[0]


class Refuse:
    """A judge that refuses the nth call that matters, and remembers the programs held then."""

    def __init__(self, nth, code, matters=lambda call: True):
        self.nth, self.code, self.matters = nth, code, matters
        self.seen, self.held, self.pinned = 0, set(), False

    def __call__(self, call):
        self.pinned |= call.name == "bpf" and command_of(call) == OBJ_PIN
        if not self.matters(call):
            return 0
        self.seen += 1
        if self.seen != self.nth:
            return 0
        self.held |= programs_of(call.pid)
        return self.code


def each_refusal(play, names, refusals, matters=lambda call: True):
    """Runs whose 1st, 2nd, ... call is refused, up to the one with no such call left: the judge,
    the run and whether it traces."""
    for nth, code in zip(itertools.count(1), itertools.cycle(refusals)):
        refuse, host = Refuse(nth, code, matters), play.host()
        calls = Syscalls(names, refuse)
        run, traces = begin(play, host, before=calls.before)
        if refuse.seen < nth:
            refuse.nth = 0
            expect_work(run, host, "nothing refused")
            calls.close()
            if nth == 1:
                raise AssertionError("there is nothing to refuse")
            return
        what = "call %d, %s" % (nth, errno.errorcode[code])
        yield refuse, run, traces, host, what
        play.fault()
        calls.close()
        run.kill()
        play.runs.remove(run)


@scenario("faults", alone=True)
def fault_bpf(play):
    """Each bpf() of a start is refused in turn. A trial that is refused is a blind spot, told; what
    only libbpf wanted to know is no loss; all else ends the run."""
    host, held = play.host(), set()
    blind = blind_spots(start(play, host).end())
    for refuse, run, traces, host, what in each_refusal(play, ("bpf",), REFUSALS):
        held |= refuse.held
        if refuse.pinned:
            raise AssertionError("%s: something was pinned" % what)
        if not traces:
            expect_refusal(run, what)
        elif blind_spots(run) == blind:
            expect_work(run, host, what)
        else:
            refused(host)
            run.end().numbers()
    expect_gone(held)


@scenario("faults", alone=True)
def fault_attach(play):
    """Each hook fails to attach in turn: the run does not begin, and says which."""
    def attaches(call):     # once there are maps: before come the trials
        return command_of(call) in ATTACH and any(
            line.startswith("map_type:") for line in fdinfo_lines(call.pid))

    named, held = set(), set()
    for refuse, run, traces, host, what in each_refusal(play, ("bpf",), (errno.EBUSY,), attaches):
        held |= refuse.held
        if traces and complaints(run):  # the iterator that looks who holds which socket
            expect_work_with(run, host, "find which process holds which socket", what)
            continue
        if traces:      # libbpf tried whether kprobes can be links, and has another way
            expect_work(run, host, what)
            continue
        expect_refusal(run, what)
        named.add(re.match(r"rstwhy: attach (\S+/\S+): Device or resource busy", run.talk[0])[1])
    if len(named) < 2 or not held:
        raise AssertionError("hooks: %s" % named)
    expect_gone(held)


def fdinfo_lines(pid):
    for fd in os.listdir("/proc/%d/fdinfo" % pid):
        with open("/proc/%d/fdinfo/%s" % (pid, fd)) as file:
            yield from file


def expect_work_with(run, host, complaint, what):
    """It works, and complains once."""
    lines = complaints(run)
    if len(lines) != 1 or complaint not in lines[0]:
        raise AssertionError("%s: %s" % (what, run.talk))
    expect_work(run, host, what)


@scenario("faults", alone=True)
def fault_bpf_while_tracing(play):
    """The counts cannot be read for a moment: that is told, and the next time they are right."""
    refusing = []

    def judge(call):
        return errno.ENOMEM if refusing and command_of(call) == 1 else 0    # BPF_MAP_LOOKUP_ELEM

    calls, host = Syscalls(("bpf",), judge), play.host()
    run = start(play, host, before=calls.before)
    refused(host)
    refusing.append(True)
    run.process.send_signal(signal.SIGUSR1)
    until(lambda: "counted " in run._said(1), "the counts")
    refusing.clear()
    refused(host)
    run.end(complaint="read the counts: Cannot allocate memory")
    calls.close()
    play.fault()
    if not any("counted 4 = shown 4" in line for line in run.talk):
        raise AssertionError(str(run.talk))


@scenario("faults", alone=True)
def fault_names(play):
    """The kernel cannot be asked for names of functions: /proc/kallsyms has them. Neither: that is
    told, once, and events are told without. The kernel ceases to answer: the same."""
    refusing, asked = [], []

    def judge(call):
        if call.name == "openat":
            return errno.EACCES if "file" in refusing and call.path == "/proc/kallsyms" else 0
        asked.append(command_of(call) == TEST_RUN)
        return errno.ENOMEM if "bpf" in refusing and asked[-1] else 0

    for at_start, later, named, complaint in (
            (["bpf"], [], True, None),
            (["bpf", "file"], [], False, "read /proc/kallsyms: Permission denied"),
            ([], ["bpf"], False, "ask for the name of a kernel function: Cannot allocate memory")):
        refusing[:] = at_start
        calls, host = Syscalls(("bpf", "openat"), judge), play.host()
        run = start(play, host, "--stack", before=calls.before)
        if not any(asked):
            raise NotApplicable("this kernel cannot be asked for single names")
        refusing[:] = later or at_start
        both = refused(host)
        run.end(complaint=complaint)
        calls.close()
        events = run.events()
        if sorted(told(events)) != sorted(both):
            raise AssertionError(run.output)
        if [named] * 2 != ["__sys_connect" in e.get("stack", {}).get("kernel", []) for e in events]:
            raise AssertionError("%s, %s: %s" % (at_start, later, run.output))
        play.fault()


def with_small_maps(play, sizes, *options):
    """A run some of whose maps have room for few elements, and its host."""
    def judge(call):
        if command_of(call) != MAP_CREATE:
            return
        name = call.read(call.arguments[1] + 28, 16).split(b"\0")[0].decode()
        if name in sizes:
            call.write(call.arguments[1] + 12, struct.pack("I", sizes[name]))
            shrunk.add(name)

    shrunk, host = set(), play.host()
    calls = Syscalls(("bpf",), judge)
    run = start(play, host, *options, before=calls.before)
    if shrunk != set(sizes):
        raise AssertionError("maps: %s" % shrunk)
    play.fault()
    return run, host


@scenario("faults", alone=True)
def fault_kinds_full(play):
    """More kinds of resets than there is room for: those without a room of their own are counted
    together, and shown as long as they have a budget."""
    run, host = with_small_maps(play, {"kinds": 1})
    both = refused(host) + refused(host, address="::1")
    aborted(play, host)
    run.end()
    numbers = run.numbers()
    if (numbers["counted"], numbers["shown"]) != (6, 6) or not set(both) <= set(told(run.events())):
        raise AssertionError("%s %s" % (numbers, run.output))


def aborted(play, host):
    """A reset sent and one received, of other kinds than a refused connection's."""
    client, server = play.connection((host, host))
    client.close(linger=0)
    server.await_error("ECONNRESET")


@scenario("faults", alone=True)
def fault_budgets_full(play):
    """No room for another kind, nor for its budget: a new kind is shown all the same, or whoever fills
    the tables would blind the tracer for good."""
    run, host = with_small_maps(play, {"kinds": 1, "budgets": 1})
    for _ in range(10):
        refused(host)
        refused(host, address="::1")
    run.end()
    numbers = run.numbers()
    if numbers["counted"] != 40 or numbers["shown"] != 40:
        raise AssertionError(str(numbers))


@scenario("faults", alone=True)
def fault_memory_full(play):
    """More connections than are remembered: their resets are told all the same, each once."""
    run, host = with_small_maps(play, {"lives": 4, "listeners": 4, "reset_marks": 4, "ended": 1})
    server = host.program("server").listen("127.0.0.1", 80, backlog=64)
    client = host.program("client")
    ends = [client.connect("127.0.0.1", 80) for _ in range(40)]
    theirs = [server.accept() for _ in ends]
    for end in ends:
        end.close(linger=0)
    for end in theirs:
        end.await_error("ECONNRESET")
    run.end()
    numbers, found = run.numbers(), told(run.events())
    wanted = [("sent", e.local, e.peer) for e in ends] + [("received", e.peer, e.local)
                                                          for e in ends]
    if sorted(found) != sorted(wanted) or numbers["lost"]:
        raise AssertionError("%d told, %s" % (len(found), numbers))


class FailingMalloc:
    """The page shared with failmalloc.c."""

    FIELDS = ("fail", "and_all_after", "places", "failed")

    def __init__(self, play):
        self.library = beside(play, "failmalloc.so")
        path = play.directory() + "/control"
        with open(path, "w+b") as file:
            file.truncate(mmap.PAGESIZE)
            self.page = mmap.mmap(file.fileno(), mmap.PAGESIZE)
        self.env = {"LD_PRELOAD": self.library, "FAILMALLOC": path}

    def get(self, field):
        return struct.unpack_from("Q", self.page, 8 * self.FIELDS.index(field))[0]

    def set(self, **values):
        """In this order."""
        for field, value in values.items():
            struct.pack_into("Q", self.page, 8 * self.FIELDS.index(field), value)


def beside(play, name):
    """What `make e2e` built for the tests."""
    path = os.path.join(os.path.dirname(os.path.abspath(play.binary)), name)
    if not os.path.exists(path):
        raise NotApplicable("%s is not built (make e2e)" % name)
    with open(play.binary, "rb") as file:
        if b"/ld-linux" not in file.read(4096):
            raise NotApplicable("nothing can be loaded into a static binary")
    return path


@scenario("faults", alone=True, plain="a checker has a malloc of its own")
def fault_malloc_at_start(play):
    """At each place of a start, an allocation fails: alone, and with all that come later. Without
    the sandbox: libseccomp 2.5 does not survive that one of its own fails."""
    failing, packets = FailingMalloc(play), "--pcapng=" + play.directory() + "/packets"
    for and_all_after, options in ((0, ()), (1, ()), (0, (packets,))):
        for place in itertools.count(1):
            host = play.host()
            failing.set(places=0, failed=0, and_all_after=and_all_after, fail=place)
            run, traces = begin(play, host, "--no-sandbox", *options, env=failing.env)
            begun_well = not failing.get("failed")
            failing.set(fail=0, and_all_after=0)
            if begun_well:
                expect_work(run, host, "nothing failed")
                break
            what = "allocation %d%s" % (place, " and all after" if and_all_after else "")
            if traces:
                expect_few_words(run, what)
                # 1: the packets were not written, and that is told.
                expect_work(run, host, what, (0, 1) if options else (0,))
            else:
                expect_refusal(run, what, 3 if and_all_after else 1)
            play.fault()
            run.kill()
            play.runs.remove(run)
        if place < 20:
            raise AssertionError("only %d places" % place)


def expect_few_words(run, what):
    if len(complaints(run)) > 2:
        raise AssertionError("%s: %s" % (what, run.talk))


@scenario("faults", alone=True, plain="a checker has a malloc of its own")
def fault_malloc_while_tracing(play):
    """At each place that the first events reach, an allocation fails."""
    failing = FailingMalloc(play)
    for place in itertools.count(1):
        host = play.host()
        failing.set(places=0, failed=0, fail=0)
        run = start(play, host, "--stack", env=failing.env)
        failing.set(fail=place, places=0)
        refused(host)
        aborted(play, host)
        run.process.send_signal(signal.SIGINT)
        status, numbers = ended(run), run.numbers()
        if numbers["counted"] != 4 and not status or len(complaints(run)) > failing.get("failed"):
            raise AssertionError("place %d: %s" % (place, run.talk))
        if status != (1 if numbers["lost"] else 0) or len(run.events()) != numbers["shown"]:
            raise AssertionError("place %d: status %s: %s" % (place, status, run.talk))
        if not failing.get("failed"):
            break
        play.fault()
    if place < 3:
        raise AssertionError("only %d places" % place)


def each_failing(play, failing, *words, after=0):
    """Runs in which the 1st, 2nd, ... allocation fails: the run, ended, and the place."""
    for place in itertools.count(1):
        failing.set(places=0, failed=0, and_all_after=after, fail=place)
        run = play.run(*words, env=failing.env)
        ended(run)
        if not failing.get("failed"):
            break
        yield run, place
        play.fault()
        run.kill()
        play.runs.remove(run)
    failing.set(fail=0, and_all_after=0)
    if place < 3:
        raise AssertionError("only %d places" % place)


def recorded(play):
    """A recording of a few resets."""
    host, path = play.host(), play.directory() + "/recorded.json"
    run = start(play, host, "-o", path)
    for _ in range(3):
        refused(host)
    aborted(play, host)
    run.end()
    return path


def output_of(play, *words):
    run = play.run(*words)
    if ended(run):
        raise AssertionError("%s: %s" % (words, run.talk))
    return run.output


# json-c 0.16 does not look whether there was memory for its copy of a key: there a replay ends by
# SIGSEGV, which nobody takes for a result.
JSON_C = -signal.SIGSEGV
JSON_C_PLACES = 2


@scenario("faults", alone=True, plain="a checker has a malloc of its own")
def fault_malloc_of_commands(play):
    """At each place, an allocation of doctor, explain, replay or report fails: what comes is the same,
    or a line says what went wrong. Without the sandbox, as above."""
    path, failing = recorded(play), FailingMalloc(play)
    for words in (("doctor",), ("doctor", "-f", "json"), ("explain", "port-closed"),
                  ("replay", "-f", "json", "--no-sandbox", path),
                  ("replay", "-f", "ecs", "--no-sandbox", path),
                  ("report", "--no-sandbox", path)):
        right, crashed = output_of(play, *words), 0
        for run, place in each_failing(play, failing, *words):
            status, what = run.process.poll(), "%s, allocation %d" % (words, place)
            crashed += status == JSON_C and path in words
            if status == 0 and run.output != right:
                raise AssertionError("%s: status 0: %s" % (what, run.talk))
            if status == 1 and not complaints(run):
                raise AssertionError("%s: not a word" % what)
            if status not in (0, 1) and (status != JSON_C or path not in words):
                raise AssertionError("%s: status %s: %s" % (what, status, run.talk))
        if crashed > JSON_C_PLACES:
            raise AssertionError("%s: crashed at %d places" % (words, crashed))


def served(host, path):
    """Status and body, or None: no answer."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", 19435, timeout=5)
        with netns.inside(host.fd):
            connection.connect()
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()


PAGES = ("/metrics", "/", "/api/summary", "/api/catalogue")


@scenario("faults", alone=True, plain="a checker has a malloc of its own")
def fault_malloc_while_serving(play):
    """At each place that a reader of --listen reaches, an allocation fails: that reader may have no
    answer, but none that is cut, and the next one has all."""
    if not built_with(play, "libmicrohttpd"):
        raise NotApplicable("built without libmicrohttpd")
    path, failing, home = recorded(play), FailingMalloc(play), play.host("home")

    def enter():
        netns.enter(home.fd)
    failing.set(fail=0)
    run = play.run("replay", "-f", "json", "--listen", "--no-sandbox", path, before=enter,
                   env=failing.env)
    until(lambda: run.process.poll() is not None or "serving on" in " ".join(run.talk),
          "it to serve")
    right = {page: served(home, page) for page in PAGES}
    for page in PAGES:
        for place in itertools.count(1):
            failing.set(places=0, failed=0, and_all_after=0, fail=place)
            answer = served(home, page)
            failing.set(fail=0)
            if not failing.get("failed"):
                break
            if answer and answer[0] == 200 and len(answer[1]) != len(right[page][1]):
                raise AssertionError("%s, place %d: cut: %d bytes" % (page, place, len(answer[1])))
            if run.process.poll() is not None:
                raise AssertionError("%s, place %d: %s" % (page, place, run.talk))
            play.fault()
        again = served(home, page)
        if not again or again[0] != 200 or len(again[1]) != len(right[page][1]):
            raise AssertionError("%s: later: %s" % (page, again and again[0]))
    run.process.send_signal(signal.SIGINT)
    if ended(run):
        raise AssertionError(run.talk)


@scenario("faults", alone=True, flood=True)
def fault_stopped(play):
    """The tracer stands still for ten seconds under load: what the ring buffer could not hold is
    counted to the last reset, and what comes later is shown again."""
    host, path = play.host(), play.directory() + "/events"
    run = start(play, host, "-o", path, "--rate=0")
    with flood(host):
        run.freeze()
        time.sleep(STOPPED_SECONDS)
        run.wake()
        size = os.stat(path).st_size
        until(lambda: os.stat(path).st_size > size + (8 << 20), "it to read on", SOON)
    both = refused(host)
    run.end()
    numbers, sent = run.numbers(), host.counters()["OutRsts"]
    with open(path) as file:
        lines, last = 0, ""
        for last in file:
            lines += 1
    if numbers["counted"] != 2 * sent or not numbers["lost"] or lines != numbers["shown"]:
        raise AssertionError("%d sent, %d lines, %s" % (sent, lines, numbers))
    play.fault()
    if told([json.loads(last)])[0] not in both:
        raise AssertionError("the last one is %s" % last)


@scenario("faults", alone=True, flood=True)
def fault_runs_skipped(play):
    """A softirq interrupts one of our programs and sends a reset itself: the kernel skips the run
    inside a run. It is counted as lost, and the counts add up."""
    here, there = play.two_hosts()
    for host in (here, there):
        receive_on_first_cpu(host)
    run = start(play, here, "--rate=0", "--buffer=64M", "-o", os.devnull)
    with pinned(there, {0}, accept_and_abort), pinned(here, {0}, connect_and_abort), \
            pinned(here, {1}, be_refused):
        until(lambda: there.counters().get("OutRsts", 0) > 100000, "many resets", SOON)
    if not run.end().numbers()["lost"]:
        raise NotApplicable("no run was skipped")
    play.fault()


def receive_on_first_cpu(host, device="veth0"):
    """What arrives is handled by the first CPU, whoever sends."""
    pid = os.fork()
    if not pid:
        try:
            netns.enter(host.fd)
            netns.check(netns.libc.unshare(0x00020000), "unshare(CLONE_NEWNS)")
            netns.check(netns.libc.mount(b"none", b"/", None, 0x4000 | 1 << 18, None), "mount /")
            netns.check(netns.libc.mount(b"none", b"/sys", b"sysfs", 0, None), "mount /sys")
            with open("/sys/class/net/%s/queues/rx-0/rps_cpus" % device, "w") as file:
                file.write("1")
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(pid, 0)[1]:
        raise NotApplicable("no rps_cpus")


@contextlib.contextmanager
def pinned(host, cpus, act):
    """A process of the host does this for ever."""
    pid = os.fork()
    if not pid:
        try:
            netns.die_with_parent(signal.SIGKILL)
            os.sched_setaffinity(0, cpus)
            netns.enter(host.fd)
            act()
        finally:
            os._exit(1)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def abort(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def accept_and_abort():
    with socket.create_server(("10.9.0.2", 80), backlog=1000) as listener:
        while True:
            abort(listener.accept()[0])


def connect_and_abort():
    while True:
        sock = socket.socket()
        sock.connect_ex(("10.9.0.2", 80))
        abort(sock)


def be_refused():
    while True:
        with socket.socket() as sock:
            sock.connect_ex(("10.9.0.2", 81))


@scenario("faults", alone=True, flood=True)
def fault_other_runs_skipped(play):
    """A softirq drops packets while the program that looks at every dropped packet runs for another
    one: the runs that the kernel skips are told, but are no lost resets."""
    host = play.host()
    receive_on_first_cpu(host, "lo")
    run = start(play, host)
    with pinned(host, {0}, drop_datagrams), pinned(host, {1}, send_to_nobody):
        time.sleep(DROPPING_SECONDS)
    numbers = run.end().numbers()
    if numbers["counted"] or numbers["lost"]:
        raise AssertionError(str(run.talk))
    if not any(re.search(r"[1-9]\d* runs? of other programs skipped$", s) for s in run.talk):
        raise NotApplicable("no run was skipped")
    play.fault()


def drop_datagrams():
    """A pair that is closed with what nobody has read."""
    while True:
        one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        one.setblocking(False)
        with one, other, contextlib.suppress(BlockingIOError):
            while True:
                one.send(b"x")


def send_to_nobody():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for n in itertools.count():
            with contextlib.suppress(ConnectionRefusedError):
                sock.sendto(b"x", ("127.0.0.%d" % (2 + n % 100), 9999))


@scenario("faults", alone=True)
def fault_clock_stepped(play):
    """The wall clock is set an hour ahead and two back: the times follow it, the run does not."""
    library = libfaketime()
    path = play.directory() + "/clock"
    set_clock(path, 0)
    host = play.host()
    run = start(play, host, "--duration=3600", env={
        "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": path, "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
    both = []
    for n, ahead in enumerate(STEPS):
        set_clock(path, ahead)
        both += refused(host)
        until(lambda: len(run.events()) == 2 * (n + 1), "two more events")
    run.end()
    events, numbers = run.events(), run.numbers()
    if sorted(told(events)) != sorted(both) or numbers["shown"] != 6:
        raise AssertionError("%s %s" % (numbers, run.output))
    now = datetime.datetime.now(datetime.timezone.utc)
    play.fault()
    for event, ahead in zip(events, (step for step in STEPS for _ in range(2))):
        when = datetime.datetime.fromisoformat(event["time"][:26] + "+00:00")
        if not ahead - 60 < (when - now).total_seconds() <= ahead:
            raise AssertionError("%s with the clock %d s ahead" % (event["time"], ahead))


def set_clock(path, seconds):
    """Of the processes that look at this file."""
    with open(path + ".new", "w") as file:
        file.write("%+d\n" % seconds)
    os.rename(path + ".new", path)


def libfaketime():
    path = "/usr/lib/%s-linux-gnu/faketime/libfaketime.so.1" % os.uname().machine
    if not os.path.exists(path):
        raise NotApplicable("libfaketime is not installed")
    return path


def limit_files(count):
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))


@scenario("faults", alone=True)
def fault_files_at_start(play):
    """A process that may have 4, 5, 6 ... files open."""
    for count in itertools.count(4):
        host = play.host()
        run, traces = begin(play, host, before=limit_files(count))
        enough = traces and not complaints(run)
        if traces:
            expect_few_words(run, "%d files" % count)
            expect_work(run, host, "%d files" % count)
        elif ended(run) != 127:     # not even the dynamic linker could open what it needs
            expect_refusal(run, "%d files" % count)
        if enough:
            break
        play.fault()
    if count < 15:
        raise AssertionError("%d files are enough?" % count)


def opens_of_system(call):
    """What rstwhy opens, not what the dynamic linker does."""
    return call.name == "openat" and call.path.startswith(("/proc/", "/sys/"))


def limit_addresses(megabytes):
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


@contextlib.contextmanager
def memory_group(megabytes):
    """For `before`: the process may have so much memory, with that of the kernel for it."""
    for top, limit in (("/sys/fs/cgroup/memory", "memory.limit_in_bytes"),
                       ("/sys/fs/cgroup", "memory.max")):
        path = "%s/rstwhy-%d" % (top, os.getpid())
        with contextlib.suppress(OSError):
            os.mkdir(path)
            break
    else:
        raise NotApplicable("no cgroup can be made")
    try:
        if not os.path.exists(path + "/" + limit):
            raise NotApplicable("no memory controller")
        pathlib.Path(path, limit).write_text("%dM" % megabytes)
        yield lambda: pathlib.Path(path, "cgroup.procs").write_text("0")
    finally:
        os.rmdir(path)


REFUSED_BUFFER = "allocate a ring buffer of 256M: Cannot allocate memory; try a smaller"


@scenario("faults", alone=True, plain="a checker needs more memory itself")
def fault_buffer_too_large(play):
    """The cgroup has no memory for the ring buffer, or the process no room to see it: the one line
    names the option; a smaller one is taken."""
    with memory_group(60) as before:
        play.run("--buffer=256M", before=before).finished(1, REFUSED_BUFFER)
        play.fault()
        host = play.host()
        expect_work(start(play, host, "--buffer=64K", before=before), host, "64K")
    play.run("--buffer=256M", before=limit_addresses(300)).finished(1, REFUSED_BUFFER)
    play.fault()


@scenario("faults", alone=True)
def fault_open_at_start(play):
    """Each file of /proc and /sys that a start reads cannot be opened."""
    codes = (errno.ENOMEM, errno.ENFILE)
    for _, run, traces, host, what in each_refusal(play, ("openat",), codes, opens_of_system):
        if traces:
            expect_few_words(run, what)
            expect_work(run, host, what)
        else:
            expect_refusal(run, what)


@scenario("faults", alone=True)
def fault_open_while_tracing(play):
    """No file can be opened any more: events are told with what the kernel said, without a complaint
    (names of functions need none, or one that was opened before); when files can be opened again, they are told with all."""
    refusing = []
    calls, host = Syscalls(("openat",), lambda call: errno.EMFILE if refusing else 0), play.host()
    run = start(play, host, "--stack", before=calls.before)
    refusing.append(True)
    _, first = refused_program(host, "first")
    until(lambda: len(run.events()) == 2, "two events")
    refusing.clear()
    _, second = refused_program(host, "second")
    run.end()
    calls.close()
    events = run.events()
    if sorted(told(events)) != sorted(first + second) or run.numbers()["shown"] != 4:
        raise AssertionError(run.output)
    play.fault()
    names = {lookup(e, "process.executable.name") for e in events} - {ABSENT}
    if names != {"first", "second"}:
        raise AssertionError("processes: %s" % names)


@scenario("faults", alone=True, plain="the search for leaks starts a process")
def fault_no_more_processes(play):
    """The process table is full: nobody needs another process, nor a thread."""
    calls = Syscalls(("clone", "clone3", "fork", "vfork"), lambda call: errno.EAGAIN)
    host = play.host()
    run = start(play, host, "--stack", before=calls.before)
    expect_work(run, host, "no processes")
    play.fault()
    calls.close()
    if sum(calls.counts.values()):
        raise AssertionError("%s" % calls.counts)


def built_with(play, library):
    done = subprocess.run([play.binary, "--version"], stdout=subprocess.PIPE, text=True)
    return library in done.stdout


@scenario("faults", alone=True, plain="the search for leaks starts a process")
def fault_no_more_threads(play):
    """The process table is full: what needs a thread says so, and there is no run."""
    for library, option, complaint in (
            ("libsystemd", "--journal", "prepare to write to the journal: Resource temporarily"),
            ("rdkafka", "--kafka=127.0.0.1:9/topic", "Failed to create thread: Resource temp")):
        if built_with(play, library):
            calls = Syscalls(("clone", "clone3"), lambda call: errno.EAGAIN)
            play.run(option, before=calls.before).finished(1, complaint)
            calls.close()
            play.fault()


@scenario("faults", alone=True)
def fault_process_vanishes(play):
    """The process of an event ends while /proc is read for it: at each file in turn."""
    for name in ("comm", "exe", "cgroup"):
        doomed = []

        def judge(call):
            if doomed and call.path == "/proc/%d/%s" % (doomed[0].pid, name):
                doomed.pop().kill()
            return 0

        calls, host = Syscalls(("openat", "readlink", "readlinkat"), judge), play.host()
        run = start(play, host, before=calls.before)
        run.freeze()
        program, both = refused_program(host, "doomed")
        doomed.append(program)
        run.wake()
        run.end()
        calls.close()
        events = run.events()
        if sorted(told(events)) != sorted(both) or run.numbers()["shown"] != 2:
            raise AssertionError("%s: %s" % (name, run.output))
        if "doomed" not in {lookup(e, "process.executable.name") for e in events}:
            raise AssertionError("%s: nobody named: %s" % (name, run.output))
        if doomed:
            raise AssertionError("nobody opened " + name)
        play.fault()


@scenario("faults", alone=True)
def fault_process_gone(play):
    """Many short lives under a tracer that comes to look when they are all over."""
    host = play.host()
    run, wanted = start(play, host), []
    run.freeze()
    for n in range(20):
        program, both = refused_program(host, "short%d" % n)
        program.kill()
        wanted += both
    run.wake()
    run.end()
    events = run.events()
    names = {lookup(e, "process.executable.name") for e in events} - {ABSENT}
    if sorted(told(events)) != sorted(wanted) or names != {"short%d" % n for n in range(20)}:
        raise AssertionError("%s of %s" % (names, run.numbers()))


@scenario("faults", alone=True)
def fault_netns_deleted(play):
    """The namespace is deleted while its events wait in the ring buffer."""
    host = Host("short-lived")
    inode, run = host.inode, start(play, host)
    run.freeze()
    wanted = sum((refused(host) for _ in range(50)), [])
    server = host.program("server").listen("127.0.0.1", 80)
    client = host.program("client").connect("127.0.0.1", 80)
    server.accept()
    client.send(10)
    host.stop()     # the connection with unread data dies with its programs
    host.forget()
    run.wake()
    run.end()
    numbers, events = run.numbers(), run.events()
    if {lookup(e, "linux.netns") for e in events} != {inode}:
        raise AssertionError(run.output)
    if not set(wanted) <= set(told(events)) or numbers["shown"] != numbers["counted"]:
        raise AssertionError(str(numbers))
    play.fault()


@scenario("faults", alone=True, flood=True)
def fault_pipe_blocked(play):
    """Nobody reads the pipe for a while, under load: then the rest comes, in whole lines, and the
    counts add up."""
    host = play.host()
    read_end, write_end = os.pipe()
    run = start(play, host, "--rate=0", "--buffer=256K", stdout=write_end)
    os.close(write_end)
    with flood(host):
        until(lambda: is_full(read_end), "the pipe to be full", SOON)
        until(lambda: host.counters()["OutRsts"] > 20000, "more than the ring buffer holds", SOON)
    text, late = read_until_late(read_end, host), refused(host)
    run.process.send_signal(signal.SIGINT)
    text += b"".join(iter(lambda: os.read(read_end, 1 << 16), b""))
    os.close(read_end)
    run.finished()
    numbers, sent = run.numbers(), host.counters()["OutRsts"]
    lines = [json.loads(line) for line in text.decode().splitlines()]
    if len(lines) != numbers["shown"] or numbers["counted"] != 2 * sent or not numbers["lost"]:
        raise AssertionError("%d lines, %d sent, %s" % (len(lines), sent, numbers))
    if not set(late) <= set(told(lines[-2:])):
        raise AssertionError("%s, the last are %s" % (late, told(lines[-2:])))
    play.fault()


def read_until_late(pipe, host):
    """Read what waited, and then the event of a connection that was refused after the load."""
    late, parts, rest = [], [], b""
    while True:
        late += refused(host)
        parts.append(os.read(pipe, 1 << 16))
        *lines, rest = (rest + parts[-1]).split(b"\n")
        if lines and told([json.loads(lines[-1])])[0] in late:
            return b"".join(parts)


def is_full(pipe):
    """No room for another whole write."""
    got = array.array("i", [0])
    fcntl.ioctl(pipe, termios.FIONREAD, got)
    return got[0] > (1 << 16) - 8192


@scenario("faults", alone=True)
def fault_talk_blocked(play):
    """Nobody reads stderr, nor stdout: the run neither stops to trace nor refuses to end."""
    host, path = play.host(), play.directory() + "/events"
    run = start(play, host, "-o", path)
    run.end()
    read_end, write_end = os.pipe()
    fill(write_end)
    for options in (["-o", path], []):
        os.truncate(path, 0)
        run = play.run("--format=json", "--netns=%d" % host.inode, *options, stdout=write_end,
                       before=lambda: os.dup2(write_end, 2))
        if options:
            until(lambda: programs_attached(run), "the programs to be attached")
            until(lambda: refused(host) and os.stat(path).st_size, "an event in the file")
        run.process.send_signal(signal.SIGTERM)
        ended(run)
        play.fault()
    os.close(read_end)
    os.close(write_end)


def programs_attached(run):
    """It holds links."""
    with contextlib.suppress(OSError):
        return any(line.startswith("link_type:") for line in fdinfo_lines(run.pid))


class SignalAt:
    """A judge that sends a signal at the nth call."""

    def __init__(self, nth, number, since=lambda call: True):
        self.nth, self.number, self.since, self.seen, self.held = nth, number, since, 0, set()

    def __call__(self, call):
        if not self.since(call):
            return 0
        self.seen += 1
        if self.seen == self.nth:
            self.held |= programs_of(call.pid)
            os.kill(call.pid, self.number)
        return 0


def expect_end(run, number, what):
    """By the signal itself before it was heeded, or well, with a sum that closes."""
    status = ended(run)
    if status == -number:
        return
    if status or number == signal.SIGKILL:
        raise AssertionError("%s: status %s: %s" % (what, status, run.talk))
    run.finished().numbers()


@scenario("faults", alone=True)
def fault_killed_at_start(play):
    """SIGKILL and SIGTERM at each bpf() of a start: nothing stays."""
    held = set()
    for number in (signal.SIGKILL, signal.SIGTERM):
        for nth in itertools.count(1):
            host, judge = play.host(), SignalAt(nth, number)
            calls = Syscalls(("bpf",), judge)
            run, _ = begin(play, host, before=calls.before)
            if judge.seen < nth:
                judge.nth = 0
                expect_work(run, host, "no signal")
                break
            expect_end(run, number, "%s at call %d" % (number, nth))
            play.fault()
            held |= judge.held
            calls.close()
            run.kill()
            play.runs.remove(run)
    if not held:
        raise AssertionError("never was a program loaded")
    expect_gone(held)


@scenario("faults", alone=True, flood=True)
def fault_killed_while_tracing(play):
    """SIGKILL and SIGTERM at the 1st, 2nd, 4th, 8th ... rest under load: nothing stays, and what
    SIGTERM ends adds up."""
    host, held, rests = play.host(), set(), ("poll", "ppoll")
    with flood(host):
        for number in (signal.SIGKILL, signal.SIGTERM):
            for nth in (1 << n for n in range(8)):
                judge = SignalAt(nth, number)
                calls = Syscalls(rests, judge)
                run = play.run("--format=json", "--netns=%d" % host.inode, "-o", os.devnull,
                               before=calls.before)
                expect_end(run, number, "%s at rest %d" % (number, nth))
                play.fault()
                held |= judge.held
                calls.close()
    if not held:
        raise AssertionError("never was a program attached")
    expect_gone(held)


@scenario("faults", alone=True)
def fault_two_tracers(play):
    """Two tracers see all of one namespace, each for itself, whatever becomes of the other."""
    host = play.host()
    one, two = start(play, host), start(play, host)
    both = sum((refused(host) for _ in range(20)), [])
    one.end()
    later = sum((refused(host) for _ in range(20)), [])
    two.end()
    for run, wanted in ((one, both), (two, both + later)):
        numbers = run.numbers()
        if sorted(told(run.events())) != sorted(wanted) or numbers["counted"] != len(wanted):
            raise AssertionError("%d of %d: %s" % (len(run.events()), len(wanted), numbers))


@scenario("faults", alone=True, flood=True)
def fault_two_tracers_in_a_flood(play):
    """The counts of each are exact."""
    host, runs = play.host(), []
    for _ in range(2):
        runs.append(start(play, host, "-o", play.directory() + "/events"))
    with flood(host):
        until(lambda: host.counters().get("OutRsts", 0) > 50000, "many resets", SOON)
    for run in runs:
        run.end()
    sent = host.counters()["OutRsts"]
    counted = [run.numbers()["counted"] for run in runs]
    if counted != [2 * sent] * 2:
        raise AssertionError("%d sent, counted %s" % (sent, counted))


@scenario("faults", alone=True)
def fault_listen_taken(play):
    """The port of --listen is taken by another tracer: one line, and no run."""
    if not built_with(play, "libmicrohttpd"):
        raise NotApplicable("built without libmicrohttpd")
    host = play.host()

    def enter():
        netns.enter(host.fd)
    first = start(play, host, "--listen=127.0.0.1:9000", before=enter)
    play.run("--listen=127.0.0.1:9000", before=enter).finished(1, "Address already in use")
    expect_work(first, host, "the first")
