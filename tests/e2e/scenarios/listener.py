# SPDX-License-Identifier: GPL-2.0-only
"""D6 and kernel.md rows 5 - 8, r8: listeners and connections that nobody has accepted."""

import signal
import socket

from expect import ANYBODY, one_of
from packet import option_mss
from play import scenario
from waiting import NotApplicable

STATE = "network.connection.state"


def pending_connections(play, count=2):
    """A listener with connections that wait for accept(), and the clients' ends."""
    here, there = play.two_hosts()
    listener = there.program("server").listen(there.any(play.family), 80)
    program = here.program("client")
    clients = [program.connect(there.address(play.family), 80) for _ in range(count)]
    listener.wait_pending(count)
    return listener, clients


def expect_closed(play, listener, clients, facts={}, **how):
    for client in clients:
        client.await_error("ECONNRESET")
        play.sent(client.far(listener.program.host, listener.program), "listener-closed",
                  dict({STATE: "established"}, **facts), **how)
        play.received(client, "peer-aborted", {STATE: "established"})


@scenario("D6", family=("v4", "v6", "mapped"))
def listener_closed(play):
    """A listener is closed with two connections that nobody had accepted."""
    listener, clients = pending_connections(play)
    listener.close()
    expect_closed(play, listener, clients)


@scenario("row 6")
def listener_shutdown(play):
    """The same by shutdown(SHUT_RD) of the listener."""
    listener, clients = pending_connections(play)
    listener.shutdown(socket.SHUT_RD)
    expect_closed(play, listener, clients)


@scenario("row 7")
def listener_disconnect(play):
    """The same by connect(AF_UNSPEC) on the listener."""
    listener, clients = pending_connections(play)
    listener.disconnect()
    expect_closed(play, listener, clients)


@scenario("row 8")
def listener_destroyed(play):
    """The same by ss -K."""
    listener, clients = pending_connections(play)
    if "LISTEN" not in listener.program.host.command("ss", "-tlnK", "sport", "=", ":80"):
        raise NotApplicable("the kernel does not destroy sockets")
    expect_closed(play, listener, clients, {
        "process.executable.name": one_of("ss", "server")}, process=ANYBODY)


@scenario("D6")
def listener_killed(play):
    """The same because the listener's process is killed."""
    listener, clients = pending_connections(play)
    listener.program.kill(signal.SIGKILL)
    expect_closed(play, listener, clients)


@scenario("D6")
def accepted_survive_listener(play):
    """Accepted connections survive the closing of their listener: no event."""
    client, server = play.connection(keep_listening=False)
    client.send(10)
    server.read(10)
    server.send(10)
    client.read(10)


@scenario("D6")
def half_open_listener_closed(play):
    """The listener goes away in the middle of a handshake: the last ACK finds nobody."""
    host, peer = play.tun()
    listener = host.program("server").listen("0.0.0.0", 80)
    flow = peer.client(80)
    flow.send("S", options=option_mss(1460))
    flow.expect("SA")
    listener.close()
    flow.send("A")
    flow.expect("R")
    play.sent(flow.kernel(), "connection-unknown")


@scenario("row r8", family=("v4", "v6"))
def reset_before_accept(play):
    """The client aborts a connection before the server has accepted it."""
    listener, (client,) = pending_connections(play, 1)
    there = listener.program.host
    client.close(linger=0)
    there.wire.wait(lambda wire: wire.received)
    listener.accept().await_error("ECONNRESET")
    play.sent(client, "close-linger-zero", {STATE: "established"})
    play.received(client.far(there, listener.program), "reset-before-accept", {
        STATE: "established"})
