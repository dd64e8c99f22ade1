# SPDX-License-Identifier: GPL-2.0-only
"""Every filter: a reset it lets through, and one it does not."""

from play import scenario
from refusals import refused, refused_program, start, told

SENT, RECEIVED = 0, 1


def check(run, wanted, filtered=0):
    """End the run. filtered: how many user space threw away; the kernel's side does not count."""
    run.end()
    found = told(run.events())
    if sorted(found) != sorted(wanted):
        raise AssertionError("expected %s, got %s" % (sorted(wanted), sorted(found)))
    numbers = run.numbers()
    want = {"counted": len(wanted) + filtered, "shown": len(wanted), "filtered": filtered,
            "suppressed": 0, "lost": 0}
    if numbers != want:
        raise AssertionError("expected %s, got %s" % (want, numbers))


@scenario("filter", alone=True)
def filter_port(play):
    """--port: at either end."""
    host = play.host()
    run = start(play, host, "--port=81")
    both = refused(host, 81)
    refused(host, 82)
    check(run, both)


@scenario("filter", alone=True)
def filter_local_port(play):
    """--local-port: who refuses, not who is refused."""
    host = play.host()
    run = start(play, host, "--local-port=81")
    both = refused(host, 81)
    refused(host, 82)
    check(run, both[SENT:SENT + 1])


@scenario("filter", alone=True)
def filter_peer_port(play):
    """--peer-port: who is refused."""
    host = play.host()
    run = start(play, host, "--peer-port=81")
    both = refused(host, 81)
    refused(host, 82)
    check(run, both[RECEIVED:])


ADDRESSES = {"v4": ("127.0.2.1", "127.0.2.9", "127.0.3.1", "/24"),
             "v6": ("fd02::1", "fd02::9", "fd02:0:0:1::1", "/64")}


def two_networks(play, filter_of):
    """Two addresses of one network, shown, and one of another, not shown."""
    one, other, foreign, prefix = ADDRESSES[play.family]
    host = play.host()
    if play.family == "v6":
        host.ip(*("addr add %s/128 dev lo nodad" % a for a in (one, other, foreign)))
    run = start(play, host, "--address=" + filter_of(one, prefix))
    both = refused(host, 81, one, source=other)
    refused(host, 81, foreign)
    check(run, both)


@scenario("filter", family=("v4", "v6"), alone=True)
def filter_address(play):
    """--address: one address, at either end."""
    two_networks(play, lambda address, prefix: address)


@scenario("filter", family=("v4", "v6"), alone=True)
def filter_prefix(play):
    """--address: a network, told by one of its addresses."""
    two_networks(play, lambda address, prefix: address + prefix)


@scenario("filter", alone=True)
def filter_netns(play):
    """--netns: one of two namespaces."""
    host, other = play.host(), play.host("other")
    run = start(play, host)
    refused(other)
    check(run, refused(host))


@scenario("filter", alone=True)
def filter_pid(play):
    """--pid: one of two programs of the same name; who refuses is nobody."""
    host = play.host()
    program = host.program("client")
    run = start(play, host, "--pid=%d" % program.pid)
    end = program.connect("127.0.0.1", 81, fails="ECONNREFUSED")
    refused_program(host, "client")
    check(run, [("received", end.local, end.peer)], filtered=3)


@scenario("filter", alone=True)
def filter_comm(play):
    """--comm: the whole name, not its beginning."""
    host = play.host()
    run = start(play, host, "--comm=client")
    _, both = refused_program(host, "client")
    refused_program(host, "client2")
    check(run, both[RECEIVED:], filtered=3)


@scenario("filter", alone=True)
def filter_cause(play):
    """--cause."""
    host = play.host()
    run = start(play, host, "--cause=peer-aborted,port-closed")
    check(run, refused(host)[SENT:SENT + 1], filtered=1)


@scenario("filter", alone=True)
def filter_exclude_cause(play):
    """--exclude-cause."""
    host = play.host()
    run = start(play, host, "--exclude-cause=peer-aborted,port-closed")
    check(run, refused(host)[RECEIVED:], filtered=1)


@scenario("filter", alone=True)
def filter_sent(play):
    """--sent."""
    host = play.host()
    run = start(play, host, "--sent")
    check(run, refused(host)[SENT:SENT + 1])


@scenario("filter", alone=True)
def filter_received(play):
    """--received."""
    host = play.host()
    run = start(play, host, "--received")
    check(run, refused(host)[RECEIVED:])


@scenario("filter", alone=True)
def filter_together(play):
    """Several at once: all must let it through."""
    host = play.host()
    run = start(play, host, "--port=81", "--received", "--comm=client", "--address=127.0.0.0/8")
    _, both = refused_program(host, "client", 81)
    refused_program(host, "client", 82)
    refused_program(host, "other", 81)
    check(run, both[RECEIVED:], filtered=1)
