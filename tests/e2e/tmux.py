# SPDX-License-Identifier: GPL-2.0-only
"""A real terminal: tmux, with a server of its own, a shell in it, keys sent and the screen read.

    screen = Screen(play, columns=100, lines=30)
    screen.type("rstwhy top")
    screen.wait("port-closed")
    screen.keys("Enter")
"""

import os
import re
import shlex
import subprocess

from programs import find_program
from waiting import PATIENCE, until

PROMPT = "^[#$]"
BEYOND = re.compile(r"\x1b\[[0-9;]*m")      # the attributes that capture-pane -e tells


class Screen:
    """The terminal of one shell, which has the environment given and TERM=screen."""

    def __init__(self, play, columns=100, lines=30, **env):
        self.place = play.directory()
        self.command = [find_program("tmux"), "-u", "-S", self.place + "/tmux", "-f", "/dev/null"]
        self.env = dict({"PATH": os.environ["PATH"], "HOME": self.place, "LANG": "C.UTF-8",
                         "TZ": "UTC", "ENV": ""}, **env)
        play.at_end.callback(self.kill)
        self.tmux("new-session", "-d", "-x", str(columns), "-y", str(lines), "-c", self.place,
                  "/bin/sh -i")
        self.wait(PROMPT)

    def tmux(self, *words):
        done = subprocess.run([*self.command, *words], env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=PATIENCE)
        if done.returncode:
            raise AssertionError("tmux %s: %s" % (words, done.stderr))
        return done.stdout

    def kill(self):
        subprocess.run([*self.command, "kill-server"], env=self.env, stderr=subprocess.DEVNULL,
                       timeout=PATIENCE)

    def type(self, *words, **env):
        """A command, with variables before it."""
        line = " ".join([*("%s=%s" % (k, shlex.quote(v)) for k, v in env.items()),
                         *map(shlex.quote, words)])
        self.shell(line)

    def shell(self, line):
        self.tmux("send-keys", "-l", "--", line)
        self.tmux("send-keys", "Enter")

    def keys(self, *keys):
        """By tmux's names: Enter, Escape, Up, C-c; others are characters."""
        self.tmux("send-keys", *keys)

    def write(self, text):
        self.tmux("send-keys", "-l", "--", text)

    def text(self):
        """What is on the screen, a line each."""
        return self.tmux("capture-pane", "-p")

    def attributes(self):
        """The attributes that are set somewhere on the screen, as numbers of SGR."""
        found = BEYOND.findall(self.tmux("capture-pane", "-p", "-e"))
        return {number for one in found for number in one[2:-1].split(";")}

    def said(self):
        """Also what has left it at the top."""
        return self.tmux("capture-pane", "-p", "-J", "-S", "-1000")

    def wait(self, words, patience=PATIENCE):
        """Until the screen has these words, a regular expression; what they matched."""
        try:
            return until(lambda: re.search(words, self.text(), re.MULTILINE), words, patience)
        except TimeoutError:
            raise AssertionError("no %r on the screen:\n%s" % (words, self.text())) from None

    def wait_gone(self, words):
        try:
            until(lambda: not re.search(words, self.text(), re.MULTILINE), words)
        except TimeoutError:
            raise AssertionError("%r stays on the screen:\n%s" % (words, self.text())) from None

    def resize(self, columns, lines):
        self.tmux("resize-window", "-x", str(columns), "-y", str(lines))
