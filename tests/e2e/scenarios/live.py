# SPDX-License-Identifier: GPL-2.0-only
"""--listen: the live page, what feeds it, who gets it and who does not."""

import json
import os
import socket

import netns
from expect import lookup
from play import scenario
from reader import Reader
from refusals import refused
from scenarios.faults import libfaketime, set_clock
from scenarios.hostile import NAME
from scenarios.metrics import expect_exact
from scenarios.runs import flood
from scraper import ADDRESS, PORT, Server
from waiting import PATIENCE, until

READERS = 16
OWN = "localhost:%d" % PORT
NAMED = ("/", "/page.css", "/page.js", "/d3.js", "/api/summary", "/api/catalogue", "/events")
RING = 4 << 20      # bytes of events that are kept for readers
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
                               "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                               "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def same(got, wanted, what):
    if got != wanted:
        raise AssertionError("%s: got %s, wanted %s" % (what, got, wanted))


def lines(server, path=None):
    """What --format=json has written."""
    if path:
        with open(path) as file:
            return file.read().splitlines()
    return server.run.output.splitlines()


def expect_events(messages, wanted, first=1):
    """These lines, from that number on."""
    same([message.event for message in messages], ["message"] * len(wanted), "kinds")
    same([message.data for message in messages], wanted, "events")
    same([message.number for message in messages],
         list(range(first, first + len(wanted))), "ids")


@scenario("live", alone=True)
def live_events(play):
    """Each event comes when it happens, and is the line of --format=json; so to all readers."""
    server = Server(play)
    readers, got = [Reader(server) for _ in range(3)], [[], [], []]
    for _ in range(4):
        refused(server.host)
        for reader, messages in zip(readers, got):
            messages += reader.messages(2)
    server.run.end()
    for messages in got:
        expect_events(messages, lines(server))


@scenario("live", alone=True)
def live_first_look(play):
    """Who looks comes after the incident: a reader begins with the oldest event that is kept, and so
    does a second one; the summary has them, too."""
    server = Server(play)
    refused(server.host)
    until(lambda: len(lines(server)) == 2, "two events")
    reader = Reader(server)
    refused(server.host)
    first = reader.messages(4)
    expect_events(first, lines(server))
    same(Reader(server).messages(4), first, "the second reader's")
    totals = json.loads(server.get("/api/summary").text)["totals"]
    same((totals["counted"], totals["shown"]), (4, 4), "totals")
    server.run.end()


@scenario("live", alone=True)
def live_resumed(play):
    """A reader that comes back with the last id gets what came since: as a header, as an argument."""
    server = Server(play)
    reader = Reader(server)
    refused(server.host)
    last = reader.messages(2)[-1].id
    reader.close()
    refused(server.host)
    until(lambda: len(lines(server)) == 4, "four events")
    for back in (Reader(server, last), Reader(server, path="/events?last-event-id=" + last)):
        expect_events(back.messages(2), lines(server)[2:], first=3)
    server.run.end()


@scenario("live", alone=True)
def live_recent(play):
    """After twenty minutes there are figures of the last ones beside those of the whole run; a word
    that is no window is refused."""
    path = play.directory() + "/clock"
    set_clock(path, 0)
    server = Server(play, env={"LD_PRELOAD": libfaketime(), "FAKETIME_TIMESTAMP_FILE": path,
                               "FAKETIME_NO_CACHE": "1"})

    def counted(window):
        found = json.loads(server.get("/api/summary?window=" + window).text)
        return found["totals"]["counted"], "recent" in found["span"]

    for n, minutes in enumerate((0, 11, 22)):
        same((counted("run"), counted("recent")), ((2 * n, False), (2 * n, False)), "before")
        set_clock(path, 60 * minutes)
        refused(server.host)
        until(lambda: len(lines(server)) == 2 * (n + 1), "two more events")
    same((counted("run"), counted("recent")), ((6, True), (4, True)), "after 22 minutes")
    set_clock(path, 6000)
    same((counted("run"), counted("recent")), ((6, True), (0, True)), "after 100 minutes")
    same(server.get("/api/summary?window=all").status, 400, "window=all")
    server.run.end()


def refuse_many(server, path):
    """More events than the ring holds. How many; those before must have been written."""
    before = len(lines(server, path))
    while os.stat(path).st_size < 2 * RING:
        for _ in range(100):
            refused(server.host)
            before += 2
    until(lambda: len(lines(server, path)) == before, "%d events" % before)
    return before


@scenario("live", alone=True)
def live_too_late(play):
    """One that comes back when its next event is gone is told how many it has missed."""
    path = play.directory() + "/events"
    server = Server(play, "-o", path, "--rate=0")
    reader = Reader(server)
    refused(server.host)
    last = reader.messages(2)[-1]
    reader.close()
    count = refuse_many(server, path)
    back = Reader(server, last.id)
    note = back.message()
    same((note.event, note.number), ("dropped", last.number + note.json["missed"]), "dropped")
    rest = back.messages(count - note.number)
    expect_events(rest, lines(server, path)[note.number:], first=note.number + 1)
    again = Reader(server, note.id)
    same(again.message(), rest[0], "after the id of dropped")
    server.run.end()


@scenario("live", alone=True)
def live_restarted(play):
    """The ids of another run are recognised, and so are those of nobody."""
    server = Server(play)
    reader = Reader(server)
    refused(server.host)
    last = reader.messages(2)[-1].id
    server.run.end()
    server.serve_again()
    for strange in (last, "17", "x-1", last + "x"):
        back = Reader(server, strange)
        note = back.message()
        same((note.event, note.json), ("dropped", {"missed": 0, "restart": True}), strange)
    refused(server.host)
    expect_events(back.messages(2), lines(server))
    server.run.end()


def slow_socket(server):
    """It has asked for /events, and reads nothing."""
    with netns.inside(server.home.fd):
        slow = socket.socket()
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    slow.connect((ADDRESS, PORT))
    slow.sendall(b"GET /events HTTP/1.0\r\nHost: localhost\r\n\r\n")
    return slow


def numbers_of(text):
    """All ids of a stream, with what each stands for: 1, or so many missed."""
    messages = [dict(line.split(": ", 1) for line in block.splitlines())
                for block in text.split("\n\n") if "id: " in block]
    return [(int(m["id"].rsplit("-", 1)[1]), json.loads(m["data"]).get("missed", 1))
            for m in messages]


def read_until(sock, end):
    """The body of the answer, up to these bytes and the event that they are in."""
    got = b""
    while not (end in got[-20000:] and got.endswith(b"\n\n")):
        more = sock.recv(65536)
        if not more:
            raise AssertionError("the stream ended: %r" % got[-300:])
        got += more
    return got.decode().split("\r\n\r\n", 1)[1]


@scenario("live", alone=True, flood=True)
def live_slow_reader(play):
    """One that does not read, in a flood: it is told what it missed, the others get all that they
    can take, tracing goes on, and every number adds up."""
    path = play.directory() + "/events"
    server = Server(play, "-o", path, "--rate=0")
    slow = slow_socket(server)
    fast = Reader(server)
    refused(server.host)
    fast.messages(2)
    with flood(server.host):
        until(lambda: os.stat(path).st_size > 8 * RING, "a flood")
    fast.close()
    expect_exact(server)
    slow.settimeout(PATIENCE)
    numbers = numbers_of(read_until(slow, b"-%d\n" % len(lines(server, path))))
    at = 0
    for number, stands_for in numbers:
        at += stands_for
        same(number, at, "id")
    if not any(stands_for > 1 for _, stands_for in numbers):
        raise AssertionError("nothing was dropped")
    shown = server.run.end().numbers()["shown"]
    same(shown, at, "all events")


@scenario("live", alone=True)
def live_many_readers(play):
    """The 17th is refused with a word, and let in when another has hung up."""
    server = Server(play)
    readers = [Reader(server) for _ in range(READERS)]
    answer = server.get("/events")
    same((answer.status, answer.headers["Retry-After"]), (503, "15"), "the 17th")
    if "16 readers" not in answer.text:
        raise AssertionError(answer.text)
    for _ in range(3):      # a page that is loaded again and again
        readers.pop(0).close()
        readers.append(Reader(server))
    refused(server.host)
    for reader in readers:
        expect_events(reader.messages(2), lines(server))
    server.run.end()


@scenario("live", alone=True)
def live_idle_reader(play):
    """Nothing happens: the stream stays open, with a sign of life now and then."""
    server = Server(play)
    reader = Reader(server)
    reader.await_comment()
    refused(server.host)
    expect_events(reader.messages(2), lines(server))
    server.run.end()


@scenario("live", alone=True)
def live_bye(play):
    """The end of a run is told, behind the last event, and waits for nobody."""
    server = Server(play, "-n", "2")
    reader, slow = Reader(server), slow_socket(server)
    refused(server.host)
    messages = reader.messages(3)
    same((messages[2].event, messages[2].data), ("bye", "{}"), "the last")
    same(reader.message(), None, "after it")
    server.run.finished()
    expect_events(messages[:2], lines(server))
    slow.close()


@scenario("live", alone=True)
def live_pages(play):
    """What each page is, and the headers of all, also by HEAD; what is none."""
    server = Server(play)
    for path, kind, part in (
            ("/", "text/html", "<script"), ("/page.css", "text/css", "{"),
            ("/page.js", "text/javascript", "use strict"), ("/d3.js", "text/javascript", "d3"),
            ("/api/summary", "application/json", '"totals"'),
            ("/api/catalogue", "application/json", '"port-closed"')):
        answer, head = server.get(path), server.get(path, method="HEAD")
        if part not in answer.text or not answer.headers["Content-Type"].startswith(kind):
            raise AssertionError("%s: %s %.200s" % (path, answer.headers, answer.text))
        if kind == "application/json":
            json.loads(answer.text)
        same((answer.status, head.status, head.text), (200, 200, ""), path)
    for path in NAMED + ("/metrics", "/healthz", "/none"):
        head = server.get(path, method="HEAD")
        same({name: head.headers[name] for name in HEADERS}, HEADERS, path)
    for path in ("/page.html", "/api/", "/api", "/events/", "//", "/page.css/../page.css"):
        same(server.get(path).status, 404, path)
    same(server.get("/events", method="POST").status, 405, "POST")
    server.run.end()


@scenario("live", alone=True)
def live_foreign_pages(play):
    """By the name of another site (DNS rebinding), for the page of another: refused with a word, as
    nothing is that a scraper wants."""
    server = Server(play)
    for headers in ({"Host": "evil.example:%d" % PORT}, {"Host": "127.0.0.1.evil.example"},
                    {"Host": "10.0.0.1"}, {"Host": OWN, "Origin": "http://evil.example"},
                    {"Host": OWN, "Origin": "null"}, {"Host": OWN, "Sec-Fetch-Site": "cross-site"},
                    {"Host": OWN, "Sec-Fetch-Site": "same-site"}):
        for path in NAMED:
            answer = server.get(path, **headers)
            same(answer.status, 403, "%s %s" % (path, headers))
            if len(answer.text.splitlines()) != 1:
                raise AssertionError(answer.text)
        for path in ("/metrics", "/healthz"):
            same(server.get(path, **headers).status, 200, "%s %s" % (path, headers))
    click = {"Host": OWN, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate",
             "Sec-Fetch-Dest": "document"}
    for path in NAMED:      # a link in a wiki leads to the page, and to no data
        same(server.get(path, **click).status, 200 if path == "/" else 403, "a link to " + path)
    for changed in ({"Sec-Fetch-Dest": "iframe"}, {"Sec-Fetch-Mode": "cors"},
                    {"Host": "evil.example"}):
        same(server.get("/", **click | changed).status, 403, changed)
    same(server.get("/", method="HEAD", **click).status, 403, "HEAD")
    same(server.get("/", method="POST", **click).status, 405, "POST")
    for headers in ({"Host": OWN}, {"Host": "[::1]"}, {"Host": "127.0.0.1:1"},
                    {"Host": OWN, "Origin": "http://" + OWN, "Sec-Fetch-Site": "same-origin"},
                    {"Host": OWN, "Sec-Fetch-Site": "none"}):
        same(server.get("/api/summary", **headers).status, 200, headers)
    server.run.end()


@scenario("live", alone=True)
def live_public(play):
    """At other addresses than loopback there are metrics and no names, unless --public says so."""
    there = "10.77.0.1"
    for options, status, warning in (((), 403, "serving metrics on"),
                                     (("--public",), 200, "events with names and addresses")):
        server = Server(play, *options, listen=":%d" % PORT)
        server.home.ip("addr add %s/32 dev lo" % there)
        for path in NAMED[1:]:
            same(server.get(path, method="HEAD", address=there).status, status, path)
        page, page_here = server.get("/", address=there), server.get("/")
        same((page.status, page_here.status), (200, 200), "/")
        same(page.text == page_here.text, status == 200, "/ from afar is the live page")
        for part in ('href="metrics"', 'href="healthz"'):
            if part not in page.text or part not in page_here.text:
                raise AssertionError(page.text)
        same(server.get("/metrics", address=there).status, 200, "/metrics")
        for address in (ADDRESS, "::1"):
            same(server.get("/api/summary", address=address).status, 200, address)
        foreign = {"Host": "web-1", "Origin": "http://evil.example"}
        same(server.get("/events", address=there, **foreign).status, 403, "a foreign page")
        server.run.end(complaint=warning)


@scenario("live", alone=True)
def live_hostile_names(play):
    """A process whose name is escapes, quotes and an end of line: one line of valid JSON."""
    server = Server(play)
    reader = Reader(server)
    program = server.host.program(NAME)
    program.connect("127.0.0.1", 81, fails="ECONNREFUSED")
    messages = reader.messages(2)
    expect_events(messages, lines(server))
    names = {lookup(m.json, "process.executable.name") for m in messages if "process" in m.json}
    same(names, {NAME}, "names")
    summary = json.loads(server.get("/api/summary").text)
    same([row["key"] for row in summary["who"]["process"]["rows"] if "\n" in row["key"]], [NAME],
         "of the summary")
    server.run.end()


@scenario("live", alone=True)
def live_replay(play):
    """A recording is served until the replay is interrupted."""
    path = play.directory() + "/events"
    server = Server(play, "-o", path)
    for _ in range(3):
        refused(server.host)
    until(lambda: len(lines(server, path)) == 6, "six events")
    server.run.end()
    server.run = play.run("replay", "--listen", "-f", "json", path,
                          before=lambda: netns.enter(server.home.fd))
    until(lambda: any("until interrupted" in line for line in server.run.talk), "all to be read")
    reader = Reader(server)
    expect_events(reader.messages(6), lines(server))
    totals = json.loads(server.get("/api/summary").text)["totals"]
    same((totals["counted"], totals["sent"]), (6, 3), "totals")
    same(server.scrape().sum("rstwhy_events_shown_total"), 6, "metrics")
    server.run.end(complaint="until interrupted")
    same(reader.message().event, "bye", "the end")
