# SPDX-License-Identifier: GPL-2.0-only
"""Sockets that are older than the tracer: their owners must be known all the same."""

from expect import flags
from packet import option_mss
from play import scenario

STATE = "network.connection.state"


@scenario("early", family=("v4", "v6"), fresh=True)
def early_connection(play):
    """A connection was made before the tracer came; the client aborts it."""
    client, server = play.connection()
    client.send(10)
    server.read(10)
    play.start_tracer()
    client.close(linger=0)
    server.await_error("ECONNRESET")
    play.sent(client, "close-linger-zero", {STATE: "established"})
    play.received(server, "peer-aborted", {STATE: "established", "process.role": "owner"})


@scenario("early", fresh=True)
def early_unread_data(play):
    """The data was there before the tracer came."""
    client, server = play.connection()
    client.send(100)
    server.wait_unread(100)
    play.start_tracer()
    server.close()
    client.await_error("ECONNRESET")
    play.sent(server, "close-unread-data", {STATE: "established", "socket.unread": 100})
    play.received(client, "peer-aborted", {STATE: "established", "process.role": "owner"})


@scenario("early", fresh=True)
def early_connecting(play):
    """A connect() was under way when the tracer came; the peer refuses."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    play.start_tracer()
    flow.send("RA")
    client.await_connect(fails="ECONNREFUSED")
    play.received(client, "connection-refused", {STATE: "syn_sent"})


@scenario("early", fresh=True)
def early_listener(play):
    """A listener was there before the tracer came; a stray ACK reaches it."""
    host, peer = play.tun()
    program = host.program("server")
    program.listen("0.0.0.0", 80)
    play.start_tracer()
    flow = peer.client(80)
    flow.ack = 4711
    flow.send("A")
    flow.expect("R")
    play.sent(flow.kernel(program), "listener-stray-ack", {
        STATE: "listen", "segment.flags": flags("A")})
    flow = peer.client(80)
    flow.send("S", options=option_mss(1460))
    flow.expect("SA")
