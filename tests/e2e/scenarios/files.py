# SPDX-License-Identifier: GPL-2.0-only
"""The files of --output and --pcapng: continued, full, numbered, and never one for both."""

import json
import os
import re
import signal

import pcapng
from play import scenario
from refusals import refused, start, told
from scenarios.packets import event_ids, packets, small_disk, wait_packets
from scenarios.runs import fill, lines_in, whole_events
from scraper import Server
from waiting import until


def lines_of(path):
    with open(path) as file:
        return file.read().splitlines()


def cut(path, size):
    """As a run leaves it that is killed in the middle of a write."""
    os.truncate(path, os.stat(path).st_size - size)


def start_and_tell(play, host, path, *options):
    """A run that has written two events to the file: it, and what they tell."""
    run = start(play, host, "-o", path, *options)
    before, both = lines_in(path), refused(host)
    until(lambda: lines_in(path) >= before + 2, "two more events in the file")
    return run, both


@scenario("files", alone=True)
def append_after_kill(play):
    """A service that is killed and started again: its file has what it recorded before, and half a
    line stands alone. Without --append it begins anew."""
    host, path = play.host(), play.directory() + "/events"
    run, both = start_and_tell(play, host, path, "--append")
    run.kill()
    run, more = start_and_tell(play, host, path, "--append")
    run.kill()
    before = whole_events(path)
    if sorted(told(before)) != sorted(both + more):
        raise AssertionError("%d lines after a restart" % len(before))
    cut(path, 10)
    run, more = start_and_tell(play, host, path, "--append")
    run.end()
    lines = lines_of(path)
    after = [json.loads(line) for line in lines[4:]]
    if [json.loads(line) for line in lines[:3]] != before[:3] or lines[3].endswith("}") or sorted(
            told(after)) != sorted(more):
        raise AssertionError(str(lines))
    play.fault()
    run, more = start_and_tell(play, host, path)
    run.end()
    if sorted(told(whole_events(path))) != sorted(more):
        raise AssertionError("not overwritten")


@scenario("files", alone=True)
def append_text(play):
    """A file of text that is continued has one heading; an empty one gets it."""
    host, path = play.host(), play.directory() + "/log"
    for _ in range(2):
        run = start(play, host, "-f", "text", "-o", path, "--append")
        refused(host)
        run.end()
    lines = lines_of(path)
    if not lines[0].startswith("TIME ") or sum(line.startswith("TIME ") for line in lines) != 1:
        raise AssertionError(str(lines))
    if sum("  sent      port-closed " in line for line in lines) != 2:
        raise AssertionError(str(lines))


@scenario("files", alone=True)
def append_pcapng(play):
    """--pcapng goes on in a section of its own; half a packet of a killed run is cut off, and the
    size that was there counts for --pcapng-size. tshark reads all of it."""
    host, path = play.host(), play.directory() + "/resets.pcapng"
    options = ("--append", "--pcapng=" + path, "--pcapng-size=64K", "--rate=0")
    run = start(play, host, *options)
    refused(host)
    wait_packets(path, 2)
    run.kill()
    written = pcapng.ids(path)[:1]
    cut(path, 10)
    run = start(play, host, *options)
    refused(host)
    run.end()
    written += event_ids(run)
    if pcapng.ids(path) != written or len(packets(path)) != 3:
        raise AssertionError("%s, %s" % (pcapng.ids(path), written))
    if len(pcapng.of_kind(path, pcapng.SECTION)) != 2:
        raise AssertionError("not two sections")
    play.fault()
    size = os.stat(path).st_size
    run = start(play, host, *options)
    count = 0
    while not os.path.exists(path + ".1"):
        refused(host)
        count += 2
        until(lambda: len(event_ids(run)) == count, "both events")   # or it begins a third file
    run.end()
    full = os.stat(path + ".1").st_size
    if not 64 << 10 <= full <= (64 << 10) + 4096 or pcapng.ids(path + ".1")[:3] != written:
        raise AssertionError("%d bytes, %d before" % (full, size))
    if pcapng.ids(path + ".1")[3:] + pcapng.ids(path) != event_ids(run):
        raise AssertionError("not all is in the two files")


@scenario("files", alone=True)
def append_to_other(play):
    """What is no pcapng stays as it is, and that is told; the run goes on without."""
    host, path = play.host(), play.directory() + "/notes"
    with open(path, "w") as file:
        file.write("these are no packets\n")
    run = start(play, host, "--append", "--pcapng=" + path)
    refused(host)
    run.process.send_signal(signal.SIGINT)
    until(lambda: run.process.poll() is not None, "it to end")
    if run.process.poll() != 1 or "no pcapng of this host's byte order" not in run.talk[0]:
        raise AssertionError(run.talk)
    if lines_of(path) != ["these are no packets"] or len(run.events()) != 2:
        raise AssertionError(lines_of(path))
    play.fault()


def interrupted(run, status):
    """Its end, with this status."""
    run.process.send_signal(signal.SIGINT)
    until(lambda: run.process.poll() is not None, "it to end")
    if run.process.poll() != status:
        raise AssertionError("status %d: %s" % (run.process.poll(), run.talk))
    return run.numbers()


@scenario("files", alone=True)
def full_beside_others(play):
    """The disk of -o is full while packets go to another: told once, tracing goes on, the file holds
    whole lines only. When there is room again, that is told once and it is written on; what is
    missing is counted."""
    host, place, path = play.host(), play.directory(), play.directory() + "/resets.pcapng"
    run = start(play, host, "--rate=0", "-o", place + "/events", "--pcapng=" + path,
                before=small_disk(place))
    disk = "/proc/%d/root%s/" % (run.pid, place)
    with open(disk + "filler", "w") as file:
        file.write("x" * 12288)
    count = 0

    def tell_until(word):
        nonlocal count
        while word not in run._said(1):
            refused(host)
            count += 2
            wait_packets(path, count)
    tell_until("No space left")
    before = whole_events(disk + "events")
    os.unlink(disk + "filler")
    tell_until("works again; ")
    file = os.open(disk + "events", os.O_RDONLY)
    numbers = interrupted(run, 1)
    events = whole_events("/proc/self/fd/%d" % file)
    os.close(file)
    lost = int(re.search(r"write to %s/events: (\d+) events were not" % place, run._said(1))[1])
    complaints = [line for line in run.talk if place in line]
    if len(complaints) != 3 or not ("the run goes on" in complaints[0] and lost and before):
        raise AssertionError(run.talk)
    ids = [event["event"]["id"] for event in events]
    if len(events) + lost != count or numbers["shown"] != count or not (
            set(ids) < set(pcapng.ids(path)) and events[:len(before)] == before):
        raise AssertionError("%d written, %d lost of %d" % (len(events), lost, count))
    play.fault()


def numbered(path):
    """The one being written and those before it, the oldest first."""
    return [name for name in ["%s.%d" % (path, n) for n in range(9, 0, -1)] + [path]
            if os.path.exists(name)]


def refuse_until(host, done):
    """How many resets that took."""
    resets = 0
    while not done():
        for _ in range(5):
            resets += len(refused(host))
    return resets


@scenario("files", alone=True)
def output_size(play):
    """--output-size: nothing is lost and nothing twice as one file follows the other, each is made
    of whole lines. When there are ten, the oldest goes. What a run before has left counts, too."""
    host, path, packet_path = play.host(), play.directory() + "/events", play.directory() + "/all"
    options = ("--rate=0", "-o", path, "--output-size=64K", "--append", "--pcapng=" + packet_path)
    run = start(play, host, *options)
    refuse_until(host, lambda: lines_in(path) >= 10)
    run.end()
    run = start(play, host, *options)
    refuse_until(host, lambda: os.path.exists(path + ".9"))
    oldest = whole_events(path + ".9")[0]["event"]["id"]
    refuse_until(host, lambda: whole_events(path + ".9")[0]["event"]["id"] != oldest)
    run.end()
    files, every = numbered(path), pcapng.ids(packet_path)
    kept = [event["event"]["id"] for name in files for event in whole_events(name)]
    if kept != every[-len(kept):] or every[0] in kept or os.path.exists(path + ".10"):
        raise AssertionError("%d kept of %d" % (len(kept), len(every)))
    sizes = [os.stat(name).st_size for name in files[:-1]]
    if len(sizes) != 9 or not all(64 << 10 <= size <= (64 << 10) + 8192 for size in sizes):
        raise AssertionError(str(sizes))


@scenario("files", alone=True)
def output_size_text(play):
    """Each file of the text format has its heading."""
    host, path = play.host(), play.directory() + "/log"
    run = start(play, host, "--rate=0", "-f", "text", "-o", path, "--output-size=64K")
    refuse_until(host, lambda: os.path.exists(path + ".1"))
    refused(host)
    run.end()
    for name in (path, path + ".1"):
        lines = lines_of(name)
        if not lines[0].startswith("TIME ") or sum(line.startswith("TIME ") for line in lines) != 1:
            raise AssertionError("the heading of " + name)


@scenario("files", alone=True)
def output_size_no_rights(play):
    """The directory takes no other name: that is told, the file grows on, and nothing is lost."""
    host, place = play.host(), play.directory()
    run = start(play, host, "--rate=0", "-o", place + "/events", "--output-size=64K")
    os.chmod(place, 0o555)
    resets = refuse_until(host, lambda: "begin a new" in run._said(1))
    # As the directory takes names again, the oldest file would go.
    until(lambda: lines_in(place + "/events") == resets, "all of them in one file")
    os.chmod(place, 0o755)
    numbers = interrupted(run, 0)
    written = sum(len(whole_events(name)) for name in numbered(place + "/events"))
    complaint = "begin a new %s/events: Permission denied; what follows still" % place
    if written != numbers["shown"] or complaint not in run._said(1):
        raise AssertionError("%d written, %s" % (written, run.talk))
    play.fault()


class Asleep:
    """A run with --listen and a pipe as stdout that is full; nobody reads it."""

    def __init__(self, play, *options):
        self.pipe, write_end = os.pipe()
        play.at_end.callback(os.close, self.pipe)
        fill(write_end)
        self.server = Server(play, *options, stdout=write_end)
        os.close(write_end)
        self.run, self.host = self.server.run, self.server.host

    def refuse(self, times):
        for _ in range(times):
            refused(self.host)

    def await_shown(self, count):
        until(lambda: self.server.scrape().sum("rstwhy_events_shown_total") == count, "the events")

    def lines(self):
        """All that comes until the run has ended, without what filled the pipe."""
        parts = b"".join(iter(lambda: os.read(self.pipe, 1 << 16), b""))
        return parts.decode().lstrip("x").splitlines()


@scenario("files", alone=True)
def stdout_asleep(play):
    """Nobody reads the pipe of stdout: metrics are served and count on. What fits waits, and comes
    when the reader wakes; nothing is missing."""
    asleep = Asleep(play)
    asleep.refuse(10)
    asleep.await_shown(20)
    if asleep.server.get("/healthz").text != "ok\n":
        raise AssertionError("/healthz")
    os.read(asleep.pipe, 1 << 16)
    asleep.refuse(1)
    asleep.await_shown(22)
    asleep.run.process.send_signal(signal.SIGTERM)
    events = [json.loads(line) for line in asleep.lines()]
    numbers = asleep.run.finished().numbers()
    if len(events) != 22 or numbers["shown"] != 22:
        raise AssertionError("%d events, %s" % (len(events), numbers))
    play.fault()


@scenario("files", alone=True)
def stdout_asleep_for_long(play):
    """More than may wait: that is told once, what has no room is counted as unwritten, and what comes
    in the end are whole lines."""
    asleep = Asleep(play, "--rate=0")
    count = 0
    while "nobody reads it" not in asleep.run._said(1):
        asleep.refuse(50)
        count += 100
        asleep.await_shown(count)
    asleep.refuse(10)
    asleep.await_shown(count + 20)
    missing = asleep.server.scrape().sum("rstwhy_events_unwritten_total")
    asleep.run.process.send_signal(signal.SIGTERM)
    events = [json.loads(line) for line in asleep.lines()]
    until(lambda: asleep.run.process.poll() is not None, "it to end")
    numbers = asleep.run.numbers()
    said = "write to stdout: %d events were not written" % missing
    if len(events) + missing != numbers["shown"] or numbers["shown"] != count + 20 or not missing:
        raise AssertionError("%d events, %d missing, %s" % (len(events), missing, numbers))
    if asleep.run.process.poll() != 1 or said not in asleep.run._said(1) or asleep.run._said(
            1).count("nobody reads it") != 1:
        raise AssertionError(asleep.run.talk)
    play.fault()


@scenario("files", alone=True)
def stdout_never_read(play):
    """The end does not wait for a reader that never comes."""
    asleep = Asleep(play)
    asleep.refuse(1)
    asleep.await_shown(2)
    interrupted(asleep.run, 1)
    if "write to stdout: 2 events were not written" not in asleep.run.talk[-1]:
        raise AssertionError(asleep.run.talk)
    play.fault()


@scenario("files", alone=True)
def reader_gone_beside_others(play):
    """A reader of stdout that is gone ends the run, as ever."""
    read_end, write_end = os.pipe()
    host = play.host()
    run = start(play, host, "--pcapng=" + play.directory() + "/resets", stdout=write_end)
    os.close(write_end)
    os.close(read_end)
    run.finished(1, "write to stdout: Broken pipe")
    play.fault()


@scenario("files", alone=True)
def full_device_beside_others(play):
    """A device that takes nothing: the others go on."""
    host, path = play.host(), play.directory() + "/resets"
    run = start(play, host, "-o", "/dev/full", "--pcapng=" + path)
    refused(host)
    wait_packets(path, 2)
    refused(host)
    wait_packets(path, 4)
    interrupted(run, 1)
    complaints = [line for line in run.talk if "/dev/full: No space left on device; " in line]
    if len(complaints) != 2 or "4 events were not written" not in complaints[1]:
        raise AssertionError(run.talk)
    play.fault()
