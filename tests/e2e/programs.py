# SPDX-License-Identifier: GPL-2.0-only
"""The applications of a scenario.

A Program is a child process with a name of its own inside a host. It holds sockets and does what it
is told over a pipe: one call, one answer. An End is one of its connections, told as in a story:
client.send(5000), server.read(4096), server.close(). A RealProgram is nginx, curl and so on.
"""

import os
import pickle
import select
import shutil
import signal
import socket
import struct
import subprocess
from dataclasses import dataclass

import netns
from holder import live
from waiting import PATIENCE, NotApplicable, until

MAPPED = "::ffff:"
TCP_REPAIR = 19
TCP_USER_TIMEOUT = 18


class Endpoint:
    """One end of a connection: the host, its address, the peer's, and whose program it is."""

    def __init__(self, host, local, peer, program=None):
        self.host, self.program = host, program
        self.local, self.peer = _plain(local), _plain(peer)

    def far(self, host, program=None):
        """The other end, on that host."""
        return Endpoint(host, self.peer, self.local, program)

    def __str__(self):
        return "%s:%d > %s:%d" % (self.local + self.peer)


def _plain(address):
    """(address, port) without what getsockname() of IPv6 adds, and without ::ffff:."""
    host = address[0].split("%")[0]
    if host.startswith(MAPPED):
        host = host[len(MAPPED):]
    return host, address[1]


class Program:
    """A child process in a host's namespace that holds sockets."""

    def __init__(self, host, name):
        self.host, self.name = host, name
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            live(theirs, host.fd, name)
        theirs.close()
        self.pipe, self.alive = ours, True
        self.call("ready")

    def call(self, what, *args):
        """Let the child do something; return what it returned, raise what it raised."""
        self.start(what, *args)
        return self.finish()

    def start(self, what, *args):
        self.pipe.send(pickle.dumps((what, args)))

    def finish(self):
        if not select.select([self.pipe], [], [], PATIENCE * 2)[0]:
            raise TimeoutError("program %s does not answer" % self.name)
        answer = self.pipe.recv(1 << 20)
        if not answer:
            raise RuntimeError("program %s died" % self.name)
        result = pickle.loads(answer)
        if isinstance(result, Exception):
            raise result
        return result

    def take(self, fd):
        """Let the child have this socket."""
        socket.send_fds(self.pipe, [pickle.dumps(("take", ()))], [fd])
        os.close(fd)
        return self.finish()

    def listen(self, address, port=0, backlog=16, **options):
        """Listen; options as for connect()."""
        handle, local = self.call("listen", address, port, backlog, options)
        return Listener(self, handle, local)

    def begin_connect(self, address, port, **options):
        """connect() without waiting for its outcome."""
        handle, local, peer = self.call("connect", address, port, options)
        return End(self, handle, local, peer)

    def connect(self, address, port, fails=None, **options):
        """connect(), which must succeed, or fail as told ("ECONNREFUSED")."""
        end = self.begin_connect(address, port, **options)
        end.await_connect(fails)
        return end

    def kill(self, how=signal.SIGKILL):
        """End the process by a signal and wait until it is gone, its sockets with it."""
        if self.alive:
            os.kill(self.pid, how)
            self._bury()

    def exit(self):
        """Let the process end by itself, its sockets still open."""
        self.pipe.shutdown(socket.SHUT_WR)
        self._bury()

    def _bury(self):
        os.waitpid(self.pid, 0)
        self.pipe.close()
        self.alive = False


@dataclass
class Process:
    """One that is not told what to do."""

    pid: int
    name: str


class Listener:
    def __init__(self, program, handle, local):
        self.program, self.handle = program, handle
        self.port = local[1]

    def accept(self):
        handle, local, peer = self.program.call("accept", self.handle)
        return End(self.program, handle, local, peer)

    def wait_pending(self, count):
        """Wait until so many connections are ready for accept()."""
        self.program.call("wait_pending", self.handle, count)

    def shutdown(self, how):
        self.program.call("socket", self.handle, "shutdown", how)

    def disconnect(self):
        self.program.call("disconnect", self.handle)

    def close(self):
        self.program.call("close", self.handle)


class End(Endpoint):
    """A connection as held by a program. The pid stays known when the program is gone."""

    def __init__(self, program, handle, local, peer):
        super().__init__(program.host, local, peer, program)
        self.handle = handle

    def _do(self, what, *args):
        return self.program.call(what, self.handle, *args)

    def option(self, level, name, value):
        self._do("socket", "setsockopt", level, name, value)

    def send(self, data):
        """Send bytes, or that many of them; in one call."""
        self._do("send", data)

    def send_error(self):
        """Try to send one byte; the name of the error it meets."""
        return self._do("send_error")

    def read(self, count):
        """Read exactly so many bytes."""
        self._do("read", count)

    def read_some(self):
        """Read what there is, at least one byte."""
        return self._do("read_some")

    def read_end(self):
        """Read the peer's FIN."""
        self._do("read_end")

    def close(self, linger=None):
        if linger is not None:
            self.option(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, linger))
        self._do("close")

    def close_by_thread(self, name):
        self._do("close_by_thread", name)

    def shutdown(self, how=socket.SHUT_WR):
        self._do("socket", "shutdown", how)

    def disconnect(self):
        """connect(AF_UNSPEC)"""
        self._do("disconnect")

    def hand_to(self, program):
        """Pass the socket to another program, which then is its only holder."""
        return self._pass("give", program)

    def share_with(self, program):
        """Pass the socket to another program, and keep it."""
        return self._pass("give_copy", program)

    def _pass(self, how, program):
        self.program.start(how, self.handle)
        if not select.select([self.program.pipe], [], [], PATIENCE)[0]:
            raise TimeoutError("program %s does not answer" % self.program.name)
        _, (fd,), _, _ = socket.recv_fds(self.program.pipe, 65536, 1)
        handle = program.take(fd)
        self.program.call("ready")
        return End(program, handle, self.local, self.peer)

    def hand_to_child(self, name):
        """Let a child of the program have the socket. The child is a process, not a Program."""
        return Process(self._do("hand_to_child", name), name)

    def cookie(self):
        """SO_COOKIE"""
        return self._do("cookie")

    def vanish(self):
        """Close without a word to the peer, as if the host had crashed."""
        self.option(socket.IPPROTO_TCP, TCP_REPAIR, 1)
        self.close()

    def wait_unread(self, count):
        self._do("wait_unread", count)

    def wait_state(self, *names):
        self._do("wait_state", *names)

    def await_error(self, name, how="wait_error"):
        """Wait until the socket has an error; it must be this one."""
        met = self._do(how)
        if met != name:
            raise AssertionError("%s: expected error %s, got %s" % (self, name, met))

    def await_connect(self, fails=None):
        """Wait for the outcome of begin_connect()."""
        met = self._do("wait_connect")
        if met != fails:
            raise AssertionError("connect %s: expected %s, got %s" % (self, fails, met))


def find_program(name):
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin")
    if not path:
        raise NotApplicable("%s is not installed" % name)
    return path


class RealProgram:
    """A program of the system, run inside a host."""

    def __init__(self, host, name, *args, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL):
        self.host, self.name = host, name
        with netns.inside(host.fd):
            self.process = subprocess.Popen(
                [find_program(name), *args], stdin=stdin, stdout=stdout,
                stderr=subprocess.DEVNULL, preexec_fn=lambda: netns.die_with_parent(signal.SIGKILL))
        self.pid = self.process.pid

    def wait(self):
        """Its exit status."""
        return self.process.wait(PATIENCE)

    def freeze(self):
        """Stop it, so that it reads nothing any more."""
        os.kill(self.pid, signal.SIGSTOP)
        until(lambda: self._state() == "T", "%s to stop" % self.name)

    def kill_frozen(self, how):
        """A signal that takes effect as it wakes up, before it reads anything."""
        os.kill(self.pid, how)
        os.kill(self.pid, signal.SIGCONT)
        self.process.wait(PATIENCE)

    def _state(self):
        with open("/proc/%d/stat" % self.pid) as stat:
            return stat.read().rsplit(")", 1)[1].split()[0]

    def kill(self, how=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)
        for pipe in (self.process.stdout, self.process.stdin):
            if pipe:
                pipe.close()
