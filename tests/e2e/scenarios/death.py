# SPDX-License-Identifier: GPL-2.0-only
"""D1, D3, D7: the peer or the path is dead."""

import re
from socket import (IPPROTO_TCP, SO_KEEPALIVE, SOL_SOCKET, TCP_KEEPCNT, TCP_KEEPIDLE, TCP_KEEPINTVL,
                    TCP_SYNCNT)

import packet
from expect import at_least, flags
from play import scenario
from programs import TCP_USER_TIMEOUT

STATE = "network.connection.state"
TIMED_OUT = {STATE: "established", "?reset.errno": "ETIMEDOUT"}


@scenario("D1", family=("v4", "v6", "mapped"))
def retransmission_timeout(play):
    """The peer's host dies; data is retransmitted until the kernel gives up."""
    flow, server = play.connected_flow()
    server.host.sysctl("net.ipv4.tcp_retries2", 1)
    server.send(10)
    server.await_error("ETIMEDOUT")
    play.died(server, "retransmission-timeout", dict(TIMED_OUT, **{
        "?socket.retransmits": at_least(1)}))


@scenario("D1")
def user_timeout_with_data(play):
    """As retransmission-timeout, but TCP_USER_TIMEOUT sets the limit: no reset is sent either."""
    flow, server = play.connected_flow()
    server.option(IPPROTO_TCP, TCP_USER_TIMEOUT, 500)
    server.send(10)
    server.await_error("ETIMEDOUT")
    play.died(server, "retransmission-timeout", dict(TIMED_OUT, **{"?socket.user_timeout": 0.5}))


@scenario("D1")
def error_snatched(play):
    """As user-timeout-with-data, and the program takes the error from the socket the moment it is
    there: before 6.10 that is before the socket has closed."""
    host, peer = play.tun()
    listener = host.program("server").listen(host.any(play.family), 80)
    for _ in range(4):
        peer.client(80, play.family).open()
        server = listener.accept()
        server.option(IPPROTO_TCP, TCP_USER_TIMEOUT, 300)
        server.send(10)
        server.await_error("ETIMEDOUT", how="snatch_error")
        play.died(server, "retransmission-timeout", TIMED_OUT)


@scenario("D1")
def retransmission_answered(play):
    """Near miss: data and the FIN are retransmitted, then answered, and nobody has closed the socket:
    it closes in a softirq after retransmissions, in good order."""
    flow, server = play.connected_flow()
    server.send(10)
    for _ in range(2):
        flow.expect("PA")
    flow.send("A")
    flow.send("FA")
    flow.expect("A")
    server.shutdown()
    for _ in range(2):
        flow.expect("FA")
    flow.send("A")
    server.wait_state("CLOSE")


@scenario("D1", family=("v4", "v6"))
def connect_timeout(play):
    """The SYN is never answered."""
    flow, client = play.connecting_flow(set=[(IPPROTO_TCP, TCP_SYNCNT, 1)])
    client.await_connect(fails="ETIMEDOUT")
    play.died(client, "connect-timeout", {STATE: "syn_sent", "?reset.errno": "ETIMEDOUT"})


@scenario("D1")
def unreachable(play):
    """A router answers the SYN: host unreachable."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    flow.peer.inject(packet.host_unreachable(flow.last_raw, "10.8.0.254"))
    client.await_connect(fails="EHOSTUNREACH")
    play.died(client, "unreachable", {STATE: "syn_sent", "?reset.errno": "EHOSTUNREACH"})


@scenario("D1")
def unreachable_established(play):
    """A router says host unreachable to data; TCP retries, and then gives up with that error."""
    flow, server = play.connected_flow()
    server.host.sysctl("net.ipv4.tcp_retries2", 1)
    server.send(10)
    flow.expect("A")
    flow.peer.inject(packet.host_unreachable(flow.last_raw, "10.8.0.254"))
    server.await_error("EHOSTUNREACH")
    play.died(server, "unreachable", {STATE: "established", "?reset.errno": "EHOSTUNREACH"})


@scenario("D3", family=("v4", "v6"))
def network_cut(play):
    """The network between two hosts is cut; the one that sends gives up, the other never learns."""
    client, server = play.connection()
    client.host.sysctl("net.ipv4.tcp_retries2", 1)
    client.host.cut()
    server.host.cut()
    client.send(10)
    client.await_error("ETIMEDOUT")
    play.died(client, "retransmission-timeout", TIMED_OUT)


def keep_alive(end, count, user_timeout=0):
    for name, value in ((TCP_KEEPIDLE, 1), (TCP_KEEPINTVL, 1), (TCP_KEEPCNT, count),
                        (TCP_USER_TIMEOUT, user_timeout)):
        end.option(IPPROTO_TCP, name, value)
    end.option(SOL_SOCKET, SO_KEEPALIVE, 1)


@scenario("D7", family=("v4", "v6"))
def keepalive_timeout(play):
    """The peer's host dies; the keepalive probe is not answered."""
    flow, server = play.connected_flow()
    keep_alive(server, count=1)
    server.await_error("ETIMEDOUT")
    flow.expect("RA")
    play.sent(server, "keepalive-timeout", {
        STATE: "established", "process.role": "owner", "?socket.probes": at_least(1),
        "?reset.kernel_reason": re.compile("KEEPALIVE_TIMEOUT"), "?socket.keepalive": bool})


@scenario("D7")
def keepalive_timeout_network_cut(play):
    """As keepalive-timeout, between two real hosts."""
    client, server = play.connection()
    keep_alive(client, count=1)
    client.host.cut()
    server.host.cut()
    client.await_error("ETIMEDOUT")
    play.sent(client, "keepalive-timeout", {STATE: "established", "process.role": "owner"})


@scenario("D7")
def user_timeout(play):
    """TCP_USER_TIMEOUT passes while only keepalive probes are under way."""
    flow, server = play.connected_flow()
    keep_alive(server, count=9, user_timeout=1500)
    server.await_error("ETIMEDOUT")
    flow.expect("RA")
    play.sent(server, "user-timeout", {STATE: "established", "?socket.user_timeout": 1.5})


@scenario("D7")
def keepalive_answered(play):
    """Near miss: the peer answers its probes."""
    flow, server = play.connected_flow()
    keep_alive(server, count=1)
    for _ in range(2):
        flow.expect("A")
        flow.send("A")


@scenario("D7")
def keepalive_reset(play):
    """A host that no longer knows the connection answers the keepalive probe by a reset."""
    flow, server = play.connected_flow()
    keep_alive(server, count=3)
    flow.expect("A")
    flow.send("R")
    server.await_error("ECONNRESET")
    play.received(server, "peer-lost-connection", {
        STATE: "established", "?socket.probes": at_least(1), "?segment.flags": flags("R")})
