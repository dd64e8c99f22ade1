# SPDX-License-Identifier: GPL-2.0-only
"""The resets on the wire of one namespace: the truth that needs no tracer.

A packet socket with a filter for RST keeps every reset that leaves or enters a host, whatever
made it. It shows that a scenario caused what it claims, with or without a tracer.
"""

import ctypes
import select
import socket
import struct
import time

import packet
from waiting import PATIENCE

SO_ATTACH_FILTER = 26
ETH_P_ALL = 3

# Classic BPF, from the network header on: TCP over IPv4 or IPv6 (no extension headers) with RST.
FILTER = [
    (0x30, 0, 0, 0),         # 0 first byte of the packet
    (0x54, 0, 0, 0xF0),      # 1 IP version
    (0x15, 0, 4, 0x40),      # 2 not 4: to 7
    (0x30, 0, 0, 9),         # 3 protocol
    (0x15, 0, 8, 6),         # 4 not TCP: to 13
    (0xB1, 0, 0, 0),         # 5 x = length of the IPv4 header
    (0x05, 0, 0, 4),         # 6 to 11
    (0x15, 0, 5, 0x60),      # 7 not 6: to 13
    (0x30, 0, 0, 6),         # 8 next header
    (0x15, 0, 3, 6),         # 9 not TCP: to 13
    (0x01, 0, 0, 40),        # 10 x = 40
    (0x50, 0, 0, 13),        # 11 flags
    (0x45, 1, 0, 4),         # 12 RST: to 14
    (0x06, 0, 0, 0),         # 13 drop
    (0x06, 0, 0, 65535),     # 14 keep
]


class Wire:
    """To be made inside the namespace."""

    def __init__(self):
        self.sock = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK,
                                  socket.htons(ETH_P_ALL))
        code = b"".join(struct.pack("HBBI", *line) for line in FILTER)
        keep = ctypes.create_string_buffer(code)
        program = struct.pack("HL", len(FILTER), ctypes.addressof(keep))
        self.sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, program)
        self.sent, self.received = [], []

    def read(self):
        """Take in what has passed."""
        while True:
            try:
                raw, where = self.sock.recvfrom(65536)
            except BlockingIOError:
                return
            segment = packet.parse(raw)
            if segment and "R" in segment.flags:
                (self.sent if where[2] == socket.PACKET_OUTGOING else self.received).append(segment)

    def wait(self, done, patience=PATIENCE):
        """Read until done(self); False when patience ends first."""
        deadline = time.monotonic() + patience
        self.read()
        while not done(self):
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            select.select([self.sock], [], [], left)
            self.read()
        return True

    def close(self):
        self.sock.close()
