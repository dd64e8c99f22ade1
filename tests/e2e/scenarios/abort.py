# SPDX-License-Identifier: GPL-2.0-only
"""A2: a program aborts a connection on purpose; and what looks like it but sends no reset."""

import re
import struct
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET

from play import scenario

STATE = "network.connection.state"
ABORTED = {STATE: "established", "?reset.errno": "ECONNRESET"}


@scenario("A2", family=("v4", "v6", "mapped"))
def close_linger_zero(play):
    """The client closes with SO_LINGER on and a time of 0."""
    client, server = play.connection()
    client.send(10)
    server.read(10)
    client.close(linger=0)
    server.await_error("ECONNRESET")
    play.sent(client, "close-linger-zero", {
        STATE: "established", "socket.unread": 0, "?reset.kernel_reason": re.compile("TCP_STATE")})
    play.received(server, "peer-aborted", ABORTED)


@scenario("A2")
def close_linger_zero_same_host(play):
    """As close-linger-zero, over loopback: two processes in one namespace are kept apart."""
    host = play.host()
    client, server = play.connection((host, host))
    server.close(linger=0)
    client.await_error("ECONNRESET")
    play.sent(server, "close-linger-zero", {STATE: "established"})
    play.received(client, "peer-aborted", ABORTED)


@scenario("A2")
def close_linger_zero_half_closed(play):
    """The server has shut its side; the client then closes with a linger time of 0."""
    client, server = play.connection()
    server.shutdown()
    client.wait_state("CLOSE_WAIT")
    server.wait_state("FIN_WAIT2")
    client.close(linger=0)
    server.await_error("ECONNRESET")
    play.sent(client, "close-linger-zero", {STATE: "close_wait"})
    play.received(server, "reset-during-close", {STATE: "fin_wait_2"})


@scenario("A2")
def close_linger_positive(play):
    """Near miss: a linger time of 5 s closes with a FIN."""
    client, server = play.connection()
    client.close(linger=5)
    server.read_end()


@scenario("A2")
def close_linger_zero_connecting(play):
    """Near miss: an abort in SYN_SENT tells the peer nothing."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    client.close(linger=0)


@scenario("A2", family=("v4", "v6", "mapped"))
def disconnect(play):
    """The client calls connect(AF_UNSPEC)."""
    client, server = play.connection()
    client.disconnect()
    server.await_error("ECONNRESET")
    play.sent(client, "disconnect", {
        STATE: "established", "?reset.kernel_reason": re.compile("TCP_STATE")})
    play.received(server, "peer-aborted", ABORTED)


@scenario("A2")
def disconnect_half_closed(play):
    """connect(AF_UNSPEC) after shutdown(SHUT_WR): the peer is in CLOSE_WAIT."""
    client, server = play.connection()
    client.shutdown()
    client.wait_state("FIN_WAIT2")
    client.disconnect()
    server.await_error("EPIPE")
    play.sent(client, "disconnect", {STATE: "fin_wait_2"})
    play.received(server, "peer-aborted", {STATE: "close_wait", "?reset.errno": "EPIPE"})


@scenario("A2")
def disconnect_linger_zero(play):
    """Near miss: SO_LINGER is on with time 0 and both directions are shut, as in an aborting close();
    yet it is connect(AF_UNSPEC)."""
    client, server = play.connection()
    client.option(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    client.shutdown(SHUT_RDWR)
    client.wait_state("FIN_WAIT2")
    client.disconnect()
    server.await_error("EPIPE")
    play.sent(client, "disconnect", {STATE: "fin_wait_2"})
    play.received(server, "peer-aborted", {STATE: "close_wait", "?reset.errno": "EPIPE"})


@scenario("A2")
def disconnect_connecting(play):
    """Near miss: connect(AF_UNSPEC) in SYN_SENT tells the peer nothing."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    client.disconnect()
