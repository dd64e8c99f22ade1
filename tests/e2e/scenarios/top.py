# SPDX-License-Identifier: GPL-2.0-only
"""rstwhy top, in a real terminal: keys are sent, the screen is read."""

import glob
import json
import os
import re
import signal
import statistics
import subprocess
import time

import netns
from play import scenario
from refusals import refused, refused_program
from scenarios.hostile import DANGER, NAME, SHOWN
from scenarios.runs import SOON
from tmux import Screen
from waiting import NotApplicable, until

FOOTER = r"q quit"
COUNTED = re.compile(r"^rstwhy: counted (\d+) = shown (\d+)", re.MULTILINE)
DONE = r"status (\d+) of top"
RATE = r"^%s +(\d+) +[\d.K]+/s"


class Top(Screen):
    """rstwhy top in a shell in a terminal, watching one host."""

    def __init__(self, play, *options, host=None, columns=100, lines=30, wait=FOOTER,
                 keys=("r", "r"), **env):
        if "sent-no-socket" in play.blind:
            raise NotApplicable("this kernel does not show who refuses")
        super().__init__(play, columns, lines)
        self.host = host or play.host()
        self.shell("stty -g >before")
        variables = " ".join("%s=%s" % pair for pair in env.items())
        self.shell("sh -c 'echo $$ >pid; %s exec %s top --netns=%d %s'; echo status $? of top" % (
            variables, play.binary, self.host.inode, " ".join(options)))
        self.wait("rstwhy top")
        if keys:
            self.keys(*keys)    # the footer tells what was said until a key comes
        self.wait(wait)

    @property
    def pid(self):
        with open(self.place + "/pid") as file:
            return int(file.read())

    def ended(self, expected="0"):
        """It has: the terminal must be as it was. What was said."""
        status = self.wait(DONE).group(1)
        self.shell("stty -g >after")
        self.shell("cmp before after && echo the same terminal")
        self.wait("^(# )?the same terminal$")
        if status != expected:
            raise AssertionError("status %s: %s" % (status, self.said()))
        return self.said()

    def quit(self):
        self.keys("q")
        return self.ended()

    def rows(self):
        """The rows of the table: a list of its words each."""
        lines = self.text().splitlines()[6:-1]
        return [line.split() for line in lines if line.strip()]

    def wait_rows(self, expected):
        """Until the table has these rows: key, and the last words but rate, share and time."""
        def now():
            return {tuple([" ".join(row[:-6]), *row[-5:-2]]) for row in self.rows()}
        try:
            until(lambda: now() == expected, "the rows")
        except TimeoutError:
            raise AssertionError("expected %s:\n%s" % (expected, self.text())) from None

    def written(self):
        """The events of the file that `w` names."""
        name = self.wait(r"events? written to (rstwhy-[-\d]+\.json)").group(1)
        path = os.path.join(self.place, name)
        if os.stat(path).st_mode & 0o777 != 0o600:
            raise AssertionError("%o" % os.stat(path).st_mode)
        with open(path) as file:
            return [json.loads(line) for line in file]


def unread(play, host, port=80):
    """A connection whose server closes it with 904 bytes unread."""
    client, server = play.connection((host, host), port)
    client.send(5000)
    server.wait_unread(5000)
    server.read(4096)
    server.close()
    client.await_error("ECONNRESET")
    return client, server


def refused_times(host, times):
    for _ in range(times):
        refused(host)


@scenario("top", alone=True)
def top_tables(play):
    """Each table, what it counts by, sorted and reversed."""
    top = Top(play)
    program, _ = refused_program(top.host, "curl")
    unread(play, top.host)
    refused_times(top.host, 2)
    top.wait_rows({("port-closed", "3", "-", "3"), ("connection-refused", "-", "3", "3"),
                   ("close-unread-data", "1", "-", "1"), ("peer-aborted", "-", "1", "1")})
    top.wait(RATE % "sent" + ".* peak$")
    for key, name, title in (("2", "unit", "UNIT / CONTAINER"), ("3", "process", "PROCESS"),
                             ("4", "peer", "PEER"), ("5", "port", "LOCAL PORT"),
                             ("6", "netns", "NETWORK NAMESPACE")):
        top.keys(key)
        top.wait("^" + title)
        if sum(int(row[-3]) for row in top.rows()) != 8:
            raise AssertionError(name + "\n" + top.text())
    top.wait_rows({(str(top.host.inode), "4", "4", "8")})
    top.keys("4")
    top.wait_rows({("127.0.0.1", "4", "4", "8")})
    top.keys("3")
    top.wait("^PROCESS")
    if not {"curl", "server"} <= {row[0] for row in top.rows()}:
        raise AssertionError(top.text())
    top.keys("Left", "Left")
    top.wait("^CAUSE")
    expect_order(top)
    said = top.quit()
    if COUNTED.search(said).groups() != ("8", "8") or "rstwhy: tracing" not in said:
        raise AssertionError(said)


def expect_order(top):
    """By each column, and the other way round. The first is that of the names."""
    by_name = ["close-unread-data", "connection-refused", "peer-aborted", "port-closed"]
    while not top.text().splitlines()[5].startswith("CAUSEv"):
        before = top.text().splitlines()[5]
        top.keys("s")
        until(lambda: top.text().splitlines()[5] != before, "the next column", SOON)
    if [row[0] for row in top.rows()] != by_name:
        raise AssertionError(top.text())
    top.keys("r")
    top.wait(r"^CAUSE\^")
    if [row[0] for row in top.rows()] != by_name[::-1]:
        raise AssertionError(top.text())
    top.keys("r", "s", "s")
    top.wait("vSENT")
    if [row[0] for row in top.rows()][:2] != ["port-closed", "close-unread-data"]:
        raise AssertionError(top.text())
    top.keys("r")
    top.wait(r"\^SENT")
    if [row[0] for row in top.rows()][2:] != ["close-unread-data", "port-closed"]:
        raise AssertionError(top.text())
    top.keys("r", "s")
    top.wait(" SENT +vRECEIVED ")


@scenario("top", alone=True)
def top_down_to_an_event(play):
    """From the table to the connections of a cause, to one event with all that is known of it."""
    top = Top(play, lines=60)
    client, server = unread(play, top.host)
    refused_times(top.host, 3)
    top.wait("port-closed")
    top.wait("close-unread-data")
    select(top, "close-unread-data")
    top.keys("Enter")
    top.wait("cause close-unread-data: 1 event kept")
    top.wait(r"sent +127\.0\.0\.1:80 +127\.0\.0\.1:%d +established +server/%d" % (
        client.local[1], server.program.pid))
    top.keys("w")
    (event,) = top.written()
    if event["reset"]["cause"] != "close-unread-data" or event["socket"]["unread"] != 904:
        raise AssertionError(event)
    top.keys("Enter")
    for words in (r"^sent close-unread-data, certain: ", "904 bytes received and never read",
                  r"closed by server \(%d\)" % server.program.pid,
                  r"\|<-+ last data; 5000 bytes in all ---\|", r"\|--- RST -+>\|",
                  "established -> closed", "^What to do", "lingering close"):
        top.wait(words)
    top.keys("End")
    top.wait(r"^  socket\.unread +904")
    top.keys("w")
    if top.written() != [event]:
        raise AssertionError(top.text())
    top.keys("Escape")
    top.wait("cause close-unread-data: 1 event kept")
    top.keys("Escape")
    top.wait("^CAUSE")
    top.quit()


def select(top, key):
    """Move to the row of this key: Enter opens it."""
    names = [row[0] for row in top.rows()]
    top.keys("Home", *["Down"] * names.index(key))


@scenario("top", alone=True)
def top_write(play):
    """All events of the screen, in the order of their times, as they are in JSON; never over a file
    that is there."""
    top = Top(play)
    told = [end for _ in range(3) for end in refused(top.host)]
    top.wait_rows({("port-closed", "3", "-", "3"), ("connection-refused", "-", "3", "3")})
    top.keys("w")
    events = top.written()
    times = [event["time"] for event in events]
    got = [(e["reset"]["direction"], (e["network"]["local"]["address"], e["network"]["local"]["port"]))
           for e in events]
    if times != sorted(times) or sorted(got) != sorted((way, local) for way, local, _ in told):
        raise AssertionError(events)
    for _ in range(3):
        top.keys("r")
        top.wait_gone("written to")
        top.keys("w")
        top.wait("written to")
    files = glob.glob(top.place + "/rstwhy-*.json")
    if len(files) != 4 or len({open(name).read() for name in files}) != 1:
        raise AssertionError(files)
    top.quit()


@scenario("top", alone=True)
def top_filter(play):
    """What is typed behind /, as on the command line: what passes of what was, and of what comes; a
    bad one changes nothing; an empty one brings back all."""
    top = Top(play)
    refused(top.host, 81)
    refused(top.host, 82)
    refused_program(top.host, "curl")
    everything = {("port-closed", "3", "-", "3"), ("connection-refused", "-", "3", "3")}
    top.wait_rows(everything)
    for words, rows in (
            ("--port=82", {("port-closed", "1", "-", "1"), ("connection-refused", "-", "1", "1")}),
            ("sent", {("port-closed", "3", "-", "3")}),
            ("--comm=curl", {("connection-refused", "-", "1", "1")}),
            ("--received --port=81", {("connection-refused", "-", "2", "2")}),
            ("cause=port-closed local-port=82", {("port-closed", "1", "-", "1")})):
        type_filter(top, words)
        top.wait("filter: " + re.escape(words) + "$")
        top.wait_rows(rows)
    refused(top.host, 82)
    refused(top.host, 81)
    top.wait_rows({("port-closed", "2", "-", "2")})
    for words, complaint in (
            ("--port=x", "--port=x: not a number"), ("curl", "'curl' is no filter"),
            ("--cause=nonsense", "no cause 'nonsense'"), ("--port", "--port needs a value"),
            ("--output=x", "'--output=x' is no filter"), ("--address=1.2.3", "not an IP address"),
            ("--sent --received", "exclude each other")):
        type_filter(top, words)
        top.wait(re.escape(complaint))
        top.keys("Escape")
        top.wait("filter: cause=port-closed local-port=82$")
    top.wait_rows({("port-closed", "2", "-", "2")})
    type_filter(top, "")
    top.wait_gone("filter: ")
    top.wait_rows({("port-closed", "5", "-", "5"), ("connection-refused", "-", "5", "5")})
    top.quit()


@scenario("top", alone=True)
def top_filter_edited(play):
    """The line is edited within, not only at its end."""
    top = Top(play)
    refused(top.host, 81)
    refused(top.host, 82)
    everything = {("port-closed", "2", "-", "2"), ("connection-refused", "-", "2", "2")}
    top.wait_rows(everything)
    top.keys("/")
    top.write("nonsense=8x2")
    top.keys("Left", "Left", "DC")
    top.wait("^filter: nonsense=82$")
    top.keys("Left", "C-u")
    top.wait("^filter: 82$")
    top.write("port=")
    top.keys("Home")
    top.write("-")
    top.keys("Home", "Right", "BSpace")
    top.write("--")
    top.keys("End", "BSpace")
    top.write("1")
    top.wait("^filter: --port=81$")
    top.keys("Enter")
    top.wait_rows({("port-closed", "1", "-", "1"), ("connection-refused", "-", "1", "1")})
    top.quit()


def type_filter(top, words):
    top.keys("/", "C-u")
    top.wait("^filter: *$")
    top.write(words)
    top.keys("Enter")


@scenario("top", alone=True)
def top_pause(play):
    """The screen stands still and the counting does not."""
    top = Top(play)
    refused(top.host)
    top.wait_rows({("port-closed", "1", "-", "1"), ("connection-refused", "-", "1", "1")})
    top.keys("p")
    top.wait("PAUSED")
    refused_times(top.host, 4)
    clock = top.text().splitlines()[0]
    time.sleep(1.5)     # nothing is awaited: a face of the next second must not come
    if top.text().splitlines()[0] != clock or len(top.rows()) != 2 or top.rows()[0][-3] != "1":
        raise AssertionError(top.text())
    top.keys("p")
    top.wait_gone("PAUSED")
    top.wait_rows({("port-closed", "5", "-", "5"), ("connection-refused", "-", "5", "5")})
    top.quit()


@scenario("top", alone=True)
def top_sizes(play):
    """Small, large, too small and back, in each of its screens; and the help."""
    top = Top(play)
    refused(top.host)
    top.wait("^port-closed")
    for keys, words in (((), "^port-closed"), (("Enter",), ": 1 event kept"),
                        (("Enter",), "certain:"), (("?",), r"^1 \.\.\. 6 +count by")):
        top.keys(*keys)
        for columns, lines in ((80, 24), (200, 50), (40, 10), (100, 30)):
            top.resize(columns, lines)
            top.wait(words)
            until(lambda: len(top.text().splitlines()) == lines, "the new size", SOON)
            top.wait("^received +1 ")
        top.resize(30, 6)
        top.wait("30x6 is too small")
        top.resize(100, 30)
        top.wait(words)
    for words in (r"^/ +filter as", r"^p +the screen", r"^w +write", r"^q +end"):
        top.wait(words)
    top.keys("Escape")
    top.wait("certain: ")
    top.resize(80, 24)
    top.keys("Escape", "Escape")
    top.wait(r"TOTAL +SHARE +LAST$")
    top.quit()


@scenario("top", alone=True)
def top_list_at_any_width(play):
    """The list of a cause, and of a process: who it was, with both ports or the peer's."""
    top = Top(play)
    client, server = unread(play, top.host)
    top.wait("close-unread-data")
    select(top, "close-unread-data")
    process = r"[a-z]+~?/?%d *$" % server.program.pid
    for keys, cause in (((), ""), (("Escape", "3"), "close-unread-d")):
        top.keys(*keys)
        if keys:
            top.wait("^PROCESS")
            select(top, "server")
        top.keys("Enter")
        for columns, local, state, who in ((100, ":80 ", "" if cause else "established ", process),
                                           (80, ":80 ", "", process),
                                           (40, "", "", "" if cause else process)):
            top.resize(columns, 24)
            top.wait(" ?sent +.*%s.*:%d +%s.*%s%s" % (local, client.local[1], cause, state, who))
    top.quit()


NEIGHBOURS = ["fd12:3456:789a:bcde:f012:3456:789a:%s" % last for last in ("bcd0", "bcd1")]


@scenario("top", alone=True)
def top_long_addresses(play):
    """Two peers whose addresses are as long as can be, and differ at the end: they are told apart."""
    top = Top(play, columns=80, lines=40)
    for address in NEIGHBOURS:
        top.host.ip("addr add %s/128 dev lo nodad" % address)
        refused(top.host, address=address, source=address)
    top.keys("4")
    top.wait("^PEER")
    top.wait_rows({("fd12:3456:~2:3456:789a:" + last, "1", "1", "2") for last in ("bcd0", "bcd1")})
    top.keys("Home", "Enter")
    top.wait(r"^[\d:]+ recv +\[fd12:\S+]:\d+ +\[fd12:\S+]:81 +connection-ref\S* +\S")
    top.keys("Enter")
    for end in ("", " +"):
        top.wait(r"^ {14}%s\[fd12:3456:789a:bcde:f012:3456:789a:bcd\d]:\d+ *$" % end)
    top.quit()


@scenario("top", alone=True)
def top_help(play):
    """Every line of the help fits on 80 columns; on 40 it takes more, and loses no word."""
    top = Top(play, columns=200, lines=60)
    top.keys("?")
    top.wait("^keys, lines 1 to ")
    before = help_lines(top)
    top.resize(80, 60)
    top.wait("^rstwhy top.* s a column")
    until(lambda: help_lines(top) == before, "the same lines", SOON)
    top.resize(40, 60)
    until(lambda: " ".join(help_lines(top)).split() == " ".join(before).split(), "the same words",
          SOON)
    top.quit()


def help_lines(top):
    return [line.rstrip() for line in top.text().splitlines()[5:-1] if line.strip()]


@scenario("top", alone=True)
def top_footer(play):
    """What was said at the start gives way to the keys; of these the help and the end come first."""
    top = Top(play, columns=40, lines=10, wait="^tracing resets sent and received", keys=())
    top.wait(r"^\? help  q quit  1-6 table  s sort$")
    unread(play, top.host)
    top.wait("^close-unread-data +[0-9.]+ +1$")
    top.wait("^shown 2$")
    top.keys("p")
    top.wait(r"^rstwhy top .* up [\d:]+  PAUSED$")
    top.resize(80, 24)
    top.wait(r"^\? help  q quit  1-6 .* w write$")
    top.keys("?")
    top.wait(r"^q quit  Esc back$")
    top.quit()


@scenario("top", alone=True)
def top_text_follows_the_width(play):
    """The text of an event is laid out again when the terminal becomes narrower or wider."""
    top = Top(play, lines=60)
    unread(play, top.host)
    top.wait("close-unread-data")
    select(top, "close-unread-data")
    top.keys("Enter", "Enter")
    top.wait("certain: ")
    for columns in (120, 60, 40, 81, 100):
        top.resize(columns, 60)
        width = min(columns - 1, 100)
        top.wait(r"^ +0  \|--- RST -{%d}>\|$" % (width - 16 - 9))
        top.wait("^What happened")
        longest = max(map(len, top.text().split("What happened")[0].splitlines()[5:]))
        if longest > width:
            raise AssertionError("%d columns:\n%s" % (longest, top.text()))
    top.quit()


@scenario("top", alone=True)
def top_terminals(play):
    """Terminals with and without colours and UTF-8."""
    for term, env, colours, blocks in (
            ("screen-256color", {}, True, True), ("screen", {}, True, True),
            ("vt100", {}, False, True), ("screen", {"NO_COLOR": "1"}, False, True),
            ("screen", {"LANG": "C"}, True, False)):
        top = Top(play, TERM=term, **env)
        refused(top.host)
        top.wait("^port-closed")
        seen = bool({"31", "33", "36"} & top.attributes())
        bars = re.search("^sent .*/s +(.*?) +[0-9.]+/s peak$", top.text(), re.MULTILINE).group(1)
        if seen != colours or bars.isascii() == blocks or not bars.strip():
            raise AssertionError("%s %s: %s %r" % (term, env, top.attributes(), bars))
        top.quit()


@scenario("top", alone=True)
def top_ends(play):
    """q, Ctrl-C, SIGTERM, -d, -n: the terminal is given back, and the counts are printed."""
    for end in (lambda top: top.keys("q"), lambda top: top.keys("C-c"),
                lambda top: os.kill(top.pid, signal.SIGTERM),
                lambda top: os.kill(top.pid, signal.SIGHUP)):
        top = Top(play)
        refused(top.host)
        top.wait_rows({("port-closed", "1", "-", "1"), ("connection-refused", "-", "1", "1")})
        end(top)
        if COUNTED.search(top.ended()).groups() != ("2", "2"):
            raise AssertionError(top.said())
    top = Top(play, "--count=2")
    refused(top.host)
    if COUNTED.search(top.ended()).groups() != ("2", "2"):
        raise AssertionError(top.said())


@scenario("top", alone=True)
def top_stopped(play):
    """Ctrl-Z gives the terminal to the shell, fg brings the screen back, and it counts on."""
    top = Top(play)
    refused(top.host)
    top.wait("^port-closed")
    top.keys("C-z")
    top.wait("Stopped")
    refused(top.host)
    top.shell("stty -g >stopped; cmp before stopped && echo the same in between")
    top.wait("^(# )?the same in between$")
    top.shell("fg")
    top.wait("rstwhy top")
    top.wait_rows({("port-closed", "2", "-", "2"), ("connection-refused", "-", "2", "2")})
    top.keys("q")
    top.wait("counted 4 = shown 4 ")
    top.ended(expected=str(128 + signal.SIGTSTP))   # what the shell said when it was stopped


@scenario("top", alone=True)
def top_output_held(play):
    """A terminal that is held (Ctrl-S) holds up neither the tracing nor the end."""
    top = Top(play)
    top.keys("C-s")
    refused_times(top.host, 3)
    os.kill(top.pid, signal.SIGTERM)
    if COUNTED.search(top.ended()).groups() != ("6", "6"):
        raise AssertionError(top.said())


@scenario("top", alone=True)
def top_no_terminal(play):
    """What is no terminal, or one that cannot be drawn on: one clear line, status 1, no rights
    needed to be told so."""
    play.run("top", user=65534).finished(status=1, complaint="stdin is no terminal")
    play.run("top", "-o", "x").finished(status=2, complaint="--output: top writes to the terminal")
    play.run("top", "-f", "json").finished(status=2, complaint="--format: top is for a person")
    screen = Screen(play)
    for term, complaint in (("nonsense", "TERM=nonsense: no such terminal is known here"),
                            ("dumb", "TERM=dumb: that terminal cannot move its cursor"),
                            ("", "TERM is not set")):
        screen.shell("clear; TERM='%s' %s top; echo status $? of top" % (term, play.binary))
        screen.wait("rstwhy: top: " + complaint)
        screen.wait("status 1 of top")
    screen.resize(39, 20)
    screen.shell("clear; %s top" % play.binary)
    screen.wait("the terminal has 39 column")


@scenario("top", alone=True)
def top_hostile(play):
    """A process whose name is an escape sequence and a turned direction."""
    top = Top(play, columns=140)
    program = top.host.program(NAME)
    program.connect("127.0.0.1", 81, fails="ECONNREFUSED")
    top.keys("3")
    top.wait(re.escape(SHOWN))
    select(top, SHOWN)
    top.keys("Enter")
    top.wait(re.escape(SHOWN + "/%d" % program.pid))
    top.keys("Enter")
    top.wait(re.escape(SHOWN + " (%d)" % program.pid))
    text = top.text()
    top.keys("End")
    top.wait(re.escape("process.executable.name"))
    text += top.text()
    if any(ord(c) in DANGER and c != "\n" for c in text) or "rstwhy top" not in text:
        raise AssertionError(repr(text))
    top.quit()


FLOOD_A_SECOND, FLOOD_SECONDS, BURSTS = 100000, 5, 5


@scenario("top", alone=True, flood=True)
def top_in_a_flood(play):
    """100,000 resets a second: the keys answer, and the totals are the kernel's to the last one."""
    program = os.path.join(os.path.dirname(play.binary), "bench", "flood")
    if not os.access(program, os.X_OK):
        raise NotApplicable("%s is not built" % program)
    top = Top(play)
    unread(play, top.host, 8080)    # not one of those that are flooded
    before, begun, answers = cpu_seconds(top.pid), time.monotonic(), []
    for burst in range(FLOOD_SECONDS * BURSTS):
        burst_of(top.host, program, FLOOD_A_SECOND // BURSTS)
        if burst % BURSTS == 0:
            answers.append(answer(top, str(1 + len(answers) % 6)))
        time.sleep(max(0, begun + (burst + 1) / BURSTS - time.monotonic()))
    seconds = time.monotonic() - begun
    used = cpu_seconds(top.pid) - before
    top.keys("1")
    sent = top.host.counters()["OutRsts"]
    until(lambda: int(top.wait(RATE % "sent").group(1)) == sent, "%d sent" % sent)
    rows = {row[0]: row[-3] for row in top.rows()}
    if rows["port-closed"] != str(sent - 1) or rows["close-unread-data"] != "1":
        raise AssertionError("%d sent:\n%s" % (sent, top.text()))
    print("    %d resets sent in %.1f s: %.1f %% of a processor; keys are answered in %s s" % (
        sent, seconds, 100 * used / seconds, ", ".join("%.2f" % a for a in answers)))
    if statistics.median(answers) > 1:
        raise AssertionError("keys are answered within %s s" % answers)
    said = top.quit()
    numbers = re.search(r"counted (\d+) = .* \+ lost (\d+)", said)
    if int(numbers.group(1)) != sent + 1:
        raise AssertionError(said)


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid) as stat:
        words = stat.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def burst_of(host, program, resets):
    """So many SYNs to closed ports, from all processors."""
    with netns.inside(host.fd):
        subprocess.run([program, "1", str(resets // os.cpu_count())], check=True,
                       stdout=subprocess.DEVNULL)


def answer(top, key):
    """Seconds until the table that the key asks for is there."""
    title = {"1": "CAUSE", "2": "UNIT / CONTAINER", "3": "PROCESS", "4": "PEER",
             "5": "LOCAL PORT", "6": "NETWORK NAMESPACE"}[key]
    begun = time.monotonic()
    top.keys(key)
    top.wait("^" + title)
    return time.monotonic() - begun
