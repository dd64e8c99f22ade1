# SPDX-License-Identifier: GPL-2.0-only
"""D6: a firewall rejects with a TCP reset."""

import reject as modules
from expect import flags, lookup, one_of
from play import scenario
from reject import drop, reject
from waiting import NotApplicable

STATE = "network.connection.state"
REFUSED = {STATE: "syn_sent", "?reset.errno": "ECONNREFUSED"}


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


def attached(play, tracer, talked):
    """Wait until the tracer has seen all that was loaded, which lies before this reset in its
    buffer; it must have hooked the module meanwhile."""
    host = play.host("elsewhere")
    client = host.program("client").connect("127.0.0.1", 81, fails="ECONNREFUSED")
    play.sent(client.far(host), "port-closed")
    play.received(client, "connection-refused")
    if not tracer:
        return
    if not tracer.wait(lambda: any(lookup(e, "linux.netns") == host.inode for e in tracer.events)):
        raise AssertionError("no event behind the loading of the module")
    tracer.wait(lambda: False, 0.1)     # what it said
    if not any("kprobe/nf_send_reset: attached" in line for line in tracer.talk[talked:]):
        raise AssertionError("did not attach: " + " | ".join(tracer.talk[talked:]))


@scenario("D6", guest=True, fresh=True)
def firewall_module_late(play):
    """The module that rejects is loaded while the tracer runs, removed, and loaded again."""
    here, there = play.two_hosts()
    modules.bring()
    if not modules.loaded():
        raise NotApplicable("no module: built in, or not there")
    modules.remove()
    tracer = play.start_tracer(("-v",))
    if tracer and not any("waits for the module" in line for line in tracer.talk):
        raise NotApplicable("the tracer cannot wait for a module here")
    for port in (80, 82):
        talked = len(tracer.talk) if tracer else 0
        reject(there, "input", "tcp dport %d" % port)
        attached(play, tracer, talked)
        client = here.program("client").connect(there.v4, port, fails="ECONNREFUSED")
        play.sent(client.far(there), "firewall-reject")
        play.received(client, "connection-refused", REFUSED)
        drop(there)
        modules.remove()
