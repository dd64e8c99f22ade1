# SPDX-License-Identifier: GPL-2.0-only
"""As a service: what a service manager is told, sd_notify(3)."""

import os
import signal
import socket

from play import scenario
from refusals import refused, start
from waiting import NotApplicable, until

WATCHDOG = 0.4      # seconds


class Manager:
    """The service manager's end of the notification socket."""

    def __init__(self, path):
        self.path, self.words = path, []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(path)

    def told(self, word):
        """How often a line that begins with the word has come so far."""
        try:
            while True:
                self.words += self.socket.recv(4096).decode().split("\n")
        except BlockingIOError:
            return sum(line.startswith(word) for line in self.words)

    def await_word(self, word, times=1):
        until(lambda: self.told(word) >= times, "%d times %s" % (times, word))

    def in_order(self, *words):
        """Each is told once, in this order."""
        found = [line for line in self.words for word in set(words) if line.startswith(word)]
        if [line.split("=")[0] for line in found] != [word.split("=")[0] for word in words]:
            raise AssertionError("%s, wanted %s" % (found, words))


def managed(play, *options, **env):
    """A run under a manager: the manager, the host, the run. Nothing is told before it traces."""
    said = play.run("--version").finished().output
    if not any(line.startswith("with libsystemd") for line in said.splitlines()):
        raise NotApplicable("built without libsystemd")
    manager = Manager(play.directory() + "/notify")
    play.at_end.callback(manager.socket.close)
    host = play.host()
    return manager, host, start(play, host, *options, env=dict(env, NOTIFY_SOCKET=manager.path))


@scenario("service", alone=True)
def service_life(play):
    """Ready, alive at half the watchdog's time while nothing happens, reloading, stopping."""
    path = play.directory() + "/log"
    manager, host, run = managed(play, "-o", path, WATCHDOG_USEC="%d" % (WATCHDOG * 1e6))
    manager.await_word("READY=1")
    manager.await_word("WATCHDOG=1", 4)
    refused(host)
    manager.await_word("STATUS=tracing; 2 events shown, 0 lost")
    os.rename(path, path + ".1")
    run.process.send_signal(signal.SIGHUP)
    manager.await_word("READY=1", 2)
    if not os.path.exists(path):
        raise AssertionError("ready again before the file was opened again")
    run.end(signal.SIGTERM)
    manager.await_word("STOPPING=1")
    manager.in_order("READY=1", "RELOADING=1", "MONOTONIC_USEC=", "READY=1", "STOPPING=1")


@scenario("service", alone=True)
def service_without_watchdog(play):
    """No watchdog is asked for, so none is fed; neither is that of another process."""
    for env in {}, {"WATCHDOG_USEC": "400000", "WATCHDOG_PID": "1"}:
        manager, _, run = managed(play, **env)
        manager.await_word("STATUS=tracing; 0 events")
        run.end()
        manager.await_word("STOPPING=1")
        if manager.told("WATCHDOG"):
            raise AssertionError(str(manager.words))


@scenario("service", alone=True)
def service_frozen(play):
    """A run that stands still feeds no watchdog, and does again when it goes on."""
    manager, _, run = managed(play, WATCHDOG_USEC="%d" % (WATCHDOG * 1e6))
    manager.await_word("WATCHDOG=1", 2)
    run.freeze()
    fed = manager.told("WATCHDOG=1")
    other, _, _ = managed(play, WATCHDOG_USEC="%d" % (WATCHDOG * 1e6))
    other.await_word("WATCHDOG=1", 4)
    if manager.told("WATCHDOG=1") != fed:
        raise AssertionError("alive although it stands still")
    run.wake()
    manager.await_word("WATCHDOG=1", fed + 1)


@scenario("service", alone=True)
def service_manager_gone(play):
    """The manager dies: the run goes on."""
    manager, host, run = managed(play, WATCHDOG_USEC="%d" % (WATCHDOG * 1e6))
    manager.await_word("WATCHDOG=1")
    manager.socket.close()
    os.unlink(manager.path)
    refused(host)
    until(lambda: len(run.events()) == 2, "the events")
    run.end()
