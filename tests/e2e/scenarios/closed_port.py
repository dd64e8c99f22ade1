# SPDX-License-Identifier: GPL-2.0-only
"""A1, C1: a SYN reaches a port where nobody listens."""

import re

from expect import flags
from packet import option_mss
from play import endpoint, scenario

CLOSED = {"segment.role": "trigger", "segment.flags": flags("S"),
          "?reset.kernel_reason": re.compile("NO_SOCKET")}
REFUSED = {"network.connection.state": "syn_sent", "?reset.errno": "ECONNREFUSED"}


@scenario("A1", family=("v4", "v6", "mapped"))
def closed_port(play):
    """A client on another host connects to a port where nobody listens."""
    here, there = play.two_hosts()
    client = here.program("client").connect(there.address(play.family), 81, fails="ECONNREFUSED")
    play.sent(client.far(there), "port-closed", CLOSED)
    play.received(client, "connection-refused", REFUSED)


@scenario("A1", family=("v4", "v6"))
def closed_port_same_host(play):
    """As closed-port, over loopback: both events belong to one namespace."""
    host = play.host()
    client = host.program("client").connect(host.address(play.family), 81, fails="ECONNREFUSED")
    play.sent(client.far(host), "port-closed", CLOSED)
    play.received(client, "connection-refused", REFUSED)


@scenario("A1")
def closed_port_reset(play):
    """Near miss: a RST reaches a closed port. It is never answered."""
    _, peer = play.tun()
    flow = peer.client(81)
    flow.send("R")
    flow.send("RA", ack=5)
    flow.send("S", options=option_mss(1460))
    flow.expect("RA")
    play.sent(flow.kernel(), "port-closed", CLOSED)


@scenario("A1")
def closed_port_scan(play):
    """One peer tries many closed ports: one event each, none lost, none doubled."""
    _, peer = play.tun()
    for port in range(1000, 1050):
        flow = peer.client(port)
        flow.send("S", options=option_mss(1460))
        flow.expect("RA")
        play.sent(flow.kernel(), "port-closed", CLOSED)


def real_client_is_refused(play, name, *arguments):
    here, there = play.two_hosts()
    client = here.run(name, *arguments)
    client.wait()
    there.wire.wait(lambda wire: wire.sent)
    end = endpoint(there, there.wire.sent[0])
    play.sent(end, "port-closed", CLOSED)
    play.received(end.far(here, client), "connection-refused",
                  dict(REFUSED, **{"process.executable.name": name}))


@scenario("C1")
def closed_port_curl(play):
    """curl asks a web server that is not there."""
    real_client_is_refused(play, "curl", "-s", "http://10.9.0.2:81/")


@scenario("C1")
def closed_port_nc(play):
    """nc probes a closed port over IPv6."""
    real_client_is_refused(play, "nc", "-z", "fd09::2", "81")
