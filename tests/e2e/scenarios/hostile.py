# SPDX-License-Identifier: GPL-2.0-only
"""Names that other people choose, through the whole of it: what jq, promtool, tshark and a terminal
get of them."""

import errno
import json
import os
import subprocess

from play import scenario
from programs import find_program
from refusals import start
from scenarios.containers import cgroup, mount, move
from scenarios.packets import packets
from scraper import Server
from waiting import until

NAME = "\x1b[2J\n\"}\\\x9b\u202e"      # 13 of the 15 bytes that a name can have
CGROUP = "/rstwhy-e2e.slice/\x1b]0;x\x07\u202e\"{}\\\x9b:0::"
SHOWN = "?[2J?\"}\\??"
DANGER = [*range(0x20), *range(0x7f, 0xa0), 0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f),
          *range(0x2066, 0x206a)]


def check_tame(text, what):
    """Nothing but ends of lines that a terminal obeys."""
    found = {c for c in text if ord(c) in DANGER and c != "\n"}
    if found:
        raise AssertionError("%s: %r in %r" % (what, found, text))


def jq(words, path):
    """What jq prints, one line an event; it must be content."""
    done = subprocess.run([find_program("jq"), "-c", words, path], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)
    if done.returncode or done.stderr:
        raise AssertionError("jq %s: %s" % (words, done.stderr))
    return [json.loads(line) for line in done.stdout.splitlines()]


def promtool(text):
    done = subprocess.run([find_program("promtool"), "check", "metrics"], input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode or done.stdout:
        raise AssertionError("promtool: " + done.stdout)


def recorded(play, options=()):
    """Resets of a program of that name in such a cgroup: the paths of JSON and pcapng, and the
    metrics."""
    place = play.directory()
    lines, capture = place + "/resets.json", place + "/resets.pcapng"
    server = Server(play, "-o", lines, "--pcapng=" + capture, "--label=unit", *options)
    program = server.host.program(NAME)
    move(program, play.at_end.enter_context(cgroup(CGROUP)))
    program.connect("127.0.0.1", 81, fails="ECONNREFUSED")
    until(lambda: server.scrape().sum("rstwhy_events_shown_total") == 2, "both events")
    metrics = server.get().text
    server.run.end()
    return lines, capture, metrics


@scenario("hostile", alone=True)
def hostile_names(play):
    """A process and a cgroup whose names are escapes, quotes and a turned direction."""
    lines, capture, metrics = recorded(play)
    with open(lines) as file:
        check_tame(file.read(), "JSON")
    names = jq("select(.process).process.executable.name", lines)
    if not names or set(names) != {NAME}:
        raise AssertionError(names)
    groups = jq("select(.process).linux.cgroup", lines)
    if set(groups) != {CGROUP}:
        raise AssertionError(groups)
    promtool(metrics)
    check_tame(metrics, "metrics")
    comments = [packet["frame.comment"] for packet in packets(capture)]
    if len(comments) != 2 or not any("process: \ufffd[2J\ufffd\"}\\" in c for c in comments):
        raise AssertionError(comments)
    check_tame("\n".join(comments), "pcapng")
    play.bad_input()


@scenario("hostile", alone=True)
def hostile_replay(play):
    """The recording, as text, as ECS and as JSON again: the same bytes."""
    lines, _, _ = recorded(play)
    with open(lines) as file:
        text = file.read()
    again = play.run("replay", "-f", "json", lines).finished().output
    if again != text:
        raise AssertionError("%r became %r" % (text, again))
    ecs = play.run("replay", "-f", "ecs", lines).finished()
    check_tame(ecs.output, "ECS")
    if NAME not in [event.get("process", {}).get("name") for event in ecs.events()]:
        raise AssertionError(ecs.output)
    shown = play.run("replay", "-v", lines).finished().output
    check_tame(shown, "text")
    if SHOWN not in shown:
        raise AssertionError(shown)
    play.bad_input()


@scenario("hostile", alone=True)
def hostile_no_text(play):
    """A name that is no UTF-8: the JSON is, and the bytes come back of a recording."""
    host, path = play.host(), play.directory() + "/resets.json"
    run = start(play, host, "-o", path)
    program = host.program("raw")
    program.call("rename", b"\xff\xc0\xaf\xed\xa0\x80\x9b2J\xe2\x82")
    program.connect("127.0.0.1", 81, fails="ECONNREFUSED")
    run.end()
    names = jq("select(.process).process.executable.name", path)
    if not names or set(names) != {"\ufffd" * 7 + "2J" + "\ufffd" * 2}:
        raise AssertionError(names)
    with open(path) as file:
        text = file.read()
    if '{"hex":"ffc0afeda0809b324ae282"}' not in text:
        raise AssertionError(text)
    if play.run("replay", "-f", "json", path).finished().output != text:
        raise AssertionError("the replay is another")
    play.bad_input()


@scenario("hostile", alone=True)
def hostile_line_end(play):
    """The kernel makes no cgroup with the end of a line in its name: /proc/PID/cgroup relies on it,
    and so do we."""
    try:
        os.mkdir(mount() / "rstwhy-e2e\nx")
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EACCES, errno.EROFS):
            raise
    else:
        os.rmdir(mount() / "rstwhy-e2e\nx")
        raise AssertionError("made")


@scenario("hostile", alone=True)
def hostile_words(play):
    """What is said of files and words that are escapes."""
    path = play.directory() + "/\x1b[2J\n\u202e"
    with open(path, "w") as file:
        file.write("\x1b[31m x\n")
    for status, *words in ((1, "replay", path), (1, "replay", path + "x"), (2, "explain", "\x1b[2J"),
                           (2, "--timeouts=" + path), (2, "--timeouts=" + path + "x"),
                           (2, "--format=\x1b[2J\n"), (2, "--kafka=\x9b"), (2, "--cause=\x1b["),
                           (2, "\x1b]0;x\x07")):
        run = play.run(*words)
        run.process.wait()
        check_tame("\n".join(run.talk), words)
        run.finished(status=status, complaint="?")
        play.bad_input()
