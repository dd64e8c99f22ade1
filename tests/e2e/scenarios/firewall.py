# SPDX-License-Identifier: GPL-2.0-only
"""D6: a firewall rejects with a TCP reset."""

from expect import flags, one_of
from play import scenario

STATE = "network.connection.state"
REFUSED = {STATE: "syn_sent", "?reset.errno": "ECONNREFUSED"}


def reject(host, hook, match):
    host.nft("add table inet wall\n"
             "add chain inet wall c { type filter hook %s priority 0; }\n"
             "add rule inet wall c %s reject with tcp reset\n" % (hook, match))


@scenario("D6", family=("v4", "v6", "mapped"))
def firewall_reject(play):
    """The server's firewall rejects the port; a program listens behind it."""
    here, there = play.two_hosts()
    there.program("server").listen(there.any(play.family), 80)
    reject(there, "input", "tcp dport 80")
    client = here.program("client").connect(there.address(play.family), 80, fails="ECONNREFUSED")
    play.sent(client.far(there), "firewall-reject", {"?segment.flags": flags("S")})
    play.received(client, "connection-refused", REFUSED)


@scenario("D6")
def firewall_reject_running(play):
    """The port is shut while a connection runs: its next segment is rejected."""
    client, server = play.connection()
    reject(server.host, "input", "tcp dport 80")
    client.send(10)
    client.await_error("ECONNRESET")
    play.sent(server, "firewall-reject", {"?segment.flags": flags("PA")})
    play.received(client, "peer-lost-connection", {
        STATE: "established", "?segment.flags": flags("R")})


@scenario("D6")
def firewall_reject_forward(play):
    """A router between the hosts rejects: its resets carry the server's address."""
    here, router = play.two_hosts()
    router.sysctl("net.ipv4.ip_forward", 1)
    router.ip("link add veth1 type veth peer name veth2", "link set veth1 up", "link set veth2 up",
              "addr add 10.9.1.1/24 dev veth1")
    here.ip("route add 10.9.1.0/24 via " + router.v4)
    reject(router, "forward", "tcp dport 80")
    client = here.program("client").connect("10.9.1.2", 80, fails="ECONNREFUSED")
    play.sent(client.far(router), "firewall-reject")
    play.received(client, "connection-refused", REFUSED)


@scenario("D6")
def firewall_reject_output(play):
    """The client's own firewall rejects what it sends: the kernel forges a reset to itself."""
    here, there = play.two_hosts()
    reject(here, "output", "tcp dport 80")
    client = here.program("client").connect(there.v4, 80, fails="ECONNREFUSED")
    either_address, either_port = one_of(here.v4, there.v4), one_of(client.local[1], 80)
    play.sent(client.far(here, client.program), "firewall-reject", {
        "network.local.address": either_address, "network.local.port": either_port,
        "network.peer.address": either_address, "network.peer.port": either_port})
    play.received(client, "connection-refused", REFUSED)
