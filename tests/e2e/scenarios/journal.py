# SPDX-License-Identifier: GPL-2.0-only
"""--journal: the events in a real systemd-journald, one that is not there, one that does not read."""

import pathlib
import re
import signal

from journald import Journal
from play import scenario
from refusals import refused, start
from scenarios.containers import cgroup, move
from waiting import until

UNIT = "rstwhy-e2e.service"
CATALOG = pathlib.Path(__file__).parents[3] / "deploy/journal/rstwhy.catalog"
UNWRITTEN = re.compile(r"rstwhy: write to the systemd journal: (\d+) events were not written$")
MANY = 3000     # refused connections, two events each: more than the queue holds


def message_id():
    """Not read before it is needed: on the machines of other kernels there is no catalog."""
    return re.search("^-- ([0-9a-f]{32})$", CATALOG.read_text(), re.MULTILINE).group(1)


def journal_run(play, journal, host, *options):
    return start(play, host, "--journal", *options, before=journal.enter)


def unread(left, program):
    """A connection whose server, this program, has 904 bytes unread: client and server end."""
    listener = program.listen("0.0.0.0", 80)
    client = left.program("client").connect(program.host.v4, 80)
    server = listener.accept()
    client.send(904)
    server.wait_unread(904)
    return client, server


def in_service(play, program):
    move(program, play.at_end.enter_context(cgroup("/system.slice/" + UNIT)))


def unwritten(run):
    """How many, as its last line tells."""
    told = [UNWRITTEN.match(line) for line in run.talk]
    return sum(int(match.group(1)) for match in told if match)


def complaints(run):
    return [line for line in run.talk if "tracing goes on, what does not get out" in line]


def expect(entry, wanted):
    wrong = {key: entry.get(key) for key, value in wanted.items() if entry.get(key) != value}
    if wrong:
        raise AssertionError("%s instead of %s in %s" % (wrong, wanted, entry))


@scenario("journal", alone=True, plain="valgrind cannot give it a name of its own")
def journal_entry(play):
    """A service is reset: the entry stands beside the service's own, with all that is known."""
    left, right = play.two_hosts()
    program = right.program("server")
    in_service(play, program)
    journal = Journal(play)
    journal.start()
    run = journal_run(play, journal, right, "--sent")
    client, server = unread(left, program)
    server.close()
    client.await_error("ECONNRESET")
    entry, = journal.wait(1)
    run.end()
    event, = run.events()
    expect(entry, {
        "MESSAGE": "TCP reset sent from %s:%d to %s:%d: close-unread-data: %s" % (
            *server.local, *server.peer, event["reset"]["summary"]),
        "MESSAGE_ID": message_id(), "PRIORITY": "5",
        "OBJECT_PID": str(program.pid), "OBJECT_COMM": "server", "OBJECT_SYSTEMD_UNIT": UNIT,
        "RST_ID": event["event"]["id"], "RST_TIME": event["time"], "RST_DIRECTION": "sent",
        "RST_CAUSE": "close-unread-data", "RST_CONFIDENCE": "certain",
        "RST_LOCAL": "%s:%d" % server.local, "RST_PEER": "%s:%d" % server.peer,
        "RST_STATE": "established", "RST_PROCESS": "server", "RST_PID": str(program.pid),
        "RST_NETNS": str(right.inode), "RST_UNIT": UNIT, "_COMM": "rstwhy",
        "_TRANSPORT": "journal"})
    if not isinstance(entry["RST_EVIDENCE"], list) or "RST_SUPPRESSED" in entry:
        raise AssertionError(str(entry))
    if journal.read("--unit=" + UNIT) != [entry]:
        raise AssertionError("journalctl -u: %s" % journal.read("--unit=" + UNIT))


@scenario("journal", alone=True)
def journal_dead_process(play):
    """The process is gone before journald looks: its service is told all the same."""
    left, right = play.two_hosts()
    program = right.program("server")
    in_service(play, program)
    journal = Journal(play)
    journal.start()
    run = journal_run(play, journal, right, "--sent")
    client, _ = unread(left, program)
    journal.freeze()
    program.kill(signal.SIGKILL)
    client.await_error("ECONNRESET")
    journal.wake()
    entry, = journal.wait(1)
    run.end()
    expect(entry, {"OBJECT_SYSTEMD_UNIT": UNIT, "RST_PROCESS": "server"})
    if "process-killed: " not in entry.get("RST_HINT", ""):
        raise AssertionError(str(entry))


@scenario("journal", alone=True)
def journal_hostile(play):
    """A name with line ends and escapes is a value, not further fields."""
    (left, right), name = play.two_hosts(), "a\nPRIORITY=0\x1b["
    journal = Journal(play)
    journal.start()
    run = journal_run(play, journal, right, "--sent")
    client, server = unread(left, right.program(name))
    server.close()
    client.await_error("ECONNRESET")
    entry, = journal.wait(1)
    run.end()
    if bytes(entry["RST_PROCESS"]) != name.encode():    # journalctl's way to show what is no text
        raise AssertionError(str(entry["RST_PROCESS"]))
    expect(entry, {"PRIORITY": "5"})
    words = ": a?PRIORITY=0?[ (%s) closed the connection with 904 bytes unread" % entry["RST_PID"]
    if not entry["MESSAGE"].endswith(words):
        raise AssertionError(entry["MESSAGE"])


@scenario("journal", alone=True)
def journal_catalog(play):
    """journalctl -x explains the entry."""
    host, journal = play.host(), Journal(play)
    journal.start()
    run = journal_run(play, journal, host, "--sent")
    refused(host)
    journal.wait(1)
    run.end()
    text = journal.explained(CATALOG)
    for words in ("Subject: TCP reset, sent: port-closed", "It is certain.", "127.0.0.1:81",
                  "rstwhy explain port-closed", "RST_ID=" + run.events()[0]["event"]["id"]):
        if words not in text:
            raise AssertionError("%s is not in %s" % (words, text))


@scenario("journal", alone=True)
def journal_suppressed(play):
    """One entry a second and kind stands for what --rate left out."""
    host = play.host()
    journal = Journal(play)
    journal.start()
    run = journal_run(play, journal, host, "--rate=1")
    for _ in range(50):
        refused(host)
    run.end()
    numbers, entries = run.numbers(), journal.ours()
    summed = sum(int(entry.get("RST_SUPPRESSED", 0)) for entry in entries)
    shown = sum("RST_SUPPRESSED" not in entry for entry in entries)
    if (shown, summed) != (numbers["shown"], numbers["suppressed"]) or not summed:
        raise AssertionError("%d entries, %d summed up, %s" % (shown, summed, numbers))


@scenario("journal", alone=True)
def journal_comes_late(play):
    """No journald: told once, tracing goes on; when it comes it is written to."""
    host, journal = play.host(), Journal(play)
    run = journal_run(play, journal, host)
    for _ in range(3):
        refused(host)
    until(lambda: len(run.events()) == 6, "the first events")
    journal.start()
    refused(host)
    journal.wait(2)
    run.process.send_signal(signal.SIGINT)
    status = run.process.wait()
    if (status, len(complaints(run)), unwritten(run), len(journal.ours())) != (1, 1, 6, 2):
        raise AssertionError("status %d: %s" % (status, " | ".join(run.talk)))
    if run.numbers()["shown"] != 8 or "is systemd-journald running?" not in complaints(run)[0]:
        raise AssertionError(" | ".join(run.talk))


@scenario("journal", alone=True)
def journal_does_not_read(play):
    """journald stands still: tracing goes on, the run ends, and what was not written adds up."""
    host, journal = play.host(), Journal(play)
    journal.start()
    run = journal_run(play, journal, host, "--rate=0")
    journal.freeze()
    for _ in range(MANY):
        refused(host)
    until(lambda: len(run.events()) == 2 * MANY, "all events on standard output")
    run.process.send_signal(signal.SIGTERM)
    until(lambda: run.process.poll() is not None, "it to end")
    journal.wake()
    left = unwritten(run)
    if not left or run.process.poll() != 1 or len(complaints(run)) != 1:
        raise AssertionError(" | ".join(run.talk))
    journal.wait(2 * MANY - left)
    if len(journal.ours()) != 2 * MANY - left:
        raise AssertionError("%d written, %d not" % (len(journal.ours()), left))
