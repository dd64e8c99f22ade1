# SPDX-License-Identifier: GPL-2.0-only
"""What a run with --listen serves, as somebody in its namespace sees it."""

import http.client
import re

import netns
from refusals import start
from waiting import PATIENCE, NotApplicable

ADDRESS, PORT = "127.0.0.1", 19435
SAMPLE = re.compile(r'(\w+)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
PARTS = ("shown", "filtered", "suppressed", "lost")


class Scrape:
    """The samples of one answer: {(name, labels): value}, labels as a frozenset of pairs."""

    def __init__(self, text):
        self.text, self.samples = text, {}
        for line in text.splitlines():
            if line.startswith("#"):
                continue
            name, labels, value = SAMPLE.match(line).groups()
            key = (name, frozenset(LABEL.findall(labels or "")))
            if key in self.samples:
                raise AssertionError("twice: " + line)
            self.samples[key] = float(value)

    def sum(self, name, **labels):
        """Over all series of that name that have these labels."""
        wanted = set(labels.items())
        return sum(value for (found, have), value in self.samples.items()
                   if found == name and wanted <= have)

    def check(self):
        """Each event is in exactly one of the numbers."""
        counted = self.sum("rstwhy_resets_counted_total")
        parts = {part: self.sum("rstwhy_events_%s_total" % part) for part in PARTS}
        told = self.sum("rstwhy_resets_total") + self.sum("rstwhy_deaths_total")
        missed = self.sum("rstwhy_resets_counted_total", direction="unknown")
        if counted != sum(parts.values()) or told + parts["filtered"] + missed != counted:
            raise AssertionError("counted %s, told %s, %s" % (counted, told, parts))
        for what in ("resets", "deaths"):
            by_cause = self.sum("rstwhy_%s_by_cause_total" % what)
            if by_cause != self.sum("rstwhy_%s_total" % what):
                raise AssertionError("%s by cause are %s: %s" % (what, by_cause, self.text))
        return self


def need_http(play):
    said = play.run("--version").finished().output
    if "with libmicrohttpd" not in said:
        raise NotApplicable("built without libmicrohttpd")


class Server:
    """A run that serves in a namespace of its own (`home`) and sees `host` only, or everything."""

    def __init__(self, play, *options, listen=None, everywhere=False, **how):
        need_http(play)
        self.home, self.host = play.host("home"), play.host()
        self.play, self.everywhere, self.how = play, everywhere, how
        self.options = ("--listen" + ("=" + listen if listen else ""), *options)
        self.serve_again()

    def serve_again(self):
        """A run, when the last one has ended."""
        def enter():
            netns.enter(self.home.fd)
        if self.everywhere:
            self.run = self.play.run("--format=json", *self.options, before=enter,
                                     **self.how).ready()
        else:
            self.run = start(self.play, self.host, *self.options, before=enter,
                             **self.how)

    def connect(self, address=ADDRESS):
        connection = http.client.HTTPConnection(address, PORT, timeout=PATIENCE)
        with netns.inside(self.home.fd):
            connection.connect()
        return connection

    def get(self, path="/metrics", method="GET", address=ADDRESS, **headers):
        """The answer, with its body as `text`."""
        connection = self.connect(address)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        connection.close()
        return answer

    def scrape(self, **how):
        return Scrape(self.get(**how).text).check()
