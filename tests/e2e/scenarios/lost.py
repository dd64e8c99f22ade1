# SPDX-License-Identifier: GPL-2.0-only
"""B1, D2, D4: one side no longer knows the connection."""

from expect import flags
from hosts import join, separate
from play import scenario
from programs import TCP_USER_TIMEOUT
from socket import IPPROTO_TCP

STATE = "network.connection.state"
UNKNOWN = {"segment.role": "trigger", "segment.flags": flags("PA")}
LOST = {STATE: "established", "?segment.role": "reset", "?segment.flags": flags("R")}


@scenario("B1", family=("v4", "v6"))
def peer_crashed(play):
    """The server's host crashes and comes back with the same addresses; then the client sends."""
    here, there = play.two_hosts()
    client, server = play.connection((here, there))
    separate(here)
    server.program.kill()
    back = play.host("server again", there.v4, there.v6)
    join(here, back, "veth1")
    client.send(10)
    client.await_error("ECONNRESET")
    play.sent(client.far(back), "connection-unknown", UNKNOWN)
    play.received(client, "peer-lost-connection", LOST)


@scenario("B1")
def peer_vanished(play):
    """The server's socket vanishes without a word (TCP_REPAIR) while the tracer looks on."""
    client, server = play.connection(keep_listening=False)
    server.vanish()
    client.send(10)
    client.await_error("ECONNRESET")
    play.sent(server, "connection-unknown", UNKNOWN)
    play.received(client, "peer-lost-connection", LOST)


@scenario("B1", fresh=True)
def peer_vanished_earlier(play):
    """The server's socket vanished before the tracer came: nobody remembers the connection."""
    client, server = play.connection(keep_listening=False)
    server.vanish()
    play.start_tracer()
    client.send(10)
    client.await_error("ECONNRESET")
    play.sent(server, "connection-unknown", UNKNOWN)
    play.received(client, "peer-lost-connection", LOST)


@scenario("B1")
def stray_segment(play):
    """A segment of a connection that never was, to a port where nobody listens."""
    _, peer = play.tun()
    flow = peer.client(80)
    flow.ack = 4711
    flow.send("PA", b"who are you?")
    flow.expect("R")
    play.sent(flow.kernel(), "connection-unknown", UNKNOWN)


@scenario("D4", family=("v4", "v6"))
def network_restored(play):
    """The network is cut; the client gives up; the network returns and the server sends."""
    client, server = play.connection()
    client.option(IPPROTO_TCP, TCP_USER_TIMEOUT, 500)
    client.host.cut()
    server.host.cut()
    client.send(10)
    client.await_error("ETIMEDOUT")
    client.host.mend()
    server.host.mend()
    server.send(10)
    server.await_error("ECONNRESET")
    play.died(client, "retransmission-timeout", {STATE: "established"})
    play.sent(client, "late-segment", UNKNOWN)
    play.received(server, "peer-lost-connection", LOST)


@scenario("D4")
def network_restored_earlier(play):
    """Near miss: the network returns before anybody gives up."""
    client, server = play.connection()
    server.host.cut()
    client.send(10)
    server.host.mend()
    server.read(10)
