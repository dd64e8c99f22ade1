# SPDX-License-Identifier: GPL-2.0-only
"""How a run begins, goes on under load, looks, and ends."""

import contextlib
import json
import os
import pty
import signal
import socket
import subprocess
import time

import netns
from expect import ABSENT, lookup
from play import scenario
from programs import find_program
from refusals import refused, refused_program, start, told
from waiting import NotApplicable, until

ESCAPE = "\x1b"
SOON = 30   # seconds: not PATIENCE, for memory grows in a run that does not write
RING_FILLING = 500      # refused connections, two events each: more than --buffer=256K holds


@scenario("run", alone=True)
def end_by_signal(play):
    """SIGINT and SIGTERM: what came before is told, with the sum."""
    for number in (signal.SIGINT, signal.SIGTERM):
        host = play.host()
        run = start(play, host)
        both = refused(host)
        run.end(number)
        numbers = run.numbers()
        if sorted(told(run.events())) != sorted(both) or numbers["shown"] != 2:
            raise AssertionError("%s: %s %s" % (number, numbers, run.output))


def fill(pipe):
    """Write into it until it takes no more."""
    os.set_blocking(pipe, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(pipe, b"x" * 4096)
    os.set_blocking(pipe, True)


@scenario("run", alone=True)
def end_while_nobody_reads(play):
    """SIGTERM while the pipe is full and its reader sleeps, as less does."""
    host = play.host()
    read_end, write_end = os.pipe()
    fill(write_end)
    run = start(play, host, stdout=write_end)
    os.close(write_end)
    refused(host)
    run.process.send_signal(signal.SIGTERM)
    try:
        until(lambda: run.process.poll() is not None, "it to end")
    finally:
        os.close(read_end)
    numbers = run.numbers()
    if (numbers["counted"], numbers["shown"], numbers["lost"]) != (2, 0, 2):
        raise AssertionError(str(numbers))


@scenario("run", alone=True)
def end_by_count(play):
    """--count: exactly so many, the oldest."""
    host = play.host()
    run = start(play, host, "--count=3")
    for _ in range(5):
        refused(host)
    run.finished()
    if len(run.events()) != 3 or run.numbers()["shown"] != 3:
        raise AssertionError("%s %s" % (run.numbers(), run.output))


@scenario("run", alone=True)
def end_by_count_of_many(play):
    """--count, and far more events at once: what was not shown adds up, too."""
    host = play.host()
    run = start(play, host, "--count=3")
    run.freeze()
    for _ in range(500):
        refused(host)
    run.wake()
    run.finished()
    numbers = run.numbers()
    if len(run.events()) != 3 or (numbers["shown"], numbers["counted"]) != (3, 1000):
        raise AssertionError("%d events; %s" % (len(run.events()), numbers))


@scenario("run", alone=True)
def end_by_duration(play):
    """--duration: it stops by itself, and not before."""
    host = play.host()
    begun = time.monotonic()
    start(play, host, "--duration=1.5").finished()
    if time.monotonic() - begun < 1.5:
        raise AssertionError("ended after %.3f s" % (time.monotonic() - begun))


@scenario("run", alone=True)
def ring_full(play):
    """The tracer sleeps while more resets come than the ring buffer holds: each one is either
    shown or counted as lost."""
    host, path = play.host(), play.directory() + "/events"
    run = start(play, host, "-o", path, "--rate=0", "--buffer=256K")
    run.freeze()
    for _ in range(RING_FILLING):
        refused(host)
    run.wake()
    run.end()
    numbers, sent = run.numbers(), host.counters()["OutRsts"]
    if sent != RING_FILLING or numbers["counted"] != 2 * sent:
        raise AssertionError("%d sent, %s" % (sent, numbers))
    with open(path) as file:
        lines = sum(1 for _ in file)
    if lines != numbers["shown"] or numbers["filtered"] or not numbers["lost"]:
        raise AssertionError("%d lines, %s" % (lines, numbers))


def refuse_for_ever(host):
    try:
        netns.die_with_parent(signal.SIGKILL)
        netns.enter(host.fd)
        while True:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
                sock.connect_ex(("127.0.0.1", 81))
    finally:
        os._exit(1)


@contextlib.contextmanager
def flood(host):
    """Processes that are refused without a pause meanwhile."""
    pids = []
    for _ in range(os.cpu_count() + 2):
        pids.append(os.fork())
        if not pids[-1]:
            refuse_for_ever(host)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


@scenario("run", alone=True, flood=True)
def under_flood(play):
    """More resets than it can tell, without end, for it gets little of the processors: it goes on
    writing, and ends when told to."""
    host, path = play.host(), play.directory() + "/events"
    run = start(play, host, "-o", path, before=lambda: os.nice(10))
    with flood(host):
        for _ in range(3):
            size = os.stat(path).st_size
            until(lambda: os.stat(path).st_size > size, "the file to grow", SOON)
        run.process.send_signal(signal.SIGINT)
        until(lambda: run.process.poll() is not None, "it to end")
    run.finished().numbers()


@scenario("run", alone=True, flood=True)
def rare_in_a_flood(play):
    """A flood of refused connects and, in the middle, one connection closed with unread data: the
    flood is counted to the last reset, as the kernel counts, and the rare one is shown."""
    host, path = play.host(), play.directory() + "/events"
    run = start(play, host, "-o", path, "--rate=20")
    with flood(host):
        until(lambda: '"suppressed":' in open(path).read(), "the first summary", SOON)
        client, server = play.connection((host, host))
        client.send(5000)
        server.wait_unread(5000)
        server.read(4096)
        server.close()
        client.await_error("ECONNRESET")
        until(lambda: "close-unread-data" in open(path).read(), "the rare one", SOON)
    run.end()
    numbers, sent = run.numbers(), host.counters()["OutRsts"]
    events = [json.loads(line) for line in open(path)]
    shown = [event for event in events if lookup(event, "reset.suppressed") is ABSENT]
    summed = sum(event["reset"].get("suppressed", 0) for event in events)
    if numbers["lost"] or summed != numbers["suppressed"] or len(shown) != numbers["shown"]:
        raise AssertionError("%d lines, %d summed up, %s" % (len(shown), summed, numbers))
    if numbers["counted"] != sum(numbers[n] for n in ("shown", "filtered", "suppressed", "lost")):
        raise AssertionError(str(numbers))
    counted_sent = sum(event["reset"].get("suppressed", 1) for event in events
                       if event["reset"]["direction"] == "sent")
    if counted_sent != sent:
        raise AssertionError("the kernel sent %d, told were %d" % (sent, counted_sent))


@scenario("run", alone=True)
def counts_on_demand(play):
    """SIGUSR1 says the counts, and the run goes on."""
    host = play.host()
    run = start(play, host)
    refused(host)
    run.process.send_signal(signal.SIGUSR1)
    until(lambda: "counted " in run._said(1), "the counts")
    refused(host)
    run.end()
    if run._said(1).count("counted ") != 2 or "counted 4 = shown 4" not in run._said(1):
        raise AssertionError(run._said(1))


@scenario("run", alone=True)
def counts_on_demand_quiet(play):
    """--quiet: SIGUSR1 says them all the same, and the end says nothing."""
    host = play.host()
    run = play.run("--format=json", "--quiet", "--netns=%d" % host.inode)

    def heeds_signals():    # it does before it has programs; files come and go meanwhile
        with contextlib.suppress(OSError):
            return programs_of(run.pid)
    until(heeds_signals, "it to begin")
    run.process.send_signal(signal.SIGUSR1)
    until(lambda: "counted " in run._said(1), "the counts")
    run.end()
    if run._said(1).count("counted ") != 1 or "tracing" in run._said(1):
        raise AssertionError(run._said(1))


def lines_in(path):
    """How many whole ones; 0: no such file."""
    if not os.path.exists(path):
        return 0
    with open(path) as file:
        return file.read().count("\n")


def whole_events(path):
    """The events of a file that must end with a whole line."""
    with open(path) as file:
        text = file.read()
    if text and not text.endswith("\n"):
        raise AssertionError("%s ends in the middle of a line" % path)
    return [json.loads(line) for line in text.splitlines()]


def expect_all(run, wanted, paths):
    """Each event is in one of the files, once, in a line of its own."""
    written = []
    for path in paths:
        with open(path) as file:
            written += [json.loads(line) for line in file]
    numbers = run.numbers()
    if sorted(told(written)) != sorted(wanted) or numbers["shown"] != len(wanted):
        raise AssertionError("%d events, wanted %d; %s" % (len(written), len(wanted), numbers))


@scenario("run", alone=True)
def hup_reopens(play):
    """mv log log.1; kill -HUP: what came before is in the old file, what comes later in a new one,
    nothing is lost and nothing twice, idle or in the middle of a lot of events."""
    host, path = play.host(), play.directory() + "/log"
    run = start(play, host, "-o", path)
    both = refused(host)
    until(lambda: lines_in(path) == 2, "the first file")
    os.rename(path, path + ".1")
    both += refused(host)
    until(lambda: lines_in(path + ".1") == 4, "more in the renamed file")
    run.process.send_signal(signal.SIGHUP)
    until(lambda: os.path.exists(path), "the second file")
    for n in range(2, 5):
        for _ in range(100):
            both += refused(host)
        os.rename(path, "%s.%d" % (path, n))
        run.process.send_signal(signal.SIGHUP)
        both += refused(host)
        until(lambda: os.path.exists(path), "the next file")
    both += refused(host)
    run.end()
    if lines_in(path + ".1") != 4 or not lines_in(path):
        raise AssertionError("%d, %d lines" % (lines_in(path + ".1"), lines_in(path)))
    expect_all(run, both, [path] + ["%s.%d" % (path, n) for n in range(1, 5)])


@scenario("run", alone=True)
def hup_without_rename(play):
    """SIGHUP when the file still has its name: it goes on, and loses nothing."""
    host, path = play.host(), play.directory() + "/log"
    run = start(play, host, "-o", path)
    both = refused(host)
    until(lambda: lines_in(path) == 2, "the first events")
    run.process.send_signal(signal.SIGHUP)
    both += refused(host)
    until(lambda: lines_in(path) == 4, "more events")
    run.end()
    expect_all(run, both, [path])


@scenario("run", alone=True)
def hup_text(play):
    """Each file of the text format has its heading, once."""
    host, path = play.host(), play.directory() + "/log"
    run = start(play, host, "-f", "text", "-o", path)
    os.rename(path, path + ".1")
    run.process.send_signal(signal.SIGHUP)
    until(lambda: lines_in(path) == 1, "the heading")
    run.process.send_signal(signal.SIGHUP)
    refused(host)
    run.end()
    for name in (path, path + ".1"):
        with open(name) as file:
            if not file.readline().startswith("TIME ") or "TIME " in file.read():
                raise AssertionError("the heading of " + name)


@scenario("run", alone=True)
def hup_no_directory(play):
    """The file cannot be opened again: that is told, and the run goes on with the one it has."""
    host, place = play.host(), play.directory() + "/logs"
    os.mkdir(place)
    run = start(play, host, "-o", place + "/log")
    both = refused(host)
    os.rename(place, place + ".1")
    run.process.send_signal(signal.SIGHUP)
    until(lambda: "reopen" in run._said(1), "the complaint")
    both += refused(host)
    run.end(complaint="reopen %s/log: No such file or directory" % place)
    expect_all(run, both, [place + ".1/log"])


@scenario("run", alone=True)
def hup_nothing_to_reopen(play):
    """Without a file SIGHUP changes nothing: not in a pipe, not in a redirection."""
    host = play.host()
    run = start(play, host)
    both = refused(host)
    run.process.send_signal(signal.SIGHUP)
    run.process.send_signal(signal.SIGUSR1)
    until(lambda: "counted " in run._said(1), "the counts")
    both += refused(host)
    run.end()
    if sorted(told(run.events())) != sorted(both):
        raise AssertionError(run.output)


@scenario("run", alone=True)
def terminal_hangs_up(play):
    """SIGHUP ends a run that shows its events on a terminal, and one that writes a file but was
    started on a terminal that is gone; as long as that is there, it reopens the file."""
    ours, theirs = pty.openpty()
    run = start(play, play.host(), stdout=theirs)
    run.end(signal.SIGHUP)
    path = play.directory() + "/log"
    run = start(play, play.host(), "-o", path, stdin=theirs)
    os.close(theirs)
    os.rename(path, path + ".1")
    run.process.send_signal(signal.SIGHUP)
    until(lambda: os.path.exists(path), "the second file")
    os.close(ours)
    run.end(signal.SIGHUP)


def on_terminal(play, name, **env):
    """What a terminal gets of one refused connection."""
    host = play.host()
    ours, theirs = pty.openpty()
    try:
        run = play.run("--netns=%d" % host.inode, stdout=theirs, env=env).ready()
        refused_program(host, name)
        run.end()
        os.set_blocking(ours, False)
        return os.read(ours, 1 << 16).decode()
    finally:
        os.close(ours)
        os.close(theirs)


@scenario("run", alone=True)
def colour(play):
    """Colour on a terminal only, and not for those who want none."""
    seen = {
        "a terminal": on_terminal(play, "client", TERM="xterm", NO_COLOR=""),
        "NO_COLOR": on_terminal(play, "client", TERM="xterm", NO_COLOR="1"),
        "a dumb terminal": on_terminal(play, "client", TERM="dumb", NO_COLOR=""),
        "a name with an escape": on_terminal(play, "\x1b[2Jclient", TERM="xterm", NO_COLOR="1"),
    }
    host = play.host()
    run = play.run("--netns=%d" % host.inode, env={"TERM": "xterm"}).ready()
    refused(host)
    seen["a file"] = run.end().output
    for what, text in seen.items():
        if "connection-refused" not in text:
            raise AssertionError("%s: no event: %r" % (what, text))
        if (ESCAPE in text) != (what == "a terminal"):
            raise AssertionError("%s: %r" % (what, text))


@scenario("run", alone=True)
def stack(play):
    """--stack: the kernel's functions, from the one that sends."""
    host = play.host()
    run = start(play, host, "--stack")
    refused(host)
    server = host.program("server").listen("127.0.0.1", 80)
    client = host.program("client").connect("127.0.0.1", 80)
    server.accept()
    client.close(linger=0)
    run.end()
    first = {}
    for event in run.events():
        frames = lookup(event, "stack.kernel")
        first[lookup(event, "reset.cause")] = frames[0] if isinstance(frames, list) else None
    if (first.get("port-closed") not in ("tcp_v4_send_reset", "ip_send_unicast_reply")
            or first.get("close-linger-zero") != "tcp_send_active_reset"
            or not str(first.get("connection-refused")).startswith("tcp_")):
        raise AssertionError("stacks begin with %s: %s" % (first, run.output))


def programs_of(pid):
    """The ids of the BPF programs that a process holds."""
    ids = set()
    for fd in os.listdir("/proc/%d/fdinfo" % pid):
        with open("/proc/%d/fdinfo/%s" % (pid, fd)) as file:
            ids |= {int(line.split()[1]) for line in file if line.startswith("prog_id:")}
    return ids


def loaded_programs():
    done = subprocess.run([find_program("bpftool"), "-j", "prog", "show"], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise NotApplicable("bpftool: " + done.stderr.strip())
    return {program["id"] for program in json.loads(done.stdout)}


@scenario("run", alone=True, kernel=True)
def killed(play):
    """SIGKILL: nothing stays attached."""
    run = start(play, play.host())
    mine = programs_of(run.pid)
    if not mine or not mine <= loaded_programs():
        raise AssertionError("%s not among %s" % (mine, loaded_programs()))
    run.kill()
    until(lambda: not mine & loaded_programs(), "the programs to go")
