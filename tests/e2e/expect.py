# SPDX-License-Identifier: GPL-2.0-only
"""What the tracer must say: expected events, and the comparison with what it said.

An expectation is a subset of an event: dotted paths and values. A value may be a plain value, a
regular expression, a predicate, or ABSENT. A path that begins with "?" counts only when the event
has it. What holds for every event (check_always) need not be written.
"""

import base64
import hashlib
import ipaddress
import re
import struct
from dataclasses import dataclass, field

ABSENT = object()
ANYBODY = object()

# A port where nobody ever listens: a connect() to it ends every scenario.
SENTINEL_PORT = 61999

CAUSES = set("""
    close-unread-data close-linger-zero disconnect listener-closed linger2-negative out-of-resources
    keepalive-timeout user-timeout fin-wait2-timeout socket-destroyed mptcp-fastclose
    mptcp-protocol-error port-closed connect-abandoned late-segment connection-unknown
    listener-stray-ack data-after-close data-after-shutdown syn-after-close handshake-bad-ack
    handshake-bad-timestamp handshake-bad-syn accept-queue-overflow child-rejected firewall-reject
    connection-refused peer-aborted peer-lost-connection write-after-peer-close reset-during-close
    reset-before-accept handshake-reset-by-peer timewait-reset reset-ignored retransmission-timeout
    connect-timeout unreachable unknown""".split())

# The blindness of doctor that hides a cause; an expectation may name another one.
BLIND = {
    "port-closed": "sent-no-socket",
    "connect-abandoned": "sent-no-socket",
    "late-segment": "sent-no-socket",
    "connection-unknown": "sent-no-socket",
    "syn-after-close": "sent-no-socket",
    "data-after-close": "sent-no-socket",
    "firewall-reject": "sent-firewall",
    "timewait-reset": "received-timewait",
    "reset-ignored": "ignored",
}

# Causes told by the shape of the received RST: without its header another of them is no mistake.
BY_SHAPE = {"peer-aborted", "peer-lost-connection", "write-after-peer-close"}

# Causes of a live socket: whose it is must be known. For the others a process, if given, must be
# right; for NOBODY there is none to give.
OWNED = set("""
    close-unread-data close-linger-zero disconnect listener-closed keepalive-timeout user-timeout
    socket-destroyed data-after-shutdown connect-abandoned connection-refused peer-aborted
    peer-lost-connection write-after-peer-close retransmission-timeout connect-timeout unreachable
    accept-queue-overflow mptcp-fastclose""".split())
NOBODY = {"port-closed", "connection-unknown"}

IO = {"sent": "transmit", "received": "receive"}


@dataclass
class Expected:
    """One event that must come.

    process: a program, None for "nobody", ANYBODY; owned: the process must be told. wire: the
    reset can be seen on the wire.
    """

    end: object
    direction: str
    cause: object
    facts: dict = field(default_factory=dict)
    blind: str = None
    only_blind: str = None  # comes only where doctor announces this: it cannot be told apart there
    process: object = None
    owned: bool = False
    wire: bool = True

    def __str__(self):
        cause = self.cause if isinstance(self.cause, str) else _show(self.cause)
        return "%s %s on %s (%s)" % (self.direction, cause, self.end.host.name, self.end)

    def hidden(self, blind):
        return self.blind in blind

    def differences(self, event, blind):
        """What in the event is not as expected, as a list of lines."""
        wanted = {
            "linux.netns": self.end.host.inode,
            "reset.direction": self.direction,
            "reset.cause": self.cause,
            "network.local.address": self.end.local[0],
            "network.local.port": self.end.local[1],
            "network.peer.address": self.end.peer[0],
            "network.peer.port": self.end.peer[1],
            "network.type": "ipv6" if ":" in self.end.local[0] else "ipv4",
            "?network.io.direction": IO.get(self.direction, ABSENT),
        }
        wanted.update(self._process())
        wanted.update(self.facts)
        if "received-segment" in blind and self.direction == "received":
            wanted = {p: value for p, value in wanted.items() if "segment." not in p}
            if isinstance(self.cause, str) and self.cause in BY_SHAPE:
                wanted["reset.cause"] = lambda cause: cause in BY_SHAPE
        return [line for path, value in wanted.items() for line in _difference(event, path, value)]

    def _process(self):
        if self.process is ANYBODY:
            return {}
        if self.process is None:
            return {"process.pid": ABSENT}
        sure = "" if self.owned else "?"
        return {sure + "process.pid": self.process.pid,
                "?process.executable.name": self.process.name}


def is_sentinel(event):
    return SENTINEL_PORT in [lookup(event, "network.%s.port" % side) for side in ("local", "peer")]


def lookup(event, path):
    for key in path.split("."):
        if not isinstance(event, dict) or event.get(key) is None:
            return ABSENT
        event = event[key]
    return event


def _difference(event, path, wanted):
    optional, path = path.startswith("?"), path.lstrip("?")
    found = lookup(event, path)
    if found is ABSENT and (optional or wanted is ABSENT):
        return []
    if found is not ABSENT and _equal(found, wanted):
        return []
    return ["%s: expected %s, got %s" % (path, _show(wanted), _show(found))]


def _equal(found, wanted):
    if isinstance(wanted, re.Pattern):
        return isinstance(found, str) and bool(wanted.search(found))
    if callable(wanted):
        return bool(wanted(found))
    return found == wanted and isinstance(found, bool) == isinstance(wanted, bool)


def _show(value):
    if value is ABSENT:
        return "nothing"
    if isinstance(value, re.Pattern):
        return "/%s/" % value.pattern
    if callable(value):
        return "<%s>" % (value.__doc__ or "as told")
    return repr(value)


def one_of(*values):
    def test(found):
        return found in values
    test.__doc__ = "one of %s" % (values,)
    return test


def at_least(low, high=float("inf")):
    def test(found):
        return isinstance(found, (int, float)) and low <= found <= high
    test.__doc__ = "%s .. %s" % (low, high)
    return test


def flags(letters):
    """The flags of a segment, in any order; PSH does not count."""
    def test(found):
        return set(found) - {"P"} == set(letters) - {"P"}
    test.__doc__ = "flags " + letters
    return test


def has_hint(*names):
    def test(found):
        return set(names) <= {hint.get("id") for hint in found}
    test.__doc__ = "hints " + " ".join(names)
    return test


def _community_id(event):
    """https://github.com/corelight/community-id-spec, version 1, seed 0."""
    net = event["network"]
    ends = sorted((ipaddress.ip_address(net[side]["address"]).packed, net[side]["port"])
                  for side in ("local", "peer"))
    raw = (struct.pack("!H", 0) + ends[0][0] + ends[1][0]
           + struct.pack("!BBHH", 6, 0, ends[0][1], ends[1][1]))
    return "1:" + base64.b64encode(hashlib.sha1(raw).digest()).decode()


def check_always(event):
    """What holds for every event: a list of lines, empty when all is well."""
    wanted = {
        "time": re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$"),
        "event.name": re.compile("^tcp[.]"),
        "event.id": lambda found: found not in ("", 0),
        "reset.direction": one_of("sent", "received", "none"),
        "reset.cause": lambda found: found in CAUSES,
        "reset.confidence": one_of("certain", "likely", "possible"),
        "reset.summary": re.compile(r"\S"),
        "reset.evidence": lambda found: found and all(isinstance(e, str) and e for e in found),
        "?reset.hints": lambda found: all(h.get("id") and h.get("text") for h in found),
        "network.transport": "tcp",
        "network.type": one_of("ipv4", "ipv6"),
        "linux.netns": lambda found: isinstance(found, int),
        "?network.connection.state": re.compile(
            "^(closed|close_wait|closing|established|fin_wait_1|fin_wait_2|last_ack|listen"
            "|syn_received|syn_sent|time_wait)$"),
    }
    lines = [line for path, value in wanted.items() for line in _difference(event, path, value)]
    if not lines:
        lines += _difference(event, "?network.community_id", _community_id(event))
    return lines


def compare(expected, events, blind):
    """Match expectations and events one to one; the list of what is wrong."""
    wrong, rest = [], list(events)
    expected = [want for want in expected if want.only_blind is None or want.only_blind in blind]
    for event in events:
        wrong += ["%s: %s" % (_brief(event), line) for line in check_always(event)]
    open_ones = []
    for want in expected:
        fit = next((e for e in rest if not want.differences(e, blind)), None)
        if fit is not None:
            rest.remove(fit)
        elif not want.hidden(blind):
            open_ones.append(want)
    for want in open_ones:
        near = _nearest(want, rest, blind)
        if near is None:
            wrong.append("missing: %s" % want)
            continue
        rest.remove(near)
        wrong += ["%s: %s" % (want, line) for line in want.differences(near, blind)]
    wrong += ["too much: " + _brief(event) for event in rest]
    return wrong


def _nearest(want, events, blind):
    """The event that was most likely meant: same host, direction and ports."""
    same = [e for e in events if lookup(e, "linux.netns") == want.end.host.inode
            and lookup(e, "reset.direction") == want.direction]
    return min(same, key=lambda e: len(want.differences(e, blind)), default=None)


def _brief(event):
    def get(path):
        found = lookup(event, path)
        return "-" if found is ABSENT else found
    return "%s %s %s:%s > %s:%s %s" % (
        get("reset.direction"), get("reset.cause"),
        get("network.local.address"), get("network.local.port"),
        get("network.peer.address"), get("network.peer.port"), get("network.connection.state"))


def check_wire(expected, hosts):
    """Compare the resets that really left the hosts with the expected ones."""
    wanted = sorted((e.end.host.name, *e.end.local, *e.end.peer)
                    for e in expected if e.direction == "sent" and e.wire)
    seen = sorted((h.name, s.src, s.sport, s.dst, s.dport) for h in hosts for s in h.wire.sent
                  if SENTINEL_PORT not in (s.sport, s.dport))
    wrong = []
    for tell, these, those in (("not sent by the kernel", wanted, seen),
                               ("also sent by the kernel", seen, wanted)):
        left = list(those)
        for one in these:
            if one in left:
                left.remove(one)
            else:
                wrong.append("scenario: %s: %s %s:%d > %s:%d" % (tell, *one))
    return wrong
