# SPDX-License-Identifier: GPL-2.0-only
"""System calls of one process, counted, refused or changed before the kernel gets them.

    calls = Syscalls(("bpf",), lambda call: errno.EPERM if call.number == 5 else 0)
    run = play.run(before=calls.before)

By seccomp's user notification (seccomp_unotify(2)): it reaches every call, whoever makes it, and
changes nothing else in the process. The judge is called in a thread, once a call, while the process
waits for its answer: 0 lets the call go on.
"""

import ctypes
import errno
import fcntl
import os
import select
import socket
import struct
import threading
from dataclasses import dataclass

import netns
from waiting import NotApplicable

NUMBERS = {
    "x86_64": {"openat": 257, "bpf": 321, "clone": 56, "clone3": 435, "fork": 57, "vfork": 58,
               "poll": 7, "ppoll": 271, "readlink": 89, "readlinkat": 267, "seccomp": 317,
               "socket": 41, "bind": 49},
    "aarch64": {"openat": 56, "bpf": 280, "clone": 220, "clone3": 435, "ppoll": 73,
                "readlinkat": 78, "seccomp": 277, "socket": 198, "bind": 200},
}.get(os.uname().machine, {})
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER = 1, 8
RET_USER_NOTIF, RET_ALLOW = 0x7FC00000, 0x7FFF0000
LOAD_NUMBER, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
# struct seccomp_notif, struct seccomp_notif_resp and the ioctls that carry them
NOTIF, RESPONSE = struct.Struct("QII iIQ6Q"), struct.Struct("QqiI")
NOTIF_RECV, NOTIF_SEND = 0xC0502100, 0xC0182101
FLAG_CONTINUE = 1


@dataclass
class Call:
    """number: the how manieth of this name it is, from 1 on."""

    name: str
    number: int
    pid: int
    arguments: tuple

    def read(self, address, length):
        with open("/proc/%d/mem" % self.pid, "rb", 0) as memory:
            return os.pread(memory.fileno(), length, address)

    def write(self, address, data):
        with open("/proc/%d/mem" % self.pid, "wb", 0) as memory:
            os.pwrite(memory.fileno(), data, address)

    @property
    def path(self):
        """What an openat(), readlink() or readlinkat() names."""
        address = self.arguments[0 if self.name == "readlink" else 1]
        return self.read(address, 64).split(b"\0")[0].decode(errors="replace")


class Syscalls:
    """counts: the calls there were, by name. broken: what the judge raised."""

    def __init__(self, names, judge=lambda call: 0):
        if not NUMBERS:
            raise NotApplicable("the numbers of the system calls are not known here")
        self.names = {NUMBERS[name]: name for name in names if name in NUMBERS}
        self.judge, self.broken = judge, None
        self.counts = dict.fromkeys(names, 0)
        self.ours, self.theirs = socket.socketpair()
        threading.Thread(target=self._serve, daemon=True).start()

    def before(self):
        """In the child: from here on its calls are told."""
        socket.send_fds(self.theirs, [b"x"], [_install(self.names)])
        self.theirs.close()
        self.ours.close()

    def _serve(self):
        fds = socket.recv_fds(self.ours, 1, 1)[1]
        if not fds:
            return
        listener, = fds
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        try:
            while poll.poll()[0][1] & select.POLLIN:
                self._answer(listener)
        finally:
            os.close(listener)

    def _answer(self, listener):
        """A process that a signal has taken from its call is not there any more: ENOENT."""
        notif = bytearray(NOTIF.size)
        try:
            fcntl.ioctl(listener, NOTIF_RECV, notif)
            number, pid, _, nr, _, _, *arguments = NOTIF.unpack(notif)
            code = self._ask(self.names[nr], pid, tuple(arguments))
            fcntl.ioctl(listener, NOTIF_SEND,
                        RESPONSE.pack(number, 0, -code, 0 if code else FLAG_CONTINUE))
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.EINPROGRESS):
                raise

    def _ask(self, name, pid, arguments):
        self.counts[name] += 1
        try:
            return self.judge(Call(name, self.counts[name], pid, arguments)) or 0
        except Exception as error:
            self.broken = self.broken or error
            return 0

    def close(self):
        """The process is gone: what the judge raised is raised here."""
        self.ours.close()
        self.theirs.close()
        if self.broken:
            raise self.broken


def _install(numbers):
    """A filter that tells these calls; its listener."""
    code = [(LOAD_NUMBER, 0, 0, 0)]
    for number in numbers:
        code += [(JUMP_IF_EQUAL, 0, 1, number), (RETURN, 0, 0, RET_USER_NOTIF)]
    code.append((RETURN, 0, 0, RET_ALLOW))
    room = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
    program = struct.pack("HxxxxxxQ", len(code), ctypes.addressof(room))
    return netns.check(netns.libc.syscall(
        NUMBERS["seccomp"], SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
        ctypes.create_string_buffer(program)), "seccomp")
