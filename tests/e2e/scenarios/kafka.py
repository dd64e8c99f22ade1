# SPDX-License-Identifier: GPL-2.0-only
"""--kafka: what a cluster gets, and what becomes of it while there is none.

The cluster is tests/e2e/kafka_mock.c; it and the tracer are in a namespace of their own.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile

import netns
from expect import ABSENT, lookup
from play import scenario
from refusals import refused, start
from scenarios.runs import flood
from shortrun import TALK
from waiting import PATIENCE, NotApplicable, until

TOPIC = "resets"
PARTITIONS = 4
NOBODY = "127.0.0.1:1"      # no broker is there
QUEUE_KB = 80 << 10     # what a full queue may take, of the sizes that the man page tells
SOON = "reconnect.backoff.max.ms=200\n"
UNWRITTEN = re.compile(r"rstwhy: write to Kafka \S+: (\d+) events were not written$")


def need_kafka(play):
    said = subprocess.run([play.binary, "--version"], stdout=subprocess.PIPE, text=True).stdout
    if "with rdkafka" not in said:
        raise NotApplicable("built without rdkafka")


class Cluster:
    """A broker that can be sent away, and all that it was given."""

    def __init__(self, play):
        need_kafka(play)
        program = os.path.join(os.path.dirname(os.path.abspath(play.binary)), "kafka_mock")
        if not os.path.exists(program):
            raise NotApplicable("no %s: 'make e2e' builds it" % program)
        self.play, self.host, self.said = play, play.host("kafka"), tempfile.TemporaryFile()
        play.at_end.callback(self.said.close)
        self.program = self.host.run(program, TOPIC, str(PARTITIONS), stdout=self.said,
                                     stdin=subprocess.PIPE)
        self.address = until(lambda: self._lines("ready "), "the cluster")[0]

    def _lines(self, start=""):
        size = os.fstat(self.said.fileno()).st_size
        text = os.pread(self.said.fileno(), size, 0).decode()
        return [line[len(start):] for line in text[:text.rfind("\n") + 1].splitlines()
                if line.startswith(start)]

    def tell(self, command):
        done = len(self._lines("did "))
        self.program.process.stdin.write(command.encode() + b"\n")
        self.program.process.stdin.flush()
        until(lambda: len(self._lines("did ")) > done, command)

    def messages(self):
        """(partition, key, value)"""
        return [tuple(line.split("\t")) for line in self._lines() if line[0].isdigit()]

    def values(self):
        return [value for _, _, value in self.messages()]

    def start(self, host, *options, config=SOON):
        return start_run(self.play, self.host, host, self.address, *options, config=config)


def start_run(play, where, host, address, *options, config=""):
    """A run within `where` that sees `host` only."""
    path = play.directory() + "/kafka.conf"
    with open(path, "w") as file:
        file.write(config)
    return start(play, host, "--kafka=%s/%s" % (address, TOPIC), "--kafka-config=" + path, *options,
                 before=lambda: netns.enter(where.fd))


def ended(run, status=0):
    """Interrupt it. What it said that is no talk, without the first lines and the summary."""
    run.process.send_signal(signal.SIGINT)
    got = run.process.wait(PATIENCE)
    if got != status:
        raise AssertionError("status %s: %s" % (got, " | ".join(run.talk)))
    return [line for line in run.talk if not TALK.match(line)]


def expect_lines(lines, *wanted):
    """One line for each word, in that order."""
    if len(lines) != len(wanted) or not all(word in line for word, line in zip(wanted, lines)):
        raise AssertionError("wanted %s, got %s" % (wanted, " | ".join(lines)))


def wait_said(run, word):
    until(lambda: any(word in line for line in run.talk), word)


def unwritten(lines):
    found = [UNWRITTEN.match(line) for line in lines]
    return sum(int(match.group(1)) for match in found if match)


def expect_same(found, wanted):
    if sorted(found) != sorted(wanted):
        raise AssertionError("%d arrived, %d written; first %s" % (
            len(found), len(wanted), (found + ["nothing"])[0]))


@scenario("kafka", alone=True)
def kafka_arrives(play):
    """Each event arrives once, the same line as on stdout, with its connection's id as the key;
    both ends of a connection are in one partition."""
    cluster, host = Cluster(play), play.host()
    run = cluster.start(host)
    for _ in range(30):
        refused(host)
    client, server = play.connection((host, host))
    client.send(10)
    server.wait_unread(10)
    server.close()
    client.await_error("ECONNRESET")
    until(lambda: len(cluster.values()) >= 62, "the events")
    expect_lines(ended(run))
    expect_same(cluster.values(), run.output.splitlines())
    partitions = {}
    for partition, key, value in cluster.messages():
        if key != lookup(json.loads(value), "network.community_id"):
            raise AssertionError("key %s of %s" % (key, value))
        partitions.setdefault(key, []).append(partition)
    if any(len(p) != 2 or p[0] != p[1] for p in partitions.values()):
        raise AssertionError("both ends of a connection: %s" % partitions)
    if len({p[0] for p in partitions.values()}) < 2:
        raise AssertionError("all are in one partition")


def carried(host):
    """Bytes that its loopback has carried."""
    with netns.inside(host.fd), open("/proc/thread-self/net/dev") as file:
        return next(int(line.split()[1]) for line in file if line.lstrip().startswith("lo:"))


@scenario("kafka", alone=True)
def kafka_compresses(play):
    """Batches are compressed, unless --kafka-config says otherwise."""
    taken = {}
    for config in ("", "compression.codec=none\n"):
        cluster, host = Cluster(play), play.host()
        run = cluster.start(host, config=SOON + "linger.ms=1000\n" + config)
        begun = carried(cluster.host)
        for _ in range(100):
            refused(host)
        until(lambda: len(cluster.values()) >= 200, "the events")
        taken[config] = carried(cluster.host) - begun
        expect_lines(ended(run))
    if 2 * taken[""] > taken["compression.codec=none\n"]:
        raise AssertionError("bytes: %s" % taken)


def tasks(run):
    """The status of each thread."""
    found = []
    for task in os.listdir("/proc/%d/task" % run.pid):
        with open("/proc/%d/task/%s/status" % (run.pid, task)) as file:
            found.append(dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line))
    return found


@scenario("kafka", alone=True)
def kafka_threads(play):
    """librdkafka's threads take no signal meant for the tracer; without --kafka there is neither
    a thread nor the library."""
    cluster, host = Cluster(play), play.host()
    run = cluster.start(host)
    refused(host)
    until(lambda: len(cluster.values()) == 2, "the events")
    for task in tasks(run):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
            if not int(task["SigBlk"], 16) & 1 << (number - 1):
                raise AssertionError("thread %s takes signal %d" % (task["Name"], number))
    if len(tasks(run)) < 2:
        raise AssertionError("no threads: this tests nothing")
    expect_lines(ended(run))
    plain = start(play, host)
    with open("/proc/%d/maps" % plain.pid) as file:
        if len(tasks(plain)) != 1 or "rdkafka" in file.read():
            raise AssertionError("librdkafka without --kafka")
    plain.end()


@scenario("kafka", alone=True)
def kafka_down_at_start(play):
    """No broker at the start: one line, and tracing goes on. When it comes, it gets all."""
    cluster, host = Cluster(play), play.host()
    cluster.host.nft('add table inet gone\n'
                     'add chain inet gone c { type filter hook input priority 0; }\n'
                     'add rule inet gone c tcp dport %s reject with tcp reset\n'
                     % cluster.address.rsplit(":", 1)[1])
    run = cluster.start(host)
    wait_said(run, "write to Kafka")
    refused(host)
    until(lambda: len(run.events()) == 2, "the events on stdout")
    cluster.host.nft("delete table inet gone")
    refused(host)
    until(lambda: len(cluster.values()) == 4, "the events")
    wait_said(run, "works")
    expect_lines(ended(run), "Connection refused", "works")
    expect_same(cluster.values(), run.output.splitlines())


@scenario("kafka", alone=True)
def kafka_goes_away(play):
    """The broker goes away and comes back, twice: that is told, and nothing is lost."""
    cluster, host = Cluster(play), play.host()
    run = cluster.start(host)
    for n in range(1, 3):
        refused(host)
        until(lambda: len(set(cluster.values())) == 4 * n - 2, "the events before")
        cluster.tell("down")
        refused(host)
        until(lambda: sum("write to Kafka" in line for line in run.talk) == n, "the complaint")
        cluster.tell("up")
        until(lambda: len(set(cluster.values())) == 4 * n, "the events meanwhile")
        until(lambda: sum("works" in line for line in run.talk) == n, "the good news")
    expect_lines(ended(run), *["write to Kafka", "works"] * 2)
    expect_same(list(set(cluster.values())), run.output.splitlines())


def resident_kb(run):
    return int(tasks(run)[0]["VmRSS"].split()[0])


@scenario("kafka", alone=True, flood=True)
def kafka_dead_in_a_flood(play):
    """A flood and no broker: the queue fills and memory does not; what had no room is told, once,
    and what waited is told at the end. The other output lacks nothing."""
    need_kafka(play)
    where, host = play.host("kafka"), play.host()
    run = start_run(play, where, host, NOBODY, "--rate=0", "-o", play.directory() + "/events")
    begun = resident_kb(run)
    with flood(host):
        wait_said(run, "dropped so far")
    taken = resident_kb(run) - begun
    lines = ended(run, status=1)
    numbers = run.numbers()
    if unwritten(lines) != numbers["shown"] or numbers["shown"] < 10000:
        raise AssertionError("%s, %s" % (lines, numbers))
    expect_lines(lines, "Connection refused", "dropped so far: Local: Queue full", "waiting 5 s",
                 "were not written")
    if taken > QUEUE_KB:
        raise AssertionError("%d KiB more" % taken)


@scenario("kafka", alone=True)
def kafka_small_queue(play):
    """A slow broker and a small queue: each event either arrives or is counted as dropped."""
    cluster, host = Cluster(play), play.host()
    run = cluster.start(host, config=SOON + "queue.buffering.max.messages=20\n")
    refused(host)
    until(lambda: len(cluster.values()) == 2, "the first events")
    cluster.tell("slow 300")
    for _ in range(100):
        refused(host)
    wait_said(run, "dropped so far")
    lines = ended(run, status=1)
    expect_lines(lines, "dropped so far: Local: Queue full", "were not written")
    arrived = run.numbers()["shown"] - unwritten(lines)
    until(lambda: len(cluster.values()) >= arrived, "the others")
    if len(cluster.values()) != arrived or not set(cluster.values()) <= set(run.output.split("\n")):
        raise AssertionError("%d arrived, %s" % (len(cluster.values()), lines))


@scenario("kafka", alone=True)
def kafka_refuses_writes(play):
    """The cluster refuses a write for good: what was in it is counted, what follows arrives."""
    cluster, host = Cluster(play), play.host()
    run = cluster.start(host)
    refused(host)
    until(lambda: len(cluster.values()) == 2, "the first events")
    cluster.tell("refuse")
    refused(host)
    wait_said(run, "dropped so far: Broker: Message size too large")
    refused(host)
    until(lambda: len(cluster.values()) == 4, "the last events")
    lines = ended(run, status=1)
    expect_lines(lines, "dropped so far", "write to Kafka")
    if unwritten(lines) != 2:
        raise AssertionError(str(lines))


@scenario("kafka", alone=True)
def kafka_forbidden(play):
    """The cluster allows nothing, and no waiting helps: the run goes on without it, and each event
    that was to go there is counted."""
    cluster, host = Cluster(play), play.host()
    cluster.tell("forbid")
    run = cluster.start(host)
    refused(host)
    wait_said(run, "the run goes on without it")
    refused(host)
    lines = ended(run, status=1)
    numbers = run.numbers()
    expect_lines(lines, "Cluster authorization failed", "were not written")
    if numbers["shown"] != 4 or "; 4 events were not written" not in lines[1]:
        raise AssertionError("%s, %s" % (lines, numbers))


@scenario("kafka", alone=True)
def kafka_summaries(play):
    """What stands for suppressed events arrives as well; without a connection it has no key."""
    cluster, host = Cluster(play), play.host()
    run = cluster.start(host, "--rate=1")
    for _ in range(10):
        refused(host)
    until(lambda: any('"suppressed":' in value for value in cluster.values()), "a summary")
    expect_lines(ended(run))
    until(lambda: len(cluster.values()) >= len(run.output.splitlines()), "the rest")
    expect_same(cluster.values(), run.output.splitlines())
    for _, key, value in cluster.messages():
        has_id = lookup(json.loads(value), "network.community_id") is not ABSENT
        if bool(key) != has_id:
            raise AssertionError("key '%s' of %s" % (key, value))


@scenario("kafka", alone=True)
def kafka_bad_config(play):
    """A setting that librdkafka does not know, one that makes no sense, no line of its kind, no
    file: one line, and no run."""
    need_kafka(play)
    path = play.directory() + "/kafka.conf"

    def refuses(text, complaint, name=path):
        with open(path, "w") as file:
            file.write(text)
        play.run("--kafka=%s/%s" % (NOBODY, TOPIC), "--kafka-config=" + name).finished(
            status=1, complaint=complaint)
        play.bad_input()

    refuses("# ours\n\n nosuch = 1\n", path + ":3: No such configuration property: \"nosuch\"")
    refuses("acks=many\n", path + ":1: Invalid value")
    refuses("acks\n", path + ":1: not a line KEY=VALUE")
    refuses("bootstrap.servers=x:1\n", path + ":1: bootstrap.servers: the brokers are those of")
    refuses("acks=1\n", "set up librdkafka: ")
    refuses("", "read %s.none: No such file" % path, path + ".none")
    with contextlib.suppress(FileNotFoundError):
        os.remove(path)
