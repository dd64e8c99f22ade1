# SPDX-License-Identifier: GPL-2.0-only
"""The child's side of a Program: a process that holds sockets and does what it is told."""

import array
import ctypes
import errno
import fcntl
import os
import pickle
import select
import signal
import socket
import struct
import termios
import threading
import time

import netns
from packet import family_of
from waiting import PATIENCE, until

# By the kernel's number, as TCP_INFO and /proc/net/tcp have it.
STATES = ("", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
          "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING")
IPPROTO_MPTCP = 262
SO_COOKIE = 57


def live(pipe, namespace, name):
    """The life of a Program's process. Never returns."""
    try:
        netns.enter(namespace)
        netns.set_name(name)
        netns.die_with_parent(signal.SIGKILL)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        holder = Holder()
        while True:
            request, holder.taken, _, _ = socket.recv_fds(pipe, 1 << 20, 1)
            if not request:
                break
            what, args = pickle.loads(request)
            try:
                answer = getattr(holder, what)(*args)
            except Exception as error:
                answer = error
            socket.send_fds(pipe, [pickle.dumps(answer)], holder.given)
            holder.drop_given()
    finally:
        os._exit(0)


class Holder:
    """What a Program's process can do; each method is a call of Program."""

    def __init__(self):
        self.sockets, self.next = {}, 1
        self.given, self.taken = [], []

    def ready(self):
        return os.getpid()

    def _keep(self, sock):
        self.sockets[self.next] = sock
        self.next += 1
        return self.next - 1

    def give(self, handle):
        self.given = [self.sockets.pop(handle).detach()]

    def drop_given(self):
        """What was passed to another program is not held any longer."""
        for fd in self.given:
            os.close(fd)
        self.given = []

    def take(self):
        return self._keep(socket.socket(fileno=self.taken[0]))

    def give_copy(self, handle):
        self.given = [os.dup(self.sockets[handle].fileno())]

    def hand_to_child(self, handle, name):
        """Fork a child of that name, which then is the only holder; its pid."""
        sock = self.sockets.pop(handle)
        named, tell = os.pipe()
        pid = os.fork()
        if pid == 0:
            netns.set_name(name)
            netns.die_with_parent(signal.SIGKILL)
            for other in self.sockets.values():
                other.close()
            os.close(tell)
            while True:
                signal.pause()
        os.close(tell)
        os.read(named, 1)       # the end: the child has its name
        os.close(named)
        sock.close()
        return pid

    def cookie(self, handle):
        sock = self.sockets[handle]
        return struct.unpack("Q", sock.getsockopt(socket.SOL_SOCKET, SO_COOKIE, 8))[0]

    def rename(self, name):
        """These bytes, text or not, are its name from now on."""
        netns.set_name(name)

    def close_by_thread(self, handle, name):
        """Let a thread of that name close it."""
        def close():
            netns.set_name(name)
            self.sockets.pop(handle).close()
        thread = threading.Thread(target=close)
        thread.start()
        thread.join()

    def _new(self, address, options):
        """Options: mptcp=True, set=[(level, name, value)...], bind=(address, port)."""
        protocol = IPPROTO_MPTCP if options.get("mptcp") else 0
        sock = socket.socket(family_of(address), socket.SOCK_STREAM, protocol)
        for level, name, value in options.get("set", ()):
            sock.setsockopt(level, name, value)
        if options.get("bind"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(options["bind"])
        return sock

    def listen(self, address, port, backlog, options):
        sock = self._new(address, options)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((address, port))
        sock.listen(backlog)
        return self._keep(sock), sock.getsockname()

    def connect(self, address, port, options):
        sock = self._new(address, options)
        sock.setblocking(False)
        code = sock.connect_ex((address, port))
        local = sock.getsockname()
        if code not in (0, errno.EINPROGRESS):
            raise OSError(code, "connect: " + os.strerror(code))
        return self._keep(sock), local, (address, port)

    def wait_connect(self, handle):
        sock = self.sockets[handle]
        poll = select.poll()
        poll.register(sock, select.POLLOUT)
        if not poll.poll(PATIENCE * 1000):
            raise TimeoutError("connect() did not end")
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        sock.setblocking(True)
        return errno.errorcode[code] if code else None

    def accept(self, handle):
        sock, peer = self.sockets[handle].accept()
        return self._keep(sock), sock.getsockname(), peer

    def socket(self, handle, method, *args):
        return getattr(self.sockets[handle], method)(*args)

    def send(self, handle, data):
        self.sockets[handle].sendall(data if isinstance(data, bytes) else b"x" * data)

    def send_error(self, handle):
        try:
            self.sockets[handle].send(b"x")
        except OSError as error:
            return errno.errorcode[error.errno]
        return None

    def read(self, handle, count):
        while count:
            got = self.sockets[handle].recv(count)
            if not got:
                raise EOFError("%d bytes missing" % count)
            count -= len(got)

    def read_some(self, handle):
        got = self.sockets[handle].recv(1 << 16)
        if not got:
            raise EOFError("the end instead of data")
        return got

    def read_end(self, handle):
        if self.sockets[handle].recv(1):
            raise AssertionError("data instead of the end")

    def close(self, handle):
        self.sockets.pop(handle).close()

    def disconnect(self, handle):
        nobody = ctypes.create_string_buffer(16)
        result = netns.libc.connect(self.sockets[handle].fileno(), nobody, 16)
        netns.check(result, "connect(AF_UNSPEC)")

    def wait_unread(self, handle, count):
        size = array.array("i", [0])

        def enough():
            fcntl.ioctl(self.sockets[handle], termios.FIONREAD, size)
            return size[0] >= count
        until(enough, "%d unread bytes" % count)

    def _info(self, handle):
        return self.sockets[handle].getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)

    def wait_state(self, handle, *names):
        until(lambda: STATES[self._info(handle)[0]] in names, "state " + " or ".join(names))

    def wait_pending(self, handle, count):
        # tcpi_unacked of a listener is its accept queue.
        until(lambda: struct.unpack_from("I", self._info(handle), 24)[0] >= count,
              "%d connections to accept" % count)

    def wait_error(self, handle):
        poll = select.poll()
        poll.register(self.sockets[handle], 0)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            # Ask only when there is one: SO_ERROR would take a soft error out of the socket, too.
            if poll.poll(1000):
                code = self.sockets[handle].getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    return errno.errorcode[code]
        raise TimeoutError("no error on the socket")

    def snatch_error(self, handle):
        """As wait_error, but all the time: the moment it is there it is taken. The kernel has many
        to tell of it before it goes on."""
        sock, deadline = self.sockets[handle], time.monotonic() + PATIENCE
        told = [select.epoll() for _ in range(300)]
        for one in told:
            one.register(sock, 0)
        while time.monotonic() < deadline:
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code:
                return errno.errorcode[code]
        raise TimeoutError("no error on the socket")
