# SPDX-License-Identifier: GPL-2.0-only
"""kernel.md rows r12 - r16: resets that arrive and are not obeyed (--ignored)."""

from packet import option_mss
from play import scenario

STATE = "network.connection.state"
OPTIONS = ("--ignored",)


@scenario("row r14", options=OPTIONS)
def ignored_challenged(play):
    """In the window, but not exactly the next byte: a challenge ACK."""
    flow, server = play.connected_flow()
    flow.send("R", seq=flow.seq + 100)
    flow.expect("A")
    play.received(server, "reset-ignored", {"?" + STATE: "established"})


@scenario("row r15", options=OPTIONS)
def ignored_out_of_window(play):
    """Far outside the window: dropped without a word."""
    flow, server = play.connected_flow()
    flow.send("R", seq=flow.seq - 100000)
    flow.send("PA", b"alive")
    server.read(5)
    play.received(server, "reset-ignored", {"?" + STATE: "established"})


@scenario("row r13", options=OPTIONS)
def ignored_no_socket(play):
    """For a connection that does not exist."""
    _, peer = play.tun()
    flow = peer.client(80)
    flow.send("R")
    play.received(flow.kernel(), "reset-ignored")


@scenario("row r12", options=OPTIONS)
def ignored_listener(play):
    """For a listener."""
    host, peer = play.tun()
    program = host.program("server")
    program.listen("0.0.0.0", 80)
    flow = peer.client(80)
    flow.send("R")
    play.received(flow.kernel(program), "reset-ignored")


@scenario("row r16", options=OPTIONS)
def ignored_connecting(play):
    """In SYN_SENT, without an ACK: could be forged by anybody."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    flow.send("R")
    flow.send("SA", options=option_mss(1460))
    client.await_connect()
    play.received(client, "reset-ignored", {"?" + STATE: "syn_sent"})


@scenario("row r2", options=OPTIONS)
def ignored_not(play):
    """Near miss: a RST that is obeyed is not also told as ignored."""
    flow, server = play.connected_flow()
    flow.send("RA")
    server.await_error("ECONNRESET")
    play.received(server, "peer-aborted", {STATE: "established"})
