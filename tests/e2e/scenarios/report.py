# SPDX-License-Identifier: GPL-2.0-only
"""rstwhy report: the page says what was recorded, loads nothing, and appears whole or not at all."""

import base64
import collections
import fcntl
import hashlib
import html.parser
import json
import os
import pty
import re
import shutil
import signal
import struct
import termios

from expect import ABSENT, lookup
from play import scenario
from refusals import refused, start
from scenarios.packets import small_disk
from scenarios.replay import contents, record
from scenarios.surroundings import NOBODY
from waiting import until

HOSTILE = "</script><scri"
DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.S)


class Page(html.parser.HTMLParser):
    """What a browser would meet: elements, policies, and the texts of scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.policies, self.texts, self.kind = [], [], [], None
        self.feed(text)
        self.close()
        raw, = DATA.findall(text)
        if "<" in raw:
            raise AssertionError("a tag in the data: " + raw[raw.index("<"):][:80])
        self.data = json.loads(raw)
        self.summary = self.data["summary"]

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        self.kind = tag if tag in ("script", "style") and attributes.get("id") != "data" else None
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self.policies.append(attributes["content"])

    def handle_endtag(self, tag):
        self.kind = None

    def handle_data(self, data):
        if self.kind:
            self.texts.append((self.kind, data))


def page_of(path):
    return Page(contents(path))


def report(play, *options, **how):
    """A run that says nothing but errors."""
    return play.run("report", "-q", *options, **how)


def made(play, *paths):
    out = play.directory() + "/report.html"
    report(play, *paths, "-o", out).finished()
    if os.listdir(os.path.dirname(out)) != ["report.html"]:
        raise AssertionError(os.listdir(os.path.dirname(out)))
    return page_of(out)


def weight(event):
    """How many events a line stands for."""
    suppressed = lookup(event, "reset.suppressed")
    return 1 if suppressed is ABSENT else suppressed


def shown(events):
    return [e for e in events if lookup(e, "reset.suppressed") is ABSENT]


def tally(events, key):
    """How often each value of a key occurs among the events themselves."""
    counter = collections.Counter(lookup(e, key) for e in shown(events))
    del counter[ABSENT]
    return counter


def equal(what, got, wanted):
    if got != wanted:
        raise AssertionError("%s: %s, the recording says %s" % (what, got, wanted))


def check_totals(totals, events):
    by_direction = collections.Counter()
    for event in events:
        by_direction[event["reset"]["direction"]] += weight(event)
    count = sum(map(weight, events))
    equal("totals", totals, {
        "counted": count, "shown": len(shown(events)), "filtered": 0, "lost": 0,
        "suppressed": count - len(shown(events)),
        **{d: by_direction[d] for d in ("sent", "received", "none")}})


def check_causes(summary, events):
    counts = collections.Counter()
    for event in events:
        counts[event["reset"]["cause"]] += weight(event)
    equal("causes", {c["id"]: c["count"] for c in summary["causes"]}, counts)
    equal("shown by cause", {c["id"]: c["shown"] for c in summary["causes"] if c["shown"]},
          tally(events, "reset.cause"))
    for series in summary["timeline"]["series"]:
        equal("timeline", sum(series["counts"]), counts[series["cause"]])
    latest = {e["reset"]["cause"]: e["reset"]["summary"] for e in shown(events)}
    equal("examples", {c["id"]: c["example"] for c in summary["causes"] if "example" in c}, latest)


def check_who(who, events):
    keys = {"port": "network.local.port", "peer": "network.peer.address",
            "process": "process.executable.name", "unit": "linux.unit",
            "netns": "linux.netns", "container": "container.id"}
    for name, key in keys.items():
        wanted = {str(value): n for value, n in tally(events, key).items()}
        equal(name, {row["key"]: row["count"] for row in who[name]["rows"]}, wanted)


def check_measures(summary, events):
    received = [e for e in events if e["reset"]["direction"] == "received"]
    idle = [e for e in received if lookup(e, "socket.idle") is not ABSENT]
    equal("idle", sum(map(sum, summary["idle"]["columns"])), len(idle))
    ages = [e for e in shown(events) if lookup(e, "socket.age") is not ABSENT]
    equal("age", sum(summary["age"]["counts"]), len(ages))
    place = summary["unread"]["bounds"].index(1024)     # of 904 bytes
    equal("unread", summary["unread"]["counts"][place], 1)
    paired = [e for e in received if lookup(e, "reset.pair") is not ABSENT]
    equal("pairs", sum(pair["count"] for pair in summary["pairs"]), len(paired))


@scenario("run", alone=True)
def report_is_right(play):
    """Resets of several kinds, and a page that says of them what the lines say."""
    path, run = record(play, "--rate=2")
    events = run.events(path)
    page = made(play, path)
    check_totals(page.summary["totals"], events)
    check_causes(page.summary, events)
    check_who(page.summary["who"], events)
    check_measures(page.summary, events)
    times = sorted(e["time"] for e in events)
    span = page.summary["span"]
    equal("span", (span["first"], span["last"]), (times[0], times[-1]))
    equal("events", page.data["events"], sorted(shown(events), key=lambda e: e["time"]))
    equal("sample", page.summary["sample"]["of"], len(shown(events)))
    hints = collections.Counter(h["id"] for e in shown(events)
                                for h in e["reset"].get("hints", ()))
    equal("hints", {h["id"]: h["count"] for h in page.summary["hints"]}, hints)
    equal("sentences", len(page.summary["sentences"]), 3)
    explained = json.loads(play.run("explain", "-f", "json").finished().output)
    equal("catalogue", page.data["catalogue"], explained)


@scenario("run", alone=True)
def report_of_several(play):
    """Two files are counted together; a filter counts what it leaves out; stdin and stdout."""
    path, run = record(play, "--rate=2")
    counted = sum(map(weight, run.events(path)))
    twice = made(play, path, path).summary
    equal("of two files", twice["totals"]["counted"], 2 * counted)
    equal("files", twice["source"]["files"], [path, path])
    totals = made(play, "--cause=close-unread-data", path).summary["totals"]
    equal("filtered", (totals["shown"], totals["filtered"]), (1, counted - 1))
    with open(path) as file:
        page = Page(report(play, "-", stdin=file).finished().output)
    equal("of stdin", page.summary["totals"]["counted"], counted)


def digest(text):
    return "'sha256-%s'" % base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@scenario("run", alone=True)
def report_loads_nothing(play):
    """The page has all within, and its policy allows these very scripts and styles, no more."""
    host = play.host()
    run = start(play, host)
    refused(host)
    run.end()
    path = play.directory() + "/one"
    with open(path, "w") as file:
        file.write(run.output)
    page = made(play, path)
    for tag, attributes in page.elements:
        for name in ("src", "srcset", "data", "poster", "background"):
            if name in attributes:
                raise AssertionError("<%s %s>" % (tag, name))
        if tag in ("iframe", "object", "embed", "base"):
            raise AssertionError("<%s>" % tag)
        if tag == "form" and "action" in attributes:
            raise AssertionError("<form action>")
        if tag == "link" and not attributes.get("href", "").startswith("data:"):
            raise AssertionError("<link>: %s" % attributes)
        if any(name.startswith("on") or name == "style" for name in attributes):
            raise AssertionError("<%s>: %s" % (tag, attributes))
    policy, = page.policies
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    equal("default-src", rules.pop("default-src"), "'none'")
    for kind in ("script", "style"):
        wanted = {digest(text) for tag, text in page.texts if tag == kind}
        equal(kind, set(rules.pop(kind + "-src").split()), wanted)
    if any(value != "'none'" and not re.fullmatch("data:", value) for value in rules.values()):
        raise AssertionError(policy)


@scenario("hostile", alone=True)
def report_hostile(play):
    """A process whose name ends a script: it is a name on the page, and ends nothing."""
    host = play.host()
    run = start(play, host)
    host.program(HOSTILE).connect("127.0.0.1", 81, fails="ECONNREFUSED")
    until(lambda: len(run.events()) == 2, "both events")
    run.end()
    place = play.directory()
    path = place + "/<img src=x onerror=alert(1)>.json"
    with open(path, "w") as file:
        file.write(run.output)
    page = made(play, path)
    names = [row["key"] for row in page.summary["who"]["process"]["rows"]]
    if HOSTILE not in names or page.summary["source"]["files"] != [path]:
        raise AssertionError("%s %s" % (names, page.summary["source"]))
    plain = made(play, _written(play, "")).elements
    equal("elements", page.elements, plain)


def _written(play, text):
    path = play.directory() + "/recording"
    with open(path, "wb") as file:
        file.write(text if isinstance(text, bytes) else text.encode())
    return path


@scenario("run", alone=True)
def report_bad_input(play):
    """What is cut is left out and told; what is something else makes no page."""
    host = play.host()
    run = start(play, host)
    refused(host)
    run.end()
    first, second = run.output.splitlines()
    out = play.directory() + "/report.html"
    for text, complaint, count in (
            ("", None, 0),
            ("\n\n", None, 0),
            (first + "\n" + second[:300], "line 2: cut off after 300 bytes; left out", 1),
            (first + "\n" + "x" * 1_000_000 + "\n" + second, "line 2: longer than 256 KiB", 2)):
        report(play, _written(play, text), "-o", out).finished(
            status=1 if complaint else 0, complaint=complaint)
        page = page_of(out)
        equal("counted", page.summary["totals"]["counted"], count)
        equal("bad lines", page.summary["source"]["bad_lines"], 1 if complaint else 0)
        if not count:
            equal("sentences", page.summary["sentences"], ["No TCP reset was recorded."])
        os.unlink(out)
    for text in (b"\x7fELF\0\n" * 50, "<!DOCTYPE html>\n<html>\n" * 20, "time,cause\n1,2\n" * 20,
                 "x" * 1_000_000):
        report(play, _written(play, text), "-o", out).finished(
            status=1, complaint="not a recording of rstwhy --format=json")
    report(play, play.directory(), "-o", out).finished(status=1, complaint="Is a directory")
    report(play, out + ".json", "-o", out).finished(status=1, complaint="No such file")
    if os.path.exists(out):
        raise AssertionError("a page was written")


@scenario("run", alone=True)
def report_huge_input(play):
    """10 GB that are no recording: told at once."""
    path = play.directory() + "/huge"
    with open(path, "w") as file:
        file.truncate(10 << 30)
    report(play, path, "-o", path + ".html").finished(status=1, complaint="longer than 256 KiB")


@scenario("run", alone=True)
def report_onto_itself(play):
    """The output is the input: refused, and the recording stays as it is."""
    path = _written(play, "{}\n")
    report(play, path, "-o", path).finished(status=1, complaint="also where the output goes")
    equal("the recording", contents(path), "{}\n")


@scenario("run", alone=True)
def report_output(play):
    """Where no page can be: one line, before anything is read. What stands there is replaced at
    once, through a link and with its mode; a device is written to."""
    recording, place = _written(play, ""), play.directory()
    for out, complaint in ((place + "/none/out.html", "No such file"), (place, "Is a directory"),
                           ("/dev/full", "No space left")):
        report(play, recording, "-o", out).finished(status=1, complaint=complaint)
    report(play, recording, "-o", "/dev/null").finished()
    if not os.path.exists("/dev/null") or os.path.isfile("/dev/null"):
        raise AssertionError("/dev/null was replaced")
    page, link = place + "/page.html", place + "/link.html"
    os.symlink(page, link)
    with open(page, "w") as file:
        file.write("old")
    os.chmod(page, 0o640)
    report(play, recording, "-o", link).finished()
    page_of(page)
    if not os.path.islink(link) or os.stat(page).st_mode & 0o777 != 0o640:
        raise AssertionError("link or mode")
    equal("left", sorted(os.listdir(place)), ["link.html", "page.html"])


@scenario("run", alone=True)
def report_full_disk(play):
    """The disk is full: one line; the page that was there before is whole, and nothing is left."""
    place, (ours, theirs) = play.directory(), os.pipe()
    run = report(play, "-", "-o", place + "/page.html", stdin=ours, before=small_disk(place))
    os.close(ours)
    disk = "/proc/%d/root%s" % (run.pid, place)
    until(lambda: os.statvfs(disk).f_blocks * os.statvfs(disk).f_bsize == 32 << 10, "the disk")
    fd = os.open(disk, os.O_RDONLY)     # holds it when the process is gone
    with open("page.html", "w", opener=lambda name, flags: os.open(name, flags, dir_fd=fd)) as page:
        page.write("old")
    os.close(theirs)
    run.finished(status=1, complaint="No space left on device")
    with open("page.html", opener=lambda name, flags: os.open(name, flags, dir_fd=fd)) as page:
        left = os.listdir(fd), page.read()
    os.close(fd)
    equal("left", left, (["page.html"], "old"))


@scenario("run", alone=True)
def report_interrupted(play):
    """Ctrl-C while it reads: it ends, and leaves nothing."""
    place, (ours, theirs) = play.directory(), os.pipe()
    run = report(play, "-", "-o", place + "/page.html", stdin=ours)
    os.close(ours)
    os.write(theirs, b"\n" * 100)
    until(lambda: _is_empty(theirs), "it to read")
    run.process.send_signal(signal.SIGINT)
    status = run.process.wait(60)
    os.close(theirs)
    equal("status and files", (status, os.listdir(place)), (-signal.SIGINT, []))


def _is_empty(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0] == 0


@scenario("run", alone=True)
def report_to_terminal(play):
    """A terminal gets no page."""
    ours, theirs = pty.openpty()
    try:
        report(play, _written(play, ""), stdout=theirs).finished(status=2, complaint="terminal")
    finally:
        os.close(ours)
        os.close(theirs)


@scenario("run", alone=True)
def report_without_rights(play):
    """Anybody makes a report of what he can read."""
    place = play.directory()
    os.chmod(place, 0o777)
    copy = shutil.copy(play.binary, place)
    with open(place + "/recording", "w"):
        pass
    report(play, place + "/recording", "-o", place + "/page.html", binary=copy,
           user=NOBODY).finished()
    if os.stat(place + "/page.html").st_uid != NOBODY:
        raise AssertionError("whose is it?")
