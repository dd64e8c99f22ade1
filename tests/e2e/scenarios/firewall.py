# SPDX-License-Identifier: GPL-2.0-only
"""D6: a firewall rejects with a TCP reset."""

import subprocess

import reject as modules
from expect import flags, lookup, one_of
from play import scenario
from programs import find_program
from refusals import refused, start
from reject import drop, reject
from waiting import NotApplicable, until

STATE = "network.connection.state"
ATTACHED = "kprobe/nf_send_reset: attached, its module"
TIMES, MANY = 5, 200
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


def without_modules(play):
    """The kernel has the modules, and they are not loaded."""
    if "sent-firewall" in play.blind:
        raise NotApplicable("the tracer does not see firewalls here")
    modules.bring()
    if not modules.loaded():
        raise NotApplicable("no module: built in, or not there")
    modules.remove()


def wait_attached(play, tracer):
    """Wait until the tracer has seen all that was loaded: that lies in its buffer before this
    reset. It must have said that it attached."""
    host = play.host("elsewhere")
    client = host.program("client").connect("127.0.0.1", 81, fails="ECONNREFUSED")
    play.sent(client.far(host), "port-closed")
    play.received(client, "connection-refused")
    if tracer:
        tracer.wait(lambda: any(lookup(e, "linux.netns") == host.inode for e in tracer.events))
        if not tracer.wait(lambda: any(ATTACHED in line for line in tracer.talk), 5):
            raise AssertionError("did not attach to the module that has come")
        tracer.talk.clear()


def rejected(play, here, there, port):
    client = here.program("client").connect(there.v4, port, fails="ECONNREFUSED")
    play.sent(client.far(there), "firewall-reject")
    play.received(client, "connection-refused", REFUSED)


@scenario("D6", guest=True, fresh=True)
def firewall_module_late(play):
    """The module that rejects is loaded while the tracer runs, removed, and loaded again."""
    here, there = play.two_hosts()
    without_modules(play)
    tracer = play.start_tracer(("-v",))
    for port in (80, 82):
        reject(there, "input", "tcp dport %d" % port)
        wait_attached(play, tracer)
        rejected(play, here, there, port)
        drop(there)
        modules.remove()


@scenario("D6", guest=True, fresh=True)
def firewall_module_again(play):
    """The module was there before the tracer; it is removed and loaded again."""
    here, there = play.two_hosts()
    without_modules(play)
    reject(there, "input", "tcp dport 80")
    tracer = play.start_tracer(("-v",))
    rejected(play, here, there, 80)
    drop(there)
    modules.remove()
    reject(there, "input", "tcp dport 82")
    wait_attached(play, tracer)
    rejected(play, here, there, 82)


@scenario("D6", guest=True, alone=True)
def firewall_module_other(play):
    """Another module is loaded: that must not disturb the hook of this one."""
    without_modules(play)
    host = play.host()
    run = start(play, host, "--sent", "--cause=firewall-reject")
    reject(host, "input", "tcp dport 81")
    until(lambda: refused(host) and run.events(), "the first event")
    before = len(run.events())
    for _ in range(TIMES):
        other = subprocess.Popen([find_program("modprobe"), "dummy"], stderr=subprocess.DEVNULL)
        for _ in range(MANY):
            refused(host)
        if other.wait():
            raise NotApplicable("no module called dummy")
        subprocess.run([find_program("rmmod"), "dummy"], check=True)
    run.end()
    if len(run.events()) < before + TIMES * MANY:
        raise AssertionError("%d of %d told" % (len(run.events()) - before, TIMES * MANY))
