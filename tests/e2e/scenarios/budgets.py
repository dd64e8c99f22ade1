# SPDX-License-Identifier: GPL-2.0-only
"""Who has a place in what is shown and counted: in a flood, behind a filter, with a full ring."""

import socket

import netns
from expect import ABSENT, lookup
from play import scenario
from refusals import refused, start
from scenarios.handshake import MSS
from scenarios.runs import flood
from waiting import until

FLOODED = 2000      # resets: far beyond the budgets here
LATE = 60           # connections of which data comes too late, to fill a ring of 64K
STEPS = 6           # the ring is full at another place each time


def await_flood(host):
    """It is well under way."""
    first = host.counters()["OutRsts"]
    until(lambda: host.counters()["OutRsts"] > first + FLOODED, "a flood")


@scenario("run", alone=True, flood=True)
def wanted_process_in_a_flood(play):
    """--pid, --comm: what the wanted process does is shown to the last reset, however many others'
    resets of the same kind there are; nothing stands for theirs."""
    host = play.host()
    victim = host.program("victim")
    runs = [start(play, host, "--rate=20", option)
            for option in ("--pid=%d" % victim.pid, "--comm=victim")]
    with flood(host):
        await_flood(host)
        for _ in range(15):
            victim.connect("127.0.0.1", 81, fails="ECONNREFUSED")
        await_flood(host)
    for run in runs:
        run.end()
        causes = [lookup(event, "reset.cause") for event in run.events()]
        if causes != ["connection-refused"] * 15 or run.numbers()["suppressed"] < FLOODED:
            raise AssertionError("%s; %s" % (causes, run.numbers()))


@scenario("run", alone=True, flood=True)
def unwanted_cause_in_a_flood(play):
    """--cause: nothing stands for suppressed events of other causes, and the sum names those."""
    host = play.host()
    run = start(play, host, "--cause=close-unread-data", "--rate=20")
    with flood(host):
        await_flood(host)
    run.end()
    if run.output or "unknown" in " ".join(run.talk):
        raise AssertionError("%.300s %s" % (run.output, run.talk))
    if not any("port-closed, and" in line for line in run.talk):
        raise AssertionError(str(run.talk))


def late_data(host, count):
    """Data to sockets that are shut down: tcp_reset() runs for each, and each is answered by a RST."""
    with netns.inside(host.fd), socket.create_server(("127.0.0.1", 0)) as listener:
        for _ in range(count):
            with socket.create_connection(listener.getsockname()) as client:
                server = listener.accept()[0]
                with server:
                    server.shutdown(socket.SHUT_RDWR)
                    client.recv(1)
                    client.send(b"late")


@scenario("run", alone=True)
def late_data_ring_full(play):
    """No reset is received where the kernel answers late data, whatever has no room in the ring: the
    event that would say so may be among what is lost."""
    for step in range(STEPS):
        host = play.host("host%d" % step)
        run = start(play, host, "--rate=0", "--buffer=64K")
        run.freeze()
        for _ in range(step):
            refused(host)
        late_data(host, LATE)
        run.wake()
        run.end()
        numbers, events = run.numbers(), run.events()
        invented = [e for e in events if lookup(e, "reset.cause") == "reset-during-close"]
        if invented or not numbers["lost"] or len(events) != numbers["shown"]:
            raise AssertionError("%d events, %d invented; %s" % (
                len(events), len(invented), numbers))
        if numbers["counted"] != numbers["shown"] + numbers["lost"]:
            raise AssertionError(str(numbers))
        sent = host.counters()["OutRsts"]
        if numbers["counted"] != 2 * sent:
            raise AssertionError("%d sent, %s" % (sent, numbers))


@scenario("run", alone=True)
def sent_without_received(play):
    """--sent: resets that half-open connections receive are not even counted, --received: nothing
    else is."""
    host, peer = play.tun()
    program = host.program("server")
    program.listen("0.0.0.0", 80)
    sent, received = start(play, host, "--sent"), start(play, host, "--received")
    for _ in range(3):
        flow = peer.client(80)
        flow.send("S", options=MSS)
        flow.expect("SA")
        flow.send("R")
    refused(host)
    for run, wanted in ((sent, 1), (received, None)):
        run.end()
        numbers = run.numbers()
        if wanted and (numbers["counted"], numbers["shown"]) != (wanted, wanted):
            raise AssertionError("%s" % numbers)
        if any(lookup(event, "reset.suppressed") is not ABSENT for event in run.events()):
            raise AssertionError(run.output)
    directions = {lookup(event, "reset.direction") for event in received.events()}
    if directions != {"received"}:
        raise AssertionError(str(directions))
