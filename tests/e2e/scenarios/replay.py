# SPDX-License-Identifier: GPL-2.0-only
"""rstwhy replay: what was recorded is judged and shown again, and it is the same."""

import json
import os
import re
import signal
import subprocess
from socket import IPPROTO_TCP, TCP_SYNCNT

import pcapng
from expect import ABSENT, lookup
from play import scenario
from refusals import refused, start
from waiting import until

DEEP = "[" * 100000
KINDS = ("reset.pair", "reset.suppressed", "stack.kernel", "segment.options", "process.pid")


def unread_data(play, host):
    client, server = play.connection((host, host))
    client.send(5000)
    server.wait_unread(5000)
    server.read(4096)
    server.close()
    client.await_error("ECONNRESET")


def unanswered(play, peer):
    client = peer.host.program("connecting").begin_connect(
        peer.addresses["v4"], 80, set=[(IPPROTO_TCP, TCP_SYNCNT, 1)])
    client.await_connect(fails="ETIMEDOUT")


def record(play, *options):
    """Resets of several kinds, of both families, and a connection that died without one."""
    host, peer = play.tun()
    path = play.directory() + "/recorded.json"
    run = start(play, host, "-o", path, "--silent", "--ignored", "--stack", *options)
    unread_data(play, host)
    for address in ("127.0.0.1", "::1") * 5:
        refused(host, address=address)
    flow = peer.client(80)
    flow.send("R")
    flow.send("PA", b"who are you?")
    flow.expect("R")
    unanswered(play, peer)

    def told():
        with open(path) as file:
            text = file.read()
        return '"connect-timeout"' in text and '"suppressed":' in text
    until(told, "all to be recorded")
    run.end()
    return path, run


def contents(path):
    with open(path) as file:
        return file.read()


def same(text, wanted):
    if text != wanted:
        lines = [pair for pair in zip(text.splitlines(), wanted.splitlines()) if pair[0] != pair[1]]
        raise AssertionError("%d lines of %d differ, the first: %s" % (
            len(lines), wanted.count("\n"), lines[:1]))


@scenario("run", alone=True)
def replay_is_the_same(play):
    """A recording, judged and written again, is the same file, and so is its summary."""
    path, run = record(play, "--rate=2")
    events = run.events(path)
    for key in KINDS:
        if all(lookup(event, key) is ABSENT for event in events):
            raise AssertionError("the recording has no " + key)
    again = play.run("replay", "-f", "json", path).finished()
    same(again.output, contents(path))
    numbers, live = again.numbers(), run.numbers()
    if (numbers["shown"], numbers["suppressed"]) != (live["shown"], live["suppressed"]):
        raise AssertionError("%s, live: %s" % (numbers, live))
    with open(path) as file:
        same(play.run("replay", "-f", "json", "-", stdin=file).finished().output, contents(path))


@scenario("run", alone=True)
def replay_capture(play):
    """The segments of a recording: the packets that the live run wrote."""
    live, later = (play.directory() + name for name in ("/live.pcapng", "/later.pcapng"))
    path, _ = record(play, "--rate=2", "--pcapng=" + live, "--host=web1")
    play.run("replay", "-o", "/dev/null", "--pcapng=" + later, "--host=web1", path).finished()
    packets = [pcapng.of_kind(file, pcapng.PACKET) for file in (live, later)]
    if packets[0] != packets[1] or not packets[0]:
        raise AssertionError("%d packets, later %d" % tuple(map(len, packets)))


def hosts(text):
    return {lookup(json.loads(line), "host.name") for line in text.splitlines()}


@scenario("run", alone=True)
def replay_host(play):
    """Each line says whose it is, what stands for suppressed ones, too; a replay on another host
    keeps that, and puts its own name nowhere. --host is for lines without."""
    path, run = record(play, "--rate=2", "--host=node-7")
    own = os.uname().nodename
    plain = start(play, play.host())
    refused(play.hosts[-1])
    plain.end()
    cases = {
        "--host": (contents(path), "node-7"),
        "its own": (plain.output, ABSENT if own == "(none)" else own),
        "replay": (play.run("replay", "-f", "json", path).finished().output, "node-7"),
        "replay --host": (play.run("replay", "-f", "json", "--host=x", path).finished().output,
                          "node-7"),
        "ecs": (play.run("replay", "-f", "ecs", path).finished().output, "node-7"),
    }
    bare = play.directory() + "/bare.json"
    with open(bare, "w") as file:
        for event in run.events(path):
            del event["host"]
            file.write(json.dumps(event) + "\n")
    for options, name in (((), ABSENT), (("--host=x\x1b",), "x\x1b")):
        for form in ("json", "ecs"):
            again = play.run("replay", "-f", form, *options, bare).finished().output
            cases["%s, without a host, %s" % (form, options)] = (again, name)
            if "\x1b" in again:
                raise AssertionError(again)
    for what, (text, name) in cases.items():
        if hosts(text) != {name}:
            raise AssertionError("%s: %s, not %s" % (what, hosts(text), name))


@scenario("run", alone=True)
def replay_filters(play):
    """The filters of a live run, on a recording; and text."""
    path, run = record(play, "--rate=2")
    events = run.events(path)

    def count(*options):
        return len(play.run("replay", "-f", "json", *options, path).finished().events())
    wanted = {
        "--cause=close-unread-data": 1,
        "--exclude-cause=close-unread-data": len(events) - 1,
        "--received": sum(e["reset"]["direction"] == "received" for e in events),
        "--comm=connecting": 1,
        "--netns=1": 0,
        "--address=::1": sum(lookup(e, "network.local.address") == "::1" for e in events),
        "--port=81": sum(81 in (lookup(e, "network.local.port"), lookup(e, "network.peer.port"))
                         for e in events),
        "--count=3": 3,
    }
    got = {option: count(option) for option in wanted}
    if got != wanted:
        raise AssertionError("%s, expected %s" % (got, wanted))
    text = play.run("replay", "-v", path).finished().output
    if len(re.findall(r"^\d\d:\d\d:\d\d\.", text, re.M)) != len(events) or "904 bytes" not in text:
        raise AssertionError(text)


@scenario("run", alone=True)
def replay_without_facts(play):
    """Lines that carry no facts: the recorded verdict, and a word about it."""
    path, run = record(play, "--rate=2")
    events = run.events(path)
    bare = play.directory() + "/bare.json"
    with open(bare, "w") as file:
        for event in events:
            event.pop("facts")
            file.write(json.dumps(event) + "\n")
    again = play.run("replay", "-f", "json", bare)
    again.finished(complaint="events carry no facts")
    for event, shown in zip(events, again.events()):
        for key in ("reset", "network", "process", "linux"):
            if event.get(key) != shown.get(key):
                raise AssertionError("%s became %s" % (event.get(key), shown.get(key)))


@scenario("run", alone=True)
def replay_bad_input(play):
    """What is cut, damaged or something else: a word on stderr, status 1, the good lines shown."""
    host = play.host()
    run = start(play, host)
    refused(host)
    run.end()
    first, second = run.output.splitlines()
    cases = {
        "": (0, None),
        first + "\n" + second[:300]: (1, "line 2: cut off after 300 bytes"),
        first + "\n" + "x" * 10_000_000 + "\n" + second + "\n": (2, "line 2: longer than 256 KiB"),
        first + "\na\0b\n" + second + "\n": (2, "line 2: not JSON: there is a NUL"),
        first + "\n" + DEEP + "\n" + second + "\n": (2, "line 2: not JSON: nesting too deep"),
        first.replace('"port":81', '"port":81000') + "\n" + second + "\n":
            (1, "line 1: network.local.port is not a whole number from 0 to 65535"),
        "\n" + first + "\r\n\n" + second: (2, None),
        '{"a":1}\n': (0, "line 1: JSON, but not an event; not a recording"),
        "\x7fELF\0\n" * 100: (0, "line 1: not JSON: there is a NUL in it; not a recording"),
    }
    for text, (shown, complaint) in cases.items():
        path = play.directory() + "/bad"
        with open(path, "w", newline="") as file:
            file.write(text)
        again = play.run("replay", "-f", "json", path)
        again.finished(status=1 if complaint else 0, complaint=complaint)
        if len(again.events()) != shown:
            raise AssertionError("%s: %d events of %d" % (complaint, len(again.events()), shown))
        play.bad_input()
    play.run("replay", path + "-not-there").finished(status=1, complaint="No such file")


@scenario("run", alone=True)
def replay_follows(play):
    """From a pipe that stays open: an event is shown when it comes; SIGTERM ends it in good order,
    and so does a reader that goes."""
    host = play.host()
    recording = start(play, host)
    refused(host)
    recording.end()
    read_end, write_end = os.pipe()
    run = play.run("replay", "-f", "json", "-", stdin=read_end)
    os.close(read_end)
    os.write(write_end, recording.output.encode())
    until(lambda: len(run.events()) == 2, "the events")
    run.end(signal.SIGTERM)
    os.close(write_end)
    if run.numbers()["shown"] != 2:
        raise AssertionError(str(run.numbers()))
    feed = subprocess.Popen(["yes", recording.output.splitlines()[0]], stdout=subprocess.PIPE)
    read_end, write_end = os.pipe()
    run = play.run("replay", "-f", "json", "-", stdin=feed.stdout, stdout=write_end)
    os.close(write_end)
    os.read(read_end, 1000)
    os.close(read_end)
    feed.stdout.close()
    run.finished(status=1, complaint="Broken pipe")
    feed.wait()


@scenario("run", alone=True)
def replay_onto_itself(play):
    """The output is the input: refused, and the recording stays as it is."""
    host = play.host()
    path = play.directory() + "/recorded.json"
    run = start(play, host, "-o", path)
    refused(host)
    run.end()
    before = contents(path)
    play.run("replay", "-f", "json", "-o", path, path).finished(
        status=1, complaint="also where the output goes")
    same(contents(path), before)
