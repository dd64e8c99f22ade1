# SPDX-License-Identifier: GPL-2.0-only
"""Whose socket it is, when that is not plain: passed sockets, threads, busy bystanders."""

import os
import time

from expect import ANYBODY, at_least, one_of
from play import scenario
from waiting import NotApplicable

STATE = "network.connection.state"
COOKIE = "socket.cookie"
SNAPSHOT_REST = 1   # seconds in which the tracer may not look at all sockets again


def kernel():
    """Its version: a tuple of two numbers."""
    return tuple(int(word) for word in os.uname().release.split("-")[0].split(".")[:2])


def passed_connection(play):
    """Program "server" accepts and passes the socket to program "worker", as inetd does."""
    client, server = play.connection()
    return client, server.hand_to(server.host.program("worker"))


@scenario("owner")
def passed_socket_closed(play):
    """The worker closes a socket that the server had accepted."""
    client, worker = passed_connection(play)
    client.send(3)
    worker.wait_unread(3)
    worker.close()
    client.await_error("ECONNRESET")
    play.sent(worker, "close-unread-data", {STATE: "established"})
    play.received(client, "peer-aborted")


@scenario("owner")
def passed_socket_reset(play):
    """The peer resets a connection that the worker holds."""
    client, worker = passed_connection(play)
    client.close(linger=0)
    worker.await_error("ECONNRESET")
    play.sent(client, "close-linger-zero")
    play.received(worker, "peer-aborted", {"process.role": "owner"})


@scenario("owner")
def closed_by_thread(play):
    """A thread with a name of its own closes: the process is told, not the thread."""
    client, server = play.connection()
    client.send(3)
    server.wait_unread(3)
    server.close_by_thread("pool-7")
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {"process.executable.name": "server"})
    play.received(client, "peer-aborted")


@scenario("owner")
def shared_socket_reset(play):
    """The server passes the socket to a worker and keeps it: either is right."""
    client, server = play.connection()
    worker = server.share_with(server.host.program("worker"))
    client.close(linger=0)
    worker.await_error("ECONNRESET")
    play.sent(client, "close-linger-zero")
    play.received(server, "peer-aborted", {
        "process.role": "owner",
        "process.pid": one_of(server.program.pid, worker.program.pid)}, process=ANYBODY)


def pass_when_known(play):
    """The tracer finds the socket with the server, which then passes it to a worker."""
    client, server = play.connection()
    play.start_tracer()
    time.sleep(SNAPSHOT_REST)
    return client, server, server.hand_to(server.host.program("worker"))


@scenario("owner", fresh=True)
def passed_after_snapshot(play):
    """The server lives on without the socket that it was known to have."""
    client, _, worker = pass_when_known(play)
    client.close(linger=0)
    worker.await_error("ECONNRESET")
    play.sent(client, "close-linger-zero")
    play.received(worker, "peer-aborted", {"process.role": "owner"})


@scenario("owner", fresh=True)
def passed_by_the_dead(play):
    """The server that was known to have the socket has ended: an upgrade on the fly."""
    client, server, worker = pass_when_known(play)
    server.program.exit()
    client.close(linger=0)
    worker.await_error("ECONNRESET")
    play.sent(client, "close-linger-zero")
    play.received(worker, "peer-aborted", {"process.role": "owner"})


@scenario("owner")
def child_has_socket(play):
    """The server forks a child for the connection, and closes its own copy."""
    client, server = play.connection()
    child = server.hand_to_child("child")
    client.close(linger=0)
    server.host.wait_gone(server)
    play.sent(client, "close-linger-zero")
    play.received(server, "peer-aborted", {"process.role": "owner"}, process=child)


@scenario("owner")
def mptcp_socket_reset(play):
    """The client aborts an MPTCP connection that the server has accepted."""
    try:
        both = {"client_options": {"mptcp": True}, "server_options": {"mptcp": True}}
        client, server = play.connection(**both)
    except OSError as error:
        raise NotApplicable("MPTCP: %s" % error)
    server.send(10)
    client.read(10)
    client.send(10)
    server.read(10)
    server.send(5)
    client.wait_unread(5)
    client.close()
    server.await_error("ECONNRESET")
    play.sent(client, "mptcp-fastclose")
    play.received(server, one_of("peer-aborted", "mptcp-fastclose"), {"process.role": "owner"})


@scenario("owner", family=("v4", "v6"))
def socket_cookie(play):
    """The cookie is the one of SO_COOKIE, though nobody had asked for it before the reset."""
    client, server = play.connection()
    client.close(linger=0)
    server.await_error("ECONNRESET")
    sure = "" if kernel() >= (5, 12) else "?"
    play.sent(client, "close-linger-zero", {sure + COOKIE: at_least(1)})
    play.received(server, "peer-aborted", {sure + COOKIE: server.cookie()})


@scenario("owner")
def cookie_in_time_wait(play):
    """What is left of a closed connection keeps its cookie."""
    flow, server = play.connected_flow()
    cookie = server.cookie()
    server.close()
    flow.expect("FA")
    flow.send("FA")
    flow.expect("A")
    server.host.wait_orphan(server, "TIME_WAIT")
    flow.send("RA")
    server.host.wait_gone(server)
    play.received(server, "timewait-reset", {COOKIE: cookie})
