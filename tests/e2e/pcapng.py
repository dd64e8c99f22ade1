# SPDX-License-Identifier: GPL-2.0-only
"""A reader of pcapng that forgives nothing: whole blocks, two equal lengths, zero padding."""

import struct
from dataclasses import dataclass

SECTION, INTERFACE, STATISTICS, PACKET = 0x0A0D0D0A, 1, 5, 6
FIXED = {SECTION: 16, INTERFACE: 8, STATISTICS: 12}


@dataclass
class Block:
    kind: int
    body: bytes
    options: dict

    def number(self, code):
        """An option of eight bytes."""
        return struct.unpack("=Q", self.options[code])[0]


def _options(raw):
    found = {}
    while True:
        code, length = struct.unpack_from("=HH", raw)
        if not code:
            if length or len(raw) != 4:
                raise AssertionError("behind the last option: %r" % raw)
            return found
        if any(raw[4 + length:4 + length + -length % 4]):
            raise AssertionError("padding of option %d: %r" % (code, raw))
        found[code] = raw[4:4 + length]
        raw = raw[4 + length + -length % 4:]


def _fixed(kind, body):
    """How long its fields are in front of the options."""
    if kind != PACKET:
        return FIXED[kind]
    captured, = struct.unpack_from("=I", body, 12)
    return 20 + captured + -captured % 4


def blocks(path):
    """The blocks of a file. Packets must be of interfaces that their section has introduced."""
    with open(path, "rb") as file:
        raw = file.read()
    found, interfaces = [], 0
    while raw:
        kind, length = struct.unpack_from("=II", raw)
        if length % 4 or length > len(raw) or raw[length - 4:length] != raw[4:8]:
            raise AssertionError("%s: block %d of %d bytes" % (path, kind, length))
        body = raw[8:length - 4]
        fixed = _fixed(kind, body)
        if not found and kind != SECTION:
            raise AssertionError("%s begins with block %d" % (path, kind))
        interfaces = 0 if kind == SECTION else interfaces + (kind == INTERFACE)
        if kind in (PACKET, STATISTICS) and struct.unpack_from("=I", body)[0] >= interfaces:
            raise AssertionError("%s: a block of an unknown interface" % path)
        found.append(Block(kind, body[:fixed], _options(body[fixed:])))
        raw = raw[length:]
    return found


def of_kind(path, kind):
    return [block for block in blocks(path) if block.kind == kind]


def ids(path):
    """The ids of its packets, as event.id has them."""
    return ["%016x" % packet.number(5) for packet in of_kind(path, PACKET)]


def statistics(path):
    """What the statistics count, over all sections: counted, suppressed, lost, written."""
    every = of_kind(path, STATISTICS)
    names = {"counted": 4, "suppressed": 5, "lost": 7, "written": 8}
    return {name: sum(block.number(code) for block in every) for name, code in names.items()}
