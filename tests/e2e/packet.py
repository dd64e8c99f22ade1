# SPDX-License-Identifier: GPL-2.0-only
"""IPv4/IPv6 + TCP packets: build and parse, nothing else."""

import socket
import struct
from dataclasses import dataclass

FLAG_BITS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, "A": 0x10, "U": 0x20}


@dataclass
class Segment:
    """One TCP segment with the addresses of its packet; flags are letters, as in "SA"."""

    src: str
    sport: int
    dst: str
    dport: int
    flags: str
    seq: int = 0
    ack: int = 0
    window: int = 65535
    options: bytes = b""
    data: bytes = b""

    def has(self, flags):
        """True if exactly these flags are set; PSH does not count."""
        return set(self.flags) - {"P"} == set(flags) - {"P"}

    @property
    def length(self):
        """Sequence numbers this segment takes."""
        return len(self.data) + ("S" in self.flags) + ("F" in self.flags)

    def __str__(self):
        return "%s:%d > %s:%d %s seq %d ack %d win %d len %d" % (
            self.src, self.sport, self.dst, self.dport, self.flags,
            self.seq, self.ack, self.window, len(self.data))


def option_mss(mss):
    return struct.pack("!BBH", 2, 4, mss)


def option_timestamp(value, echo):
    return struct.pack("!BBBBII", 1, 1, 8, 10, value, echo)


def option_fastopen(cookie=b""):
    return struct.pack("!BB", 34, 2 + len(cookie)) + cookie


def timestamp_of(options):
    """(value, echo) of the timestamp option, None without one."""
    at = 0
    while at < len(options) and options[at] != 0:
        if options[at] == 1:
            at += 1
            continue
        if options[at] == 8:
            return struct.unpack_from("!II", options, at + 2)
        if at + 1 >= len(options) or options[at + 1] < 2:
            break
        at += options[at + 1]
    return None


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def build(segment):
    """The IP packet of a segment, checksums right."""
    family = family_of(segment.src)
    src, dst = (socket.inet_pton(family, a) for a in (segment.src, segment.dst))
    tcp = _tcp_bytes(segment, src, dst)
    if family == socket.AF_INET6:
        return struct.pack("!IHBB", 6 << 28, len(tcp), socket.IPPROTO_TCP, 64) + src + dst + tcp
    return _ip4_header(src, dst, socket.IPPROTO_TCP, len(tcp)) + tcp


def _ip4_header(src, dst, protocol, length):
    head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0, 64, protocol, 0)
    return head[:10] + struct.pack("!H", checksum(head + src + dst)) + src + dst


def _tcp_bytes(segment, src, dst):
    options = segment.options + b"\0" * (-len(segment.options) % 4)
    bits = sum(FLAG_BITS[f] for f in set(segment.flags))
    head = struct.pack("!HHIIBBHHH", segment.sport, segment.dport,
                       segment.seq % 2**32, segment.ack % 2**32,
                       (20 + len(options)) // 4 << 4, bits, segment.window, 0, 0)
    body = head + options + segment.data
    pseudo = src + dst + struct.pack("!II", len(body), socket.IPPROTO_TCP)
    return body[:16] + struct.pack("!H", checksum(pseudo + body)) + body[18:]


def parse(packet):
    """The Segment in an IP packet; None when there is no TCP in it."""
    if len(packet) < 40:
        return None
    if packet[0] >> 4 == 4:
        if packet[9] != socket.IPPROTO_TCP:
            return None
        start, end = (packet[0] & 15) * 4, struct.unpack_from("!H", packet, 2)[0]
        src, dst = (socket.inet_ntop(socket.AF_INET, packet[i:i + 4]) for i in (12, 16))
    else:
        if packet[6] != socket.IPPROTO_TCP:
            return None
        start, end = 40, 40 + struct.unpack_from("!H", packet, 4)[0]
        src, dst = (socket.inet_ntop(socket.AF_INET6, packet[i:i + 16]) for i in (8, 24))
    sport, dport, seq, ack, offset, bits, window = struct.unpack_from("!HHIIBBH", packet, start)
    data = start + (offset >> 4) * 4
    flags = "".join(f for f, bit in FLAG_BITS.items() if bits & bit)
    return Segment(src, sport, dst, dport, flags, seq, ack, window,
                   packet[start + 20:data], packet[data:end])


def host_unreachable(packet, router):
    """The ICMP message by which a router says that this IPv4 packet did not arrive."""
    body = packet[:(packet[0] & 15) * 4 + 8]
    icmp = struct.pack("!BBHI", 3, 1, 0, 0) + body
    icmp = icmp[:2] + struct.pack("!H", checksum(icmp)) + icmp[4:]
    src = socket.inet_pton(socket.AF_INET, router)
    return _ip4_header(src, packet[12:16], socket.IPPROTO_ICMP, len(icmp)) + icmp
