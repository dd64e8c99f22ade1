# SPDX-License-Identifier: GPL-2.0-only
"""A systemd-journald of its own, in a mount namespace of its own: the host's is not touched.

    journal = Journal(play)
    journal.start()
    run = play.run("--journal", before=journal.enter).ready()
    journal.wait(2)

Its /run is empty at first, so that a run in it finds no journal before start().
"""

import json
import os
import shutil
import signal
import subprocess

import netns
from shortrun import CLONE_NEWNS, hide
from waiting import NotApplicable, until

DAEMON = "/lib/systemd/systemd-journald"
CATALOGS = "/usr/lib/systemd/catalog"
HIDDEN = ("/run", "/var/lib/systemd", CATALOGS)
# Nothing of the host is read, all goes to memory, and nothing is held back.
CONFIG = """[Journal]
Storage=volatile
ReadKMsg=no
Audit=no
ForwardToSyslog=no
ForwardToWall=no
RateLimitIntervalSec=0
"""


class Journal:
    def __init__(self, play):
        if not os.path.exists(DAEMON) or not shutil.which("journalctl"):
            raise NotApplicable("systemd-journald is not installed")
        self.daemon = None
        # It holds the namespace: it waits for the end of its input.
        self.holder = subprocess.Popen(
            ["cat"], stdin=subprocess.PIPE, preexec_fn=hide(*HIDDEN))
        play.at_end.callback(self.stop)
        self.root = "/proc/%d/root" % self.holder.pid
        os.makedirs(self.root + "/run/systemd/journald.conf.d")
        with open(self.root + "/run/systemd/journald.conf.d/e2e.conf", "w") as file:
            file.write(CONFIG)

    def enter(self):
        """For `before`: the process is where the daemon is."""
        fd = os.open("/proc/%d/ns/mnt" % self.holder.pid, os.O_RDONLY)
        netns.check(netns.libc.setns(fd, CLONE_NEWNS), "setns(CLONE_NEWNS)")
        os.close(fd)

    def start(self):
        self.daemon = subprocess.Popen(
            [DAEMON], preexec_fn=self.enter, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={"SYSTEMD_LOG_TARGET": "null"})
        until(lambda: os.path.exists(self.root + "/run/systemd/journal/socket"), "journald")
        until(self.read, "its first words")

    def freeze(self):
        self.daemon.send_signal(signal.SIGSTOP)

    def wake(self):
        self.daemon.send_signal(signal.SIGCONT)

    def read(self, *options):
        """What journalctl shows with these options, as it is stored."""
        done = subprocess.run(
            ["journalctl", "--quiet", "--no-pager", "--output=json", "--all",
             "--directory=%s/run/log/journal" % self.root, *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def ours(self, *options):
        return self.read("--identifier=rstwhy", *options)

    def wait(self, count):
        """The entries of rstwhy, when there are so many."""
        until(lambda: len(self.ours()) >= count, "%d entries" % count)
        return self.ours()

    def explained(self, catalog):
        """What `journalctl -x` says of our entries with this catalog."""
        os.makedirs(self.root + "/var/lib/systemd/catalog")
        shutil.copy(catalog, self.root + CATALOGS)
        subprocess.run(["journalctl", "--update-catalog"], preexec_fn=self.enter, check=True)
        return subprocess.run(
            ["journalctl", "--catalog", "--no-pager", "--identifier=rstwhy",
             "--directory=/run/log/journal"], preexec_fn=self.enter, check=True, text=True,
            stdout=subprocess.PIPE).stdout

    def stop(self):
        for process in filter(None, (self.daemon, self.holder)):
            process.kill()
            process.wait()
        self.holder.stdin.close()
