# SPDX-License-Identifier: GPL-2.0-only
"""Hints beside a cause. The other files check causes; here a scenario is right by its hint."""

import os
import time

from expect import has_hint
from play import scenario

HINTS = "reset.hints"
SITE = "--timeouts=" + os.path.join(os.path.dirname(__file__), "..", "timeouts.tsv")
SCAN_PORTS = 15
CHECK_TIMES = 5


def hint_says(name, *words):
    """This hint, with these words in it."""
    def test(found):
        return any(h["id"] == name and all(w in h["text"] for w in words) for h in found)
    test.__doc__ = "hint %s: %s" % (name, " ... ".join(words))
    return test


def no_hint(name):
    def test(found):
        return name not in [h["id"] for h in found]
    test.__doc__ = "no hint " + name
    return test


def expect_data(flow):
    while not flow.expect("A").data:
        pass


def exchange(flow, server):
    """A request and a response, and nothing under way."""
    flow.send("PA", b"hello")
    server.read(5)
    server.send(10)
    expect_data(flow)
    flow.send("A")


@scenario("hint")
def hint_same_host(play):
    """Both ends of a reset are on this host: each event names the other."""
    client, server = play.connection()
    server.close(linger=0)
    client.await_error("ECONNRESET")
    play.sent(server, "close-linger-zero", {HINTS: has_hint("same-host")})
    play.received(client, "peer-aborted", {HINTS: has_hint("same-host")})


@scenario("hint", options=(SITE,))
def hint_idle_timeout(play):
    """The server aborts after 1.5 s without traffic, which the site's own table knows."""
    client, server = play.connection()
    client.send(5)
    server.read(5)
    time.sleep(1.5)
    server.close(linger=0)
    client.await_error("ECONNRESET")
    play.sent(server, "close-linger-zero", {HINTS: no_hint("idle-timeout")})
    play.received(client, "peer-aborted", {
        HINTS: hint_says("idle-timeout", "idle for 1.", "the box of this test")})


@scenario("hint", options=(SITE,))
def hint_keepalive_race(play):
    """The server closes the idle connection, and the client's next request is under way."""
    client, server = play.connection()
    client.send(5)
    server.read(5)
    server.send(5)
    client.read(5)
    time.sleep(1.5)
    server.close()
    client.wait_state("CLOSE_WAIT")
    client.send(5)
    client.await_error("EPIPE")
    play.sent(server, "data-after-close")
    play.received(client, "write-after-peer-close", {
        HINTS: has_hint("idle-timeout", "reused-idle-connection")})


@scenario("hint", options=(SITE,))
def hint_closed_when_idle(play):
    """The same, seen by a server whose FIN has not arrived when the request comes."""
    flow, server = play.connected_flow()
    exchange(flow, server)
    time.sleep(1.5)
    answered = flow.ack
    server.close()
    flow.expect("FA")
    flow.send("PA", b"hello", ack=answered)
    flow.expect("R")
    play.sent(server, "data-after-close", {
        HINTS: hint_says("idle-timeout", "this host closed", "the box of this test")})


@scenario("hint")
def hint_reused_idle_connection(play):
    """The first response after a pause is answered by a reset, as of a peer that has gone."""
    flow, server = play.connected_flow()
    exchange(flow, server)
    time.sleep(1.1)
    server.send(10)
    expect_data(flow)
    flow.send("RA")
    server.await_error("ECONNRESET")
    play.received(server, "peer-aborted", {HINTS: has_hint("reused-idle-connection")})


@scenario("hint")
def hint_not_idle(play):
    """The same without a pause."""
    flow, server = play.connected_flow()
    exchange(flow, server)
    server.send(10)
    expect_data(flow)
    flow.send("RA")
    server.await_error("ECONNRESET")
    play.received(server, "peer-aborted", {HINTS: no_hint("reused-idle-connection")})


@scenario("hint")
def hint_port_scan(play):
    """One source tries closed ports, one after the other: the last ones are a scan."""
    _, peer = play.tun()
    for n in range(SCAN_PORTS + 1):
        flow = peer.client(5000 + n)
        flow.send("S")
        flow.expect("RA")
        scan = n + 1 >= SCAN_PORTS
        play.sent(flow.kernel(), "port-closed", {
            HINTS: hint_says("port-scan", "10.8.0.2") if scan else no_hint("port-scan")})


@scenario("hint")
def hint_health_check(play):
    """A checker connects once a second, says nothing and resets."""
    host, peer = play.tun()
    server = host.program("server")
    server.listen("0.0.0.0", 80)
    begun, regular, last, flows = time.monotonic(), 0, None, []
    while regular < CHECK_TIMES and len(flows) < 3 * CHECK_TIMES:
        time.sleep(max(0, begun + len(flows) - time.monotonic()))
        flows.append(peer.client(80).open())
        flows[-1].send("RA")
        now = time.monotonic()
        # On a machine that stumbles, regular are only those in a row that were in time.
        regular = regular + 1 if last and abs(now - last - 1) < 0.045 else 1
        last = now
    for flow in flows[:-1]:
        play.received(flow.kernel(server), "reset-before-accept")
    play.received(flows[-1].kernel(server), "reset-before-accept", {
        HINTS: hint_says("health-check", "10.8.0.2")} if regular == CHECK_TIMES else {})


@scenario("hint")
def hint_conntrack_invalid(play):
    """Connection tracking is on, and data comes for a connection that it has never seen."""
    host, peer = play.tun()
    host.nft("add table ip t\n"
             "add chain ip t c { type filter hook input priority 0; }\n"
             "add rule ip t c ct state established counter\n")
    host.sysctl("net.netfilter.nf_conntrack_tcp_loose", 0)
    tracked = peer.client(81)
    tracked.send("S")
    tracked.expect("RA")
    flow = peer.client(80)
    flow.ack = 4711
    flow.send("PA", b"hello")
    flow.expect("R")
    play.sent(tracked.kernel(), "port-closed", {HINTS: no_hint("conntrack-invalid")})
    play.sent(flow.kernel(), "connection-unknown", {HINTS: has_hint("conntrack-invalid")})


@scenario("hint", options=("--ignored",))
def hint_possible_forgery(play):
    """Somebody between resets the connection twice, a segment apart; the peer talks on."""
    flow, server = play.connected_flow()
    flow.send("R", seq=flow.seq)
    server.await_error("ECONNRESET")
    flow.send("R", seq=flow.seq + 1460)
    flow.send("PA", b"hello")
    flow.expect("R")
    play.received(server, lambda cause: cause in ("peer-aborted", "peer-lost-connection"),
                  {HINTS: no_hint("possible-forgery")})
    play.received(server, "reset-ignored", {
        HINTS: hint_says("possible-forgery", "shifting", "window")})
    # Where the second reset is not seen nothing shifts.
    says = hint_says("possible-forgery", "went on talking", "shifting")
    play.sent(server, "late-segment", {} if "ignored" in play.blind else {HINTS: says}, owned=False)


@scenario("hint", options=("--ignored",))
def hint_peer_says(play):
    """Resets that carry the reason "connection timeout": of no connection, and of a living one."""
    flow, server = play.connected_flow()
    stray = flow.peer.client(81)
    for one in (stray, flow):
        one.send("RA", b"\x33\xaa\x00\x0e\x00\x00\x00\x00")
    server.await_error("ECONNRESET")
    says = {HINTS: hint_says("peer-says", "connection timeout", "14")}
    play.received(stray.kernel(), "reset-ignored", says)
    play.received(server, "peer-aborted", {} if "received-segment" in play.blind else says)
