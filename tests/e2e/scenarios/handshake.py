# SPDX-License-Identifier: GPL-2.0-only
"""B3, C2: resets in the middle of the handshake."""

import re
import signal
from socket import IPPROTO_TCP, TCP_FASTOPEN

import packet
from expect import flags
from packet import option_fastopen, option_mss
from play import endpoint, scenario
from waiting import NotApplicable

STATE = "network.connection.state"
MSS = option_mss(1460)
SYN_ACK = {"segment.role": "trigger", "segment.flags": flags("SA")}


def fill_accept_queue(play, abort):
    """A listener whose queue holds three connections; a fourth one ends its handshake."""
    host, peer = play.tun()
    host.sysctl("net.ipv4.tcp_abort_on_overflow", abort)
    host.sysctl("net.ipv4.tcp_syncookies", 0)
    listener = host.program("server").listen(host.any(play.family), 80, backlog=2)
    flows = [peer.client(80, play.family) for _ in range(4)]
    flows[0].open()
    flows[1].open()
    for flow in flows[2:]:
        flow.send("S", options=MSS)
        flow.expect("SA")
    for flow in flows[2:]:
        flow.send("A")
    return listener, flows[3]


@scenario("B3", family=("v4", "v6", "mapped"))
def accept_queue_overflow(play):
    """A handshake ends at a listener whose queue is full, and it says so by a reset."""
    listener, flow = fill_accept_queue(play, abort=1)
    flow.expect("R")
    play.sent(flow.kernel(listener.program), "accept-queue-overflow", {
        "segment.role": "trigger", "segment.flags": flags("A"), "process.role": "listener",
        "?reset.kernel_reason": re.compile("INVALID_SYN")})


@scenario("B3")
def accept_queue_full_silent(play):
    """Near miss: without tcp_abort_on_overflow the last handshake is left waiting."""
    listener, flow = fill_accept_queue(play, abort=0)
    listener.wait_pending(3)
    listener.accept()
    flow.send("A")
    listener.wait_pending(3)


@scenario("B3", family=("v4", "v6"))
def handshake_reset_by_peer(play):
    """The client resets instead of sending the last ACK: a half-open scan."""
    host, peer = play.tun()
    program = host.program("server")
    program.listen(host.any(play.family), 80)
    flow = peer.client(80, play.family)
    flow.send("S", options=MSS)
    flow.expect("SA")
    flow.send("R")
    play.received(flow.kernel(program), "handshake-reset-by-peer",
                  {"?segment.flags": flags("R")}, blind="received-handshake")


@scenario("B3")
def handshake_reset_inexact(play):
    """Near miss: the client's RST is in the window, but not exact. Newer kernels do not obey it."""
    host, peer = play.tun()
    program = host.program("server")
    listener = program.listen("0.0.0.0", 80)
    flow = peer.client(80)
    flow.send("S", options=MSS)
    flow.expect("SA")
    flow.send("R", seq=flow.seq + 100)
    flow.send("A")
    if host.counters().get("EmbryonicRsts"):
        play.received(flow.kernel(program), "handshake-reset-by-peer", blind="received-handshake")
        play.sent(flow.kernel(program), "listener-stray-ack")
    else:
        play.received(flow.kernel(program), "handshake-reset-by-peer",
                      {"reset.confidence": "likely"}, only_blind="received-handshake-exact")
        listener.accept()


@scenario("B3")
def handshake_reset_simultaneous(play):
    """Both sides open at once; then the peer resets."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    flow.send("S", options=MSS)
    flow.expect("SA")
    flow.send("RA")
    client.await_error("ECONNRESET")
    play.received(client, "handshake-reset-by-peer", {STATE: "syn_received"})


@scenario("B3")
def handshake_reset_fast_open(play):
    """The peer resets a TCP Fast Open connection that had brought data in its SYN."""
    host, peer = play.tun()
    host.sysctl("net.ipv4.tcp_fastopen", 0x202)
    program = host.program("server")
    program.listen("0.0.0.0", 80, set=[(IPPROTO_TCP, TCP_FASTOPEN, 5)])
    flow = peer.client(80)
    flow.send("S", b"early", options=MSS + option_fastopen() + b"\1\1")
    flow.expect("SA")
    if not any(state == "SYN_RECV" for state, *_ in host.sockets()):
        raise NotApplicable("the kernel did not accept the Fast Open SYN")
    flow.send("RA")
    play.received(flow.kernel(program), "handshake-reset-by-peer", {STATE: "syn_received"})


@scenario("C2", family=("v4", "v6", "mapped"))
def connect_abandoned(play):
    """The client gives up connect() and closes; then the SYN-ACK comes."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    client.close()
    client.host.wait_gone(client)
    flow.send("SA", options=MSS)
    flow.expect("R")
    play.sent(client, "connect-abandoned", dict(SYN_ACK, **{
        "process.role": "connector", "reset.confidence": "certain",
        "reset.summary": re.compile(r"client.*\d")}))


@scenario("C2")
def connect_abandoned_killed(play):
    """The client is killed while it connects; then the SYN-ACK comes."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    client.program.kill(signal.SIGKILL)
    flow.send("SA", options=MSS)
    flow.expect("R")
    play.sent(client, "connect-abandoned", dict(SYN_ACK, **{"process.role": "connector"}))


@scenario("C2")
def connect_abandoned_disconnect(play):
    """The client breaks off connect() by connect(AF_UNSPEC); then the SYN-ACK comes."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    client.disconnect()
    flow.send("SA", options=MSS)
    flow.expect("R")
    play.sent(client, "connect-abandoned", dict(SYN_ACK, **{"process.role": "connector"}))


@scenario("C2")
def connect_abandoned_curl(play):
    """curl --connect-timeout is shorter than the round trip."""
    left, right, cable = play.cabled_hosts()
    server = right.program("server")
    server.listen("0.0.0.0", 80)
    cable.hold("left")
    curl = left.run("curl", "-s", "--connect-timeout", "1", "http://10.9.0.2/")
    cable.wait_held("left")
    if curl.wait() != 28:
        raise AssertionError("curl did not time out")
    cable.pass_first("left", 1)
    left.wire.wait(lambda wire: wire.sent)
    client = endpoint(left, left.wire.sent[0], curl)
    play.sent(client, "connect-abandoned", dict(SYN_ACK, **{
        "process.executable.name": "curl", "process.role": "connector"}))
    play.received(client.far(right, server), "handshake-reset-by-peer", blind="received-handshake")


@scenario("C2")
def connect_answered_in_time(play):
    """Near miss: the SYN-ACK is late, but not too late."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    flow.expect("S")
    flow.send("SA", options=MSS)
    client.await_connect()


@scenario("C2")
def syn_ack_from_nowhere(play):
    """A SYN-ACK to a host that never sent a SYN: a scan, or a forged source address."""
    _, peer = play.tun()
    flow = peer.flow(443, 50000)
    flow.ack = 1
    flow.send("SA", options=MSS)
    flow.expect("R")
    play.sent(flow.kernel(), "connect-abandoned", dict(SYN_ACK, **{
        "reset.confidence": lambda found: found != "certain"}))


@scenario("row 20")
def handshake_bad_ack(play):
    """The SYN-ACK acknowledges what was never sent; the socket survives and connects."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    flow.send("SA", seq=flow.seq, ack=flow.ack + 1000, options=MSS)
    flow.expect("R")
    flow.answer()
    client.await_connect()
    play.sent(client, "handshake-bad-ack", dict(SYN_ACK, **{
        STATE: "syn_sent", "?reset.kernel_reason": re.compile("INVALID_ACK_SEQUENCE")}))


@scenario("row 22")
def handshake_bad_ack_simultaneous(play):
    """After a simultaneous open the peer acknowledges what was never sent."""
    flow, client = play.connecting_flow()
    flow.expect("S")
    flow.send("S", options=MSS)
    flow.expect("SA")
    flow.send("A", ack=flow.ack + 1000)
    flow.expect("R")
    flow.send("A")
    client.await_connect()
    play.sent(client, "handshake-bad-ack", {STATE: "syn_received", "segment.flags": flags("A")})


@scenario("row 21")
def handshake_bad_timestamp(play):
    """The SYN-ACK echoes a timestamp that was never sent."""
    flow, client = play.connecting_flow()
    syn = flow.expect("S")
    stamp = packet.timestamp_of(syn.options)
    flow.send("SA", seq=flow.seq, options=MSS + packet.option_timestamp(1, stamp[0] + 100000))
    flow.expect("R")
    play.sent(client, "handshake-bad-timestamp", dict(SYN_ACK, **{
        STATE: "syn_sent", "?reset.kernel_reason": re.compile("PAWS")}))


@scenario("row 23", family=("v4", "v6", "mapped"))
def handshake_bad_syn(play):
    """A second, different SYN arrives in the middle of the handshake."""
    host, peer = play.tun()
    program = host.program("server")
    program.listen(host.any(play.family), 80)
    flow = peer.client(80, play.family)
    flow.send("S", options=MSS)
    flow.expect("SA")
    flow.send("S", seq=flow.seq + 100, options=MSS)
    flow.expect("RA")
    play.sent(flow.kernel(program), "handshake-bad-syn", {
        "segment.role": "trigger", "segment.flags": flags("S"),
        "?reset.kernel_reason": re.compile("INVALID_SYN")})


@scenario("row 19", family=("v4", "v6", "mapped"))
def listener_stray_ack(play):
    """An ACK that belongs to no connection reaches a listener; the reset names the client."""
    host, peer = play.tun()
    program = host.program("server")
    program.listen(host.any(play.family), 80)
    flow = peer.client(80, play.family)
    flow.ack = 4711
    flow.send("A")
    flow.expect("R")
    play.sent(flow.kernel(program), "listener-stray-ack", {
        STATE: "listen", "segment.role": "trigger", "segment.flags": flags("A"),
        "?reset.kernel_reason": re.compile("TCP_FLAGS")})


@scenario("row 19")
def listener_wrong_ack(play):
    """The last ACK of a handshake acknowledges something else."""
    host, peer = play.tun()
    program = host.program("server")
    program.listen("0.0.0.0", 80)
    flow = peer.client(80)
    flow.send("S", options=MSS)
    flow.expect("SA")
    flow.send("A", ack=flow.ack + 1000)
    flow.expect("R")
    play.sent(flow.kernel(program), "listener-stray-ack", {"segment.flags": flags("A")})


@scenario("row 19")
def listener_ignores(play):
    """Near miss: a bare RST, a FIN without ACK and a SYN with FIN at a listener."""
    host, peer = play.tun()
    host.program("server").listen("0.0.0.0", 80)
    for letters in ("R", "F", "SF"):
        peer.client(80).send(letters)
    peer.client(80).open()
