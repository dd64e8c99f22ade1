# SPDX-License-Identifier: GPL-2.0-only
"""A3, B2, C3, C4: closing with unread data, and data that arrives after the close."""

import re
import socket

from expect import flags, one_of
from play import scenario

STATE = "network.connection.state"
TRIGGER = {"segment.role": "trigger", "segment.flags": flags("PA")}
CLOSED_FIRST = dict(TRIGGER, **{STATE: one_of("fin_wait_2", "time_wait"), "process.role": "closer"})
NODELAY = {"set": [(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)]}


@scenario("C3", family=("v4", "v6", "mapped"))
def close_unread_data(play):
    """The server reads 4096 of 5000 bytes and closes."""
    client, server = play.connection()
    client.send(5000)
    server.wait_unread(5000)
    server.read(4096)
    server.close()
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {
        STATE: "established", "socket.unread": 904, "reset.confidence": "certain",
        "?socket.bytes_received": 5000, "?reset.kernel_reason": re.compile("TCP_ABORT_ON_CLOSE")})
    play.received(client, "peer-aborted", {STATE: "established", "?reset.errno": "ECONNRESET"})


@scenario("C3")
def close_unread_data_same_host(play):
    """As close-unread-data, over loopback."""
    host = play.host()
    client, server = play.connection((host, host))
    server.send(7)
    client.wait_unread(7)
    client.close()
    server.await_error("ECONNRESET")
    play.sent(client, "close-unread-data", {STATE: "established", "socket.unread": 7})
    play.received(server, "peer-aborted", {STATE: "established"})


@scenario("C3")
def close_unread_data_and_fin(play):
    """Data and the peer's FIN are unread: the FIN does not count as a byte."""
    client, server = play.connection()
    client.send(904)
    client.shutdown()
    server.wait_state("CLOSE_WAIT")
    client.wait_state("FIN_WAIT2")
    server.close()
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {STATE: "close_wait", "socket.unread": 904})
    play.received(client, "reset-during-close", {STATE: "fin_wait_2"})


@scenario("C3")
def close_unread_data_linger_zero(play):
    """Unread data and a linger time of 0: the kernel names the unread data."""
    client, server = play.connection()
    client.send(3)
    server.wait_unread(3)
    server.close(linger=0)
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {"socket.unread": 3})
    play.received(client, "peer-aborted")


@scenario("C3")
def close_all_read(play):
    """Near miss: all has been read."""
    client, server = play.connection()
    client.send(5000)
    server.read(5000)
    server.close()
    client.read_end()


@scenario("C3")
def close_unread_fin(play):
    """Near miss: only the peer's FIN is unread."""
    client, server = play.connection()
    client.close()
    server.wait_state("CLOSE_WAIT")
    server.close()
    server.host.wait_gone(server)


@scenario("C3")
def close_out_of_order_data(play):
    """Near miss: the only data came out of order and was never readable."""
    flow, server = play.connected_flow()
    flow.send("PA", b"later", seq=flow.seq + 10)
    flow.expect("A")
    server.close()
    flow.expect("FA")


@scenario("C4", family=("v4", "v6", "mapped"))
def data_after_close(play):
    """The server closes, having read everything; the client writes on, twice."""
    client, server = play.connection()
    server.close()
    client.read_end()
    server.host.wait_orphan(server, "FIN_WAIT2")
    client.send(10)
    client.await_error("EPIPE")
    if client.send_error() != "EPIPE":
        raise AssertionError("a second write was possible")
    play.sent(server, "data-after-close", dict(CLOSED_FIRST, **{
        "?reset.kernel_reason": re.compile("TIMEWAIT")}), owned=True)
    play.received(client, "write-after-peer-close", {STATE: "close_wait", "?reset.errno": "EPIPE"})


@scenario("C4")
def data_after_close_same_host(play):
    """As data-after-close, over loopback."""
    host = play.host()
    client, server = play.connection((host, host))
    server.close()
    client.read_end()
    host.wait_orphan(server, "FIN_WAIT2")
    client.send(10)
    client.await_error("EPIPE")
    play.sent(server, "data-after-close", CLOSED_FIRST, owned=True)
    play.received(client, "write-after-peer-close", {STATE: "close_wait"})


def late_segments(play, keep_listening):
    flow, server = play.connected_flow(keep_listening=keep_listening)
    server.close()
    flow.expect("FA")
    flow.send("A")
    server.host.wait_orphan(server, "FIN_WAIT2")
    for _ in range(3):
        flow.send("PA", b"more")
        flow.expect("R")
    play.sent(server, "data-after-close", CLOSED_FIRST, owned=True)
    play.sent(server, "late-segment", TRIGGER)
    play.sent(server, "late-segment", TRIGGER)


@scenario("A3", family=("v4", "v6"))
def late_segment(play):
    """The server closed first; the peer sends three more segments; nobody listens any more."""
    late_segments(play, keep_listening=False)


@scenario("A3", family=("v4", "mapped"))
def late_segment_listening(play):
    """As late-segment, but the port still listens: the kernel gives the listener's socket."""
    late_segments(play, keep_listening=True)


@scenario("A3")
def late_segment_after_abort(play):
    """The server aborts; the peer's segments that cross the reset are late."""
    flow, server = play.connected_flow(keep_listening=False)
    server.close(linger=0)
    flow.expect("RA")
    flow.send("PA", b"crossing")
    flow.expect("R")
    play.sent(server, "close-linger-zero", {STATE: "established"})
    play.sent(server, "late-segment", TRIGGER)


@scenario("A3")
def late_segment_after_reset(play):
    """The peer reset the connection and then sends another segment all the same."""
    flow, server = play.connected_flow(keep_listening=False)
    flow.send("RA")
    server.await_error("ECONNRESET")
    flow.send("PA", b"more")
    flow.expect("R")
    play.received(server, "peer-aborted", {STATE: "established"})
    play.sent(server, "late-segment", TRIGGER)


@scenario("B2", family=("v4", "v6"))
def close_in_flight(play):
    """The server closes while two segments of the client are on their way."""
    left, right, cable = play.cabled_hosts()
    client, server = play.connection((left, right), keep_listening=False, client_options=NODELAY)
    cable.hold("right")
    client.send(100)
    client.send(100)
    server.close()
    client.wait_state("CLOSE_WAIT")
    cable.wait_held("right", 2)
    cable.pass_first("right", 2)
    client.await_error("EPIPE")
    play.sent(server, "data-after-close", dict(TRIGGER, **{STATE: "fin_wait_1"}))
    play.sent(server, "late-segment", TRIGGER)
    play.received(client, "write-after-peer-close", {STATE: "close_wait"})


@scenario("B2")
def close_before_data(play):
    """The server closes; the peer acknowledges the FIN with a segment that brings data."""
    flow, server = play.connected_flow()
    server.close()
    flow.expect("FA")
    flow.send("PA", b"more")
    flow.expect("R")
    play.sent(server, "data-after-close", dict(TRIGGER, **{
        STATE: one_of("fin_wait_1", "fin_wait_2"),
        "?reset.kernel_reason": re.compile("TCP_ABORT_ON_DATA")}))


@scenario("B2")
def close_waits_long(play):
    """The closed socket stays a full one for a long time (TCP_LINGER2); then the peer sends.

    As in data-after-shutdown the kernel runs its receive path without any reset received.
    """
    flow, server = play.connected_flow()
    server.option(socket.IPPROTO_TCP, socket.TCP_LINGER2, 120)
    server.close()
    flow.expect("FA")
    flow.send("A")
    server.host.wait_orphan(server, "FIN_WAIT2")
    flow.send("PA", b"more")
    flow.expect("R")
    play.sent(server, "data-after-close", dict(TRIGGER, **{STATE: "fin_wait_2"}))


@scenario("B2")
def close_after_data(play):
    """The data came before close() was called, and nobody had read it."""
    flow, server = play.connected_flow()
    flow.send("PA", b"hello")
    flow.expect("A")
    server.close()
    flow.expect("RA")
    play.sent(server, "close-unread-data", {STATE: "established", "socket.unread": 5})


@scenario("trap", family=("v4", "v6", "mapped"))
def data_after_shutdown(play):
    """The server has shut both directions but holds the socket; the client writes.

    The kernel runs its receive path for a reset that nobody sent: one event, not two.
    """
    client, server = play.connection()
    server.shutdown(socket.SHUT_RDWR)
    client.read_end()
    server.wait_state("FIN_WAIT2")
    client.send(10)
    client.await_error("EPIPE")
    play.sent(server, "data-after-shutdown", dict(TRIGGER, **{
        STATE: "fin_wait_2", "?reset.kernel_reason": re.compile("TCP_ABORT_ON_DATA")}))
    play.received(client, "write-after-peer-close", {STATE: "close_wait"})


@scenario("trap")
def data_after_shutdown_read(play):
    """Near miss: shutdown(SHUT_RD) alone; data is still accepted."""
    client, server = play.connection()
    server.shutdown(socket.SHUT_RD)
    client.send(10)
    server.wait_unread(10)
    server.read(10)


@scenario("trap")
def data_after_peer_fin(play):
    """Near miss: a peer that sends data after its own FIN is ignored."""
    flow, server = play.connected_flow()
    flow.send("FA")
    server.wait_state("CLOSE_WAIT")
    flow.send("PA", b"zombie")
    flow.expect("A")
