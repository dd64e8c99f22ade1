# SPDX-License-Identifier: GPL-2.0-only
"""--format=ecs: every field is one of the schema, with a value of its type, or lies below rstwhy."""

import datetime
import ipaddress
import pathlib
import secrets

from play import scenario
from refusals import start
from scenarios.containers import POD, ROOT, cgroup, move
from waiting import until

FIELDS = dict(line.split("\t") for line in
              (pathlib.Path(__file__).parents[1] / "ecs_fields.tsv").read_text().splitlines()
              if not line.startswith("#"))
# What ECS allows (event.kind, .category, .type of a network event, network.direction of a host).
ALLOWED = {
    "event.kind": {"event"},
    "event.category": {"network"},
    "event.type": {"access", "allowed", "connection", "denied", "end", "info", "protocol", "start"},
    "network.direction": {"ingress", "egress"},
}


def leaves(value, path=""):
    """The fields of a document: (dotted name, value), each member of an array for itself."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, path + "." + key if path else key)
    elif isinstance(value, list):
        for member in value:
            yield from leaves(member, path)
    else:
        yield path, value


def fits(value, kind):
    if kind == "long":
        return isinstance(value, int) and -2 ** 63 <= value < 2 ** 63
    if not isinstance(value, str):
        return False
    if kind == "ip":
        return bool(ipaddress.ip_address(value))
    if kind == "date":
        return bool(datetime.datetime.fromisoformat(value[:26]))
    return len(value) <= 1024 or kind != "keyword"      # a longer keyword is not indexed


def check(document):
    for name, value in leaves(document):
        if name.startswith("rstwhy."):
            continue
        if name not in FIELDS or not fits(value, FIELDS[name]):
            raise AssertionError("%s = %r: %s" % (name, value, FIELDS.get(name, "not in ECS")))
        if value not in ALLOWED.get(name, {value}):
            raise AssertionError("%s = %r" % (name, value))


@scenario("ecs", alone=True, family=("v4", "v6"))
def ecs(play):
    """A service in a pod resets a connection, and one it opens is refused."""
    left, right = play.two_hosts()
    program = right.program("server")
    path = "%s/kubepods-besteffort-pod%s.slice/cri-containerd-%s.scope" % (
        ROOT, POD.replace("-", "_"), secrets.token_hex(32))
    move(program, play.at_end.enter_context(cgroup(path)))
    run = start(play, right, "--format=ecs", "--stack")
    listener = program.listen(right.any(play.family), 80)
    client = left.program("client").connect(right.address(play.family), 80)
    server = listener.accept()
    client.send(904)
    server.wait_unread(904)
    server.close()
    client.await_error("ECONNRESET")
    right.program("refused").connect(left.address(play.family), 81, fails="ECONNREFUSED")
    until(lambda: len(run.events()) == 2, "both events")
    run.end()
    sent, received = run.events()
    for document in (sent, received):
        check(document)
    wanted = {
        ("source.ip", right.address(play.family)), ("destination.ip", left.address(play.family)),
        ("source.port", 80), ("network.direction", "egress"), ("process.pid", program.pid),
        ("event.action", "tcp-reset-sent"), ("orchestrator.resource.id", POD),
        ("rstwhy.cause", "close-unread-data"), ("destination.bytes", 904), ("log.level", "notice")}
    missing = wanted - set(leaves(sent))
    wanted = {
        ("source.ip", left.address(play.family)), ("source.port", 81),
        ("destination.ip", right.address(play.family)), ("network.direction", "ingress"),
        ("event.action", "tcp-reset-received"), ("rstwhy.cause", "connection-refused"),
        ("error.code", "ECONNREFUSED"), ("log.level", "info")}
    missing |= wanted - set(leaves(received))
    if missing:
        raise AssertionError("%s: %s" % (missing, run.output))
