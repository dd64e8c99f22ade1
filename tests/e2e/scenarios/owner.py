# SPDX-License-Identifier: GPL-2.0-only
"""Whose socket it is, when that is not plain: passed sockets, threads, busy bystanders."""

from play import scenario

STATE = "network.connection.state"


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
