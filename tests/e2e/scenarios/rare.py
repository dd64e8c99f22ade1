# SPDX-License-Identifier: GPL-2.0-only
"""Rows of kernel.md beyond the cases: rare senders, resets during and after the close."""

import contextlib
import pathlib
import re
import socket
import struct

from expect import ANYBODY, flags, one_of
from packet import option_mss
from play import scenario
from waiting import NotApplicable

STATE = "network.connection.state"
NOT_LINGER2 = -1
ORPHANS = 100   # far more than two processors keep to themselves


def no_fin_wait2(end):
    end.option(socket.IPPROTO_TCP, socket.TCP_LINGER2, NOT_LINGER2)


@scenario("row 10")
def linger2_close(play):
    """close() of a socket in FIN_WAIT2 that wants no FIN_WAIT2 (TCP_LINGER2 < 0)."""
    client, server = play.connection()
    no_fin_wait2(server)
    server.shutdown()
    server.wait_state("FIN_WAIT2")
    server.close()
    client.await_error("EPIPE")
    play.sent(server, "linger2-negative", {
        STATE: "fin_wait_2", "?reset.kernel_reason": re.compile("ABORT_ON_LINGER")})
    play.received(client, "peer-aborted", {STATE: "close_wait"})


@scenario("row 26", family=("v4", "v6"))
def linger2_fin_acked(play):
    """TCP_LINGER2 < 0 and closed: the reset comes when the FIN is acknowledged."""
    flow, server = play.connected_flow()
    no_fin_wait2(server)
    server.close()
    flow.expect("FA")
    flow.send("A")
    flow.expect("R")
    play.sent(server, "linger2-negative", {STATE: one_of("fin_wait_1", "fin_wait_2")})


@scenario("row 14")
def fin_wait2_timeout(play):
    """An orphan in FIN_WAIT2 whose time was shortened while it waited."""
    flow, server = play.connected_flow()
    server.host.sysctl("net.ipv4.tcp_fin_timeout", 62)
    server.close()
    flow.expect("FA")
    flow.send("A")
    server.host.wait_orphan(server, "FIN_WAIT2")
    server.host.sysctl("net.ipv4.tcp_fin_timeout", 30)
    flow.expect("RA")
    play.sent(server, "fin-wait2-timeout", {STATE: "fin_wait_2"})


@scenario("row 15", family=("v4", "v6"))
def socket_destroyed(play):
    """An administrator destroys a connection: ss -K."""
    client, server = play.connection()
    host = server.host
    if "ESTAB" not in host.command("ss", "-tnK", "sport", "=", ":80"):
        raise NotApplicable("the kernel does not destroy sockets")
    client.await_error("ECONNRESET")
    play.sent(server, "socket-destroyed", {
        STATE: "established", "process.executable.name": "ss", "process.role": "killer",
        "?process.executable.path": re.compile("/ss$"), "owner.pid": server.program.pid,
        "owner.executable.name": "server", "owner.role": "owner"}, process=ANYBODY)
    play.received(client, "peer-aborted", {STATE: "established"})


@scenario("row 31")
def mptcp_fastclose(play):
    """An MPTCP connection is closed with unread data."""
    try:
        both = {"client_options": {"mptcp": True}, "server_options": {"mptcp": True}}
        client, server = play.connection(**both)
    except OSError as error:
        raise NotApplicable("MPTCP: %s" % error)
    client.send(10)
    server.read(10)
    server.send(10)
    client.read(10)
    client.send(5)
    server.wait_unread(5)
    server.close()
    client.await_error("ECONNRESET")
    play.sent(server, "mptcp-fastclose", {STATE: "established"})
    play.received(client, one_of("peer-aborted", "mptcp-fastclose"), owned=False)


@scenario("row 36")
def mptcp_join_refused(play):
    """A SYN wants to join an MPTCP connection that does not exist."""
    host, peer = play.tun()
    try:
        host.program("server").listen("0.0.0.0", 80, mptcp=True)
    except OSError as error:
        raise NotApplicable("MPTCP: %s" % error)
    flow = peer.client(80)
    join = struct.pack("!BBBBII", 30, 12, 1 << 4, 0, 0xDEAD, 0xBEEF)
    flow.send("S", options=option_mss(1460) + join)
    flow.expect("RA")
    play.sent(flow.kernel(), "mptcp-protocol-error", {"segment.flags": flags("S")}, process=ANYBODY)


@scenario("row 4")
def disconnect_unsent(play):
    """connect(AF_UNSPEC) in LAST_ACK while data could not be sent: the peer's window is 0."""
    host, peer = play.tun()
    listener = host.program("server").listen("0.0.0.0", 80)
    flow = peer.client(80).open(window=0)
    server = listener.accept()
    server.send(10)
    flow.send("FA", window=0)
    server.wait_state("CLOSE_WAIT")
    server.shutdown()
    server.wait_state("LAST_ACK")
    server.disconnect()
    flow.expect("RA")
    play.sent(server, "disconnect", {
        STATE: "last_ack", "?reset.kernel_reason": re.compile("DISCONNECT_WITH_DATA|TCP_STATE")})


@scenario("row r4")
def reset_in_fin_wait(play):
    """We closed; the peer resets instead of acknowledging."""
    flow, server = play.connected_flow()
    server.close()
    flow.expect("FA")
    flow.send("RA", ack=flow.ack - 1)
    server.host.wait_gone(server)
    play.received(server, "reset-during-close", {STATE: "fin_wait_1"})


@scenario("row r5")
def reset_in_last_ack(play):
    """The peer closed, we closed; the peer resets instead of acknowledging our FIN."""
    flow, server = play.connected_flow()
    flow.send("FA")
    server.wait_state("CLOSE_WAIT")
    server.close()
    flow.expect("FA")
    flow.send("RA")
    server.host.wait_gone(server)
    play.received(server, "reset-during-close", {STATE: "last_ack"})


def half_closed(play):
    """We closed and the peer acknowledged: what is left is a time-wait socket in FIN_WAIT2."""
    flow, server = play.connected_flow()
    server.close()
    flow.expect("FA")
    flow.send("A")
    server.host.wait_orphan(server, "FIN_WAIT2")
    return flow, server


@scenario("row r11", family=("v4", "v6"))
def reset_in_fin_wait2(play):
    """The peer resets a connection that we closed and it had not."""
    flow, server = half_closed(play)
    flow.send("RA")
    server.host.wait_gone(server)
    play.received(server, "timewait-reset")


@scenario("row r11")
def reset_in_time_wait(play):
    """A RST kills a connection in TIME_WAIT (RFC 1337)."""
    flow, server = half_closed(play)
    flow.send("FA")
    flow.expect("A")
    server.host.wait_orphan(server, "TIME_WAIT")
    flow.send("RA")
    server.host.wait_gone(server)
    play.received(server, "timewait-reset")


@scenario("row 30", family=("v4", "v6"))
def syn_after_close(play):
    """The peer opens a new connection from the same port while ours still waits for its FIN."""
    flow, server = half_closed(play)
    flow.send("S", seq=flow.seq + 1000)
    flow.expect("RA")
    play.sent(server, "syn-after-close", {
        "segment.flags": flags("S"), STATE: one_of("fin_wait_2", "time_wait")})


@scenario("3.1")
def time_wait_answers(play):
    """Near miss: a true TIME_WAIT answers data with an ACK."""
    flow, server = half_closed(play)
    flow.send("FA")
    flow.expect("A")
    server.host.wait_orphan(server, "TIME_WAIT")
    flow.send("PA", b"old", seq=flow.seq - 3)
    flow.expect("A")


@scenario("3.1")
def challenged(play):
    """Near miss: a RST with a wrong sequence number is challenged, and not an event by default."""
    flow, server = play.connected_flow()
    flow.send("R", seq=flow.seq + 100)
    flow.expect("A")
    flow.send("PA", b"alive")
    server.read(5)


@contextlib.contextmanager
def no_more_orphans():
    """The machine's tcp_max_orphans is 0 meanwhile."""
    path = pathlib.Path("/proc/sys/net/ipv4/tcp_max_orphans")
    before = path.read_text()
    path.write_text("0")
    try:
        yield
    finally:
        path.write_text(before)


def orphan(peer, listener):
    """A connection that its program has closed: flow and end. Our FIN is not acknowledged."""
    flow = peer.client(80).open()
    server = listener.accept()
    server.close()
    flow.expect("FA")
    return flow, server


@scenario("row 11, 12", guest=True)
def out_of_resources(play):
    """An orphan's timer finds that there are too many; so does then close().

    The kernel knows its orphans roughly: before 5.16 by the dozens, later as of the last time that
    its lazy timer ran. So many of them wait in FIN_WAIT2, which no timer minds; and when one was
    found to be too many, the next one will be, too.
    """
    host, peer = play.tun()
    host.sysctl("net.ipv4.tcp_fin_timeout", 3600)
    listener = host.program("server").listen("0.0.0.0", 80)
    waiting = [orphan(peer, listener) for _ in range(ORPHANS)]
    for flow, server in waiting:
        flow.send("A")
        host.wait_orphan(server, "FIN_WAIT2")
    by_timer, first = orphan(peer, listener)
    by_close = peer.client(80).open()
    second = listener.accept()
    with no_more_orphans():
        by_timer.expect("RA")
        second.close()
        by_close.expect("RA")
        for flow, _ in waiting:
            flow.send("FA")     # TIME_WAIT: no orphan any more, and no event
            flow.expect("A")
    for server in (first, second):
        play.sent(server, "out-of-resources", {
            STATE: "fin_wait_1", "?reset.kernel_reason": re.compile("ABORT_ON_MEMORY")})
