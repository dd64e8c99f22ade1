# SPDX-License-Identifier: GPL-2.0-only
"""D5: a process ends, by itself or by a signal."""

import signal

from expect import ABSENT, has_hint, one_of
from play import scenario

STATE = "network.connection.state"
UNREAD = {STATE: "established", "socket.unread": 100}


def with_unread_data(play):
    client, server = play.connection()
    client.send(100)
    server.wait_unread(100)
    return client, server


def expect_killed(play, client, server, number, name):
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", dict(UNREAD, **{
        "reset.hints": has_hint("process-killed"), "process.exit_signal": one_of(number, name)}))
    play.received(client, "peer-aborted", {STATE: "established"})


@scenario("D5")
def killed_unread_data(play):
    """The server is killed by SIGKILL with data unread."""
    client, server = with_unread_data(play)
    server.program.kill(signal.SIGKILL)
    expect_killed(play, client, server, 9, "SIGKILL")


@scenario("D5")
def terminated_unread_data(play):
    """The server is ended by SIGTERM with data unread."""
    client, server = with_unread_data(play)
    server.program.kill(signal.SIGTERM)
    expect_killed(play, client, server, 15, "SIGTERM")


@scenario("D5")
def exited_unread_data(play):
    """The server ends by itself with data unread: nobody killed it."""
    client, server = with_unread_data(play)
    server.program.exit()
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", dict(UNREAD, **{
        "process.exit_signal": ABSENT,
        "?reset.hints": lambda hints: not has_hint("process-killed")(hints)}))
    play.received(client, "peer-aborted", {STATE: "established"})


@scenario("D5")
def terminated_all_read(play):
    """Near miss: SIGTERM with nothing unread is an orderly end."""
    client, server = play.connection()
    server.program.kill(signal.SIGTERM)
    client.read_end()


@scenario("D5")
def killed_all_read(play):
    """Near miss: SIGKILL with nothing unread is an orderly end, too."""
    client, server = play.connection()
    client.send(100)
    server.read(100)
    server.program.kill(signal.SIGKILL)
    client.read_end()


@scenario("D5")
def killed_connecting(play):
    """Near miss: a process is killed while it connects, and no answer ever comes."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    client.program.kill(signal.SIGKILL)
