# SPDX-License-Identifier: GPL-2.0-only
"""Hosts: network namespaces with loopback, and the links between them."""

import fcntl
import os
import socket
import struct
import subprocess

import netns
from holder import STATES
from programs import Program, RealProgram, find_program
from waiting import NotApplicable, until
from wire import Wire

SIOCGIFFLAGS, SIOCSIFFLAGS = 0x8913, 0x8914
IFF_UP = 1
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000


class Host:
    """One network namespace. v4 and v6 are its addresses towards the others."""

    def __init__(self, name, v4="127.0.0.1", v6="::1"):
        self.name, self.v4, self.v6 = name, v4, v6
        self.fd = netns.new()
        self.inode = os.fstat(self.fd).st_ino
        self.programs, self.devices, self.has_rules = [], [], False
        with netns.inside(self.fd):
            self.wire = Wire()
            interface_up("lo")

    def address(self, family):
        """The address under which programs reach it: family v4, v6 or mapped."""
        return {"v4": self.v4, "v6": self.v6, "mapped": "::ffff:" + self.v4}[family]

    def any(self, family):
        """The address to listen on so that address(family) is reached."""
        return "0.0.0.0" if family == "v4" else "::"

    def program(self, name):
        self.programs.append(Program(self, name))
        return self.programs[-1]

    def run(self, name, *args, **how):
        """Start a real program in this host."""
        self.programs.append(RealProgram(self, name, *args, **how))
        return self.programs[-1]

    def command(self, *words, given=None):
        """Run a command to its end in this host; its output. Failure: NotApplicable."""
        with netns.inside(self.fd):
            done = subprocess.run([find_program(words[0]), *words[1:]], input=given, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if "syntax error" in done.stderr:
            raise RuntimeError("%s: %s" % (" ".join(words), done.stderr))
        if done.returncode:
            raise NotApplicable("%s: %s" % (" ".join(words), done.stderr.strip().split("\n")[0]))
        return done.stdout

    def ip(self, *lines):
        self.command("ip", "-batch", "-", given="\n".join(lines) + "\n")

    def nft(self, rules):
        self.command("nft", "-f", "-", given=rules)
        self.has_rules = True

    def sysctl(self, name, value):
        """Set a sysctl of this namespace only."""
        try:
            with netns.inside(self.fd), open("/proc/sys/" + name.replace(".", "/"), "w") as file:
                file.write(str(value))
        except FileNotFoundError:
            raise NotApplicable("no sysctl " + name)

    def cut(self):
        """Lose everything that arrives from outside."""
        self.nft('add table inet cut\n'
                 'add chain inet cut c { type filter hook prerouting priority -300; }\n'
                 'add rule inet cut c iifname != "lo" drop\n')

    def mend(self):
        self.nft("delete table inet cut")

    def sockets(self):
        """What /proc/net/tcp shows: (state, local port, peer port, inode), state as in STATES."""
        found = []
        with netns.inside(self.fd):
            for name in ("tcp", "tcp6"):
                with open("/proc/thread-self/net/" + name) as file:
                    for line in file.readlines()[1:]:
                        word = line.split()
                        ports = [int(word[i].rsplit(":", 1)[1], 16) for i in (1, 2)]
                        state = int(word[3], 16)
                        state = STATES[state] if state < len(STATES) else "NEW_SYN_RECV"
                        found.append((state, *ports, int(word[9])))
        return found

    def wait_listening(self, port):
        until(lambda: any(s[:2] == ("LISTEN", port) for s in self.sockets()), "port %d" % port)

    def wait_connected(self, port):
        """Wait for a connection to that peer port; its local port."""
        def find():
            return [s[1] for s in self.sockets() if s[0] == "ESTABLISHED" and s[2] == port]
        return until(find, "a connection to port %d" % port)[0]

    def wait_orphan(self, end, state):
        """Wait until that end, closed by its program, has come to a state. FIN_WAIT2 here
        is the small time-wait socket that the kernel keeps for it."""
        until(lambda: (state, end.local[1], end.peer[1], 0) in self.sockets(), "%s orphan" % state)

    def wait_unread(self, port, count):
        """Wait until a connection of that local port has so many bytes that nobody read."""
        def unread():
            with netns.inside(self.fd), open("/proc/thread-self/net/tcp") as file:
                word = [line.split() for line in file.readlines()[1:]]
            return any(w[3] != "0A" and int(w[1].rsplit(":", 1)[1], 16) == port
                       and int(w[4].split(":")[1], 16) >= count for w in word)
        until(unread, "%d bytes unread at port %d" % (count, port))

    def wait_gone(self, end):
        until(lambda: not [s for s in self.sockets() if s[1:3] == (end.local[1], end.peer[1])],
              "%s to be gone" % end)

    def counters(self):
        """What the kernel counted about resets in this namespace, the sentinel included."""
        words = ("Rst", "Reset", "Abort", "Attempt", "Challenge", "PAWSActive", "ListenOverflow")
        found = {}
        with netns.inside(self.fd):
            for name in ("snmp", "netstat"):
                with open("/proc/thread-self/net/" + name) as file:
                    lines = file.read().splitlines()
                for titles, values in zip(lines[::2], lines[1::2]):
                    found.update(zip(titles.split()[1:], values.split()[1:]))
        return {k: int(v) for k, v in found.items() if v != "0" and any(w in k for w in words)}

    def open_tun(self):
        """A TUN device with the host's addresses; its descriptor."""
        with netns.inside(self.fd):
            try:
                fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
            except OSError as error:
                raise NotApplicable("/dev/net/tun: %s" % error.strerror)
            fcntl.ioctl(fd, TUNSETIFF, struct.pack("16sH14x", b"tun0", IFF_TUN | IFF_NO_PI))
        self.devices.append(fd)
        self.ip("link set tun0 up", "addr add %s/24 dev tun0" % self.v4,
                "addr add %s/64 dev tun0 nodad" % self.v6)
        self.wait_v6()
        return fd

    def wait_v6(self):
        """Wait until the IPv6 address is the host's: the kernel adds its route a moment later, and
        what arrives before is dropped."""
        route = socket.inet_pton(socket.AF_INET6, self.v6).hex() + " 80 "
        with netns.inside(self.fd):
            until(lambda: route in _read("/proc/thread-self/net/ipv6_route"), "route to " + self.v6)

    def stop(self):
        """End all programs, devices and rules, which hold modules. The namespace lives until
        forget()."""
        for program in self.programs:
            program.kill()
        if self.has_rules:
            self.nft("flush ruleset\n")
            self.has_rules = False
        for fd in self.devices:
            os.close(fd)
        self.wire.close()
        self.programs, self.devices = [], []

    def forget(self):
        os.close(self.fd)


def _read(path):
    with open(path) as file:
        return file.read()


def interface_up(name):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = struct.pack("16sH14x", name.encode(), 0)
        flags = struct.unpack_from("H", fcntl.ioctl(sock, SIOCGIFFLAGS, request), 16)[0]
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sH14x", name.encode(), flags | IFF_UP))


def join(left, right, device="veth0"):
    """Connect two hosts by a veth pair; both know both address families.

    Addresses come after the link is up: IPv6 would wait a second otherwise.
    """
    left.ip("link add %s type veth peer name %s netns /proc/%d/fd/%d"
            % (device, device, os.getpid(), right.fd), "link set %s up" % device)
    right.ip("link set %s up" % device, "addr add %s/24 dev %s" % (right.v4, device),
             "addr add %s/64 dev %s nodad" % (right.v6, device))
    left.ip("addr add %s/24 dev %s" % (left.v4, device),
            "addr add %s/64 dev %s nodad" % (left.v6, device))
    for host in (left, right):
        host.wait_v6()


def separate(host, device="veth0"):
    """Remove the link."""
    host.ip("link del " + device)
